#pragma once

#include "emulator/base/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace scenarios {

// Fills in what a scenario could not know: "${tftp}", "${phone.mac}".
// Shape:  ${NAME}; "$${" is a plain "${". Everything else, "$MA" and "$(PN)" of profile rules too, stays as it is.
// Errors: Malformed for "${" without "}" and for a name that `value` does not know.
using MacroValue = std::function<std::optional<std::string>(std::string_view)>;
emulator::Result<std::string> fillMacros(std::string_view text, const MacroValue& value);

// "request.body" and its like stay as they are: a server fills them in when it is asked (its `dynamic` files).
bool isRequestMacro(std::string_view name);

bool hasMacros(std::string_view text);
bool hasPhoneMacros(std::string_view text);

}  // namespace scenarios
