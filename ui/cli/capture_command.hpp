#pragma once

#include "ui/cli/exit_code.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace ui {

// `phonerig capture`, as typed.
struct CaptureOptions {
    std::string interface;
    std::vector<std::string> phones;
    std::string file;  // "-": standard output
    std::optional<double> forSeconds;
    std::string ringSize;       // "100M"; empty: no limit
    std::string ringAge;        // "1h"; empty: no limit
    std::size_t ringFiles = 0;  // 0: all
};

// Declares the command's words; `chosen` becomes what they ask for.
void addCapture(CLI::App& program, CaptureOptions& options, std::function<ExitCode()>& chosen);

// Writes what crosses an interface to a pcapng file until interrupted. docs/cli.md has it in words.
ExitCode capture(const CaptureOptions& options);

// "100M" in bytes: a whole number, with K, M or G for 2^10, 2^20 or 2^30. Nothing: it is not that.
std::optional<std::uint64_t> parseSize(std::string_view text);

}  // namespace ui
