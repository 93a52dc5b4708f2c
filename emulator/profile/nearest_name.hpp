#pragma once

#include "emulator/profile/parameter_schema.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace emulator {

// Finds the parameter that a misspelt name most likely means; made once for many names.
// Shape:  compares without case; near is at most a third of the name's letters, or two, changed, added or dropped. Of
//         parameters that are equally near the first; empty when none is, for an empty name, and for one of more than
//         64 bytes: known names are shorter, and a name then fits the bits of a word.
class NearestName {
public:
    // Refers to the parameters' names.
    explicit NearestName(std::span<const Parameter> parameters);
    std::string_view to(std::string_view name) const;

private:
    // How often a name has each letter; digits and other characters share what is left. Two names are at least as far
    // apart as letters of the one are missing in the other, which a few instructions tell.
    using Letters = std::array<std::uint8_t, 32>;
    static Letters lettersOf(std::string_view name);
    static std::size_t missing(const Letters& of, const Letters& in);

    std::vector<std::string_view> m_names;
    std::vector<Letters> m_letters;  // of each name
};

}  // namespace emulator
