#pragma once

#include "emulator/base/result.hpp"

#include <string>
#include <string_view>

namespace hwbridge {

// What is meant where nobody says which inventory, which daemon, or who asks. Our choice.

inline constexpr std::string_view usualInventory = "bench.yaml";  // in the current folder

// "user@host".
std::string benchHolder();

// The path of the daemon's Unix socket: what --socket says, else phonerig-bench.sock in $XDG_RUNTIME_DIR.
// Errors: Unreachable when neither is there.
emulator::Result<std::string> benchSocket(const std::string& option);

}  // namespace hwbridge
