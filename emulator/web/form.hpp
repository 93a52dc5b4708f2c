#pragma once

#include "emulator/base/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emulator {

enum class PlusSign { Itself, Space };

// Reads "%41" as "A", once. Errors: Malformed for a '%' without two hexadecimal digits.
Result<std::string> percentDecoded(std::string_view text, PlusSign plus);

// Limits of a submitted form. Our choice: a page of every parameter of a 16-line phone needs a tenth of them.
inline constexpr std::size_t maxFormBytes = 1u << 20;
inline constexpr std::size_t maxFormFields = 8192;

// Reads a body of type application/x-www-form-urlencoded, fields in their order.
// Errors: Malformed (percent sign, name missing); TooLarge.
using FormFields = std::vector<std::pair<std::string, std::string>>;
Result<FormFields> parseForm(std::string_view body);

}  // namespace emulator
