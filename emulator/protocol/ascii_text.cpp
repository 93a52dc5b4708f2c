#include "emulator/protocol/ascii_text.hpp"

#include <algorithm>

namespace emulator {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool equalsIgnoringCase(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string printable(std::string_view text, std::size_t limit)
{
    std::string result{text.substr(0, limit)};
    for (char& c : result)
        if (c < 0x20 || c > 0x7e)
            c = '?';
    return result;
}

}  // namespace emulator
