#pragma once

#include "ui/cli/exit_code.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>

namespace CLI {
class App;
}

namespace ui {

// `phonerig doctor`, as typed.
struct DoctorOptions {
    std::size_t phones = 1;
    std::uint16_t webPort = 8078;
    std::uint16_t sipPort = 5078;
};

// Declares the command's words; `chosen` becomes what they ask for.
void addDoctor(CLI::App& program, DoctorOptions& options, std::function<ExitCode()>& chosen);

// What this machine allows, and the command that lifts each limit. Passed when so many phones fit, else Failed.
ExitCode doctor(const DoctorOptions& options);

}  // namespace ui
