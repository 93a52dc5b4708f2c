#pragma once

#include <string_view>

namespace scenarios {

// Whether a whole text matches a pattern.
// Shape:  '*' is any number of characters, also none; '?' is one; every other character is itself.
bool matchesGlob(std::string_view text, std::string_view pattern);

}  // namespace scenarios
