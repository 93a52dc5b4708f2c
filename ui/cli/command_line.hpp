#pragma once

#include "emulator/runtime/fleet.hpp"

#include <functional>

namespace ui {

// Reads the words of the command line and does what they say; returns the exit code (design decision D8).
// `alter`: of `up`, as scenarios::StageOptions; programs of tests set it.
int runCommandLine(int argc, const char* const* argv, std::function<void(emulator::Fleet&)> alter = {});

}  // namespace ui
