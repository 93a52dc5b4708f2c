#pragma once

#include "emulator/base/ip_address.hpp"

#include <string>

namespace ui {

// Reads --dns HOST[:PORT]; port 53 unless named. A host name is looked up with the system's own resolver.
// Errors: Malformed; Unresolvable.
emulator::Result<emulator::Endpoint> nameServer(const std::string& text);

}  // namespace ui
