#pragma once

#include "emulator/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace emulator {

// A profile or upgrade rule after macro expansion.
// Shape:  a URL with defaults (see Url::parse), white space around it ignored (PROF-RULE-MULTILINE). Nothing: the
//         rule is empty or commented out by '#', there is nothing to fetch.
// Errors: Unsupported, naming it, for conditions, options in brackets and gds://.
// Source: "Cisco IP Phone MPP Administration Guide, Provisioning Scripts", profile rules.
Result<std::optional<std::string>> ruleUrl(std::string_view expanded);

}  // namespace emulator
