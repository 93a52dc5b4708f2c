#pragma once

#include <algorithm>
#include <string_view>

namespace emulator {

// Letters without regard to case, as names in profiles, headers and schemes are compared: ASCII only, whatever the
// host's locale.
constexpr char lowerAscii(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr bool equalsAnyCase(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lowerAscii(x) == lowerAscii(y); });
}

}  // namespace emulator
