#pragma once

#include "ui/cli/exit_code.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace ui {

struct FirmwareOptions {
    std::string name;
    std::string hardware;     // which models take it; empty: what the name begins with
    std::size_t size = 4096;  // bytes of its image
    std::string output;       // empty: NAME.loads
};

// Declares the command's words; `chosen` becomes what they ask for.
void addFirmware(CLI::App& program, FirmwareOptions& options, std::function<ExitCode()>& chosen);

// `phonerig firmware NAME`: writes a made-up load that emulated phones take, for a server of one's own.
ExitCode firmware(const FirmwareOptions& options);

}  // namespace ui
