#pragma once

#include "emulator/phone/phone.hpp"
#include "scenarios/control/control_message.hpp"

namespace scenarios::control {

// What a window shows of one opened phone.
Parameters parametersOf(const emulator::Phone& phone);
Details detailsOf(const emulator::Phone& phone, emulator::TimePoint now);
ShownDisplay displayOf(const emulator::Phone& phone, const std::vector<std::string>& path);

}  // namespace scenarios::control
