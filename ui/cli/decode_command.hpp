#pragma once

#include "ui/cli/exit_code.hpp"

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace ui {

struct DecodeCommandOptions {
    std::string file;  // "-": standard input
    std::vector<std::string> phones;
    bool json = false;
    bool ladder = false;
};

// Declares the command's words; `chosen` becomes what they ask for.
void addDecode(CLI::App& program, DecodeCommandOptions& options, std::function<ExitCode()>& chosen);

// Prints what a capture holds: one line per message, NDJSON, or a ladder per phone. Exit codes: Passed; Usage when the
// file cannot be read, or not to its end: then what could be read was printed.
ExitCode decode(const DecodeCommandOptions& options);

}  // namespace ui
