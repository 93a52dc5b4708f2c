#pragma once

#include <string>
#include <string_view>

namespace scenarios {

// At most so many bytes, cut between two characters of UTF-8 and marked by three dots.
inline std::string shortened(std::string_view text, std::size_t longest)
{
    if (text.size() <= longest)
        return std::string{text};
    while (longest > 0 && (static_cast<unsigned char>(text[longest]) & 0xc0) == 0x80)
        --longest;
    return std::string{text.substr(0, longest)} + "...";
}

}  // namespace scenarios
