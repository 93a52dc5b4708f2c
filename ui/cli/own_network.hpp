#pragma once

#include "emulator/base/result.hpp"

namespace ui {

// Moves this process into a network namespace of its own, with nothing but a loopback, which is up; where that takes one,
// into a user namespace as well. Only while the process has one thread.
// Errors: Refused, with the system's reason and what would allow it.
emulator::Result<void> enterOwnNetwork();

}  // namespace ui
