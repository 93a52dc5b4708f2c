#pragma once

#include "emulator/phone/firmware_version.hpp"

#include <string_view>

namespace emulator {

// Reads a firmware load file (".loads") for one kind of hardware: which version it brings.
// Shape:  lines "key = value" below a line "[load]"; `name` is the load name, `hardware` the prefix of its models
//         ("sip7832"). Our own form: real loads are proprietary and never used.
// Errors: Corrupt for anything else; Refused for a load of other hardware.
// Source: UPG-LOADS-78; the form is our choice.
Result<FirmwareVersion> parseLoad(std::string_view bytes, std::string_view loadPrefix);

// The file that parseLoad reads, for fixtures and tests.
std::string makeLoad(std::string_view name, std::string_view hardware);

}  // namespace emulator
