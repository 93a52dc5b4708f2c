#pragma once

#include "emulator/base/result.hpp"
#include "scenarios/engine/twin_phone.hpp"

#include <string>

namespace ui {

// A TwinIdentity on its way to the process of the twin: one JSON object, in a file that only its user can read.
std::string printTwinIdentity(const scenarios::TwinIdentity& identity);
// Errors: NotFound, Malformed, naming the file.
emulator::Result<scenarios::TwinIdentity> readTwinIdentity(const std::string& path);

}  // namespace ui
