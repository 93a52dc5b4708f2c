#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// The word that a typing error most likely meant; empty when none is near.
// Shape:  compares without case; "near" is at most a third of the letters changed, added or dropped (at least one).
std::string_view nearestWord(std::string_view found, const std::vector<std::string_view>& words);

// Words for a sentence: "a, b or c".
std::string oneOf(const std::vector<std::string_view>& words);

}  // namespace emulator
