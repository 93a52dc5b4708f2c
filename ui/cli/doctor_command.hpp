#pragma once

#include "ui/cli/exit_code.hpp"

#include <cstddef>
#include <cstdint>

namespace ui {

// `phonerig doctor [--phones N]`: what this machine allows, and the command that lifts each limit.
// Passed when so many phones fit, else Failed.
ExitCode doctor(std::size_t phones, std::uint16_t webPort, std::uint16_t sipPort);

}  // namespace ui
