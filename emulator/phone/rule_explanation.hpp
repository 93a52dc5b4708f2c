#pragma once

#include "emulator/phone/phone.hpp"
#include "emulator/provisioning/profile_rule.hpp"

#include <string>
#include <string_view>

namespace emulator {

// How this phone reads a profile rule, for a person: every alternative with its condition and why it holds or not,
// assignments, options, URL with its defaults; then what the phone would do. What options and passwords hold is "***".
// Errors: as parseRule.
Result<std::string> explainRule(const Phone& phone, TimePoint now, std::string_view rule);

}  // namespace emulator
