#pragma once

#include <charconv>
#include <string>
#include <string_view>

namespace emulator {

// "1f8b" as bytes.
inline std::string fromHex(std::string_view digits)
{
    std::string bytes;
    for (std::size_t i = 0; i + 2 <= digits.size(); i += 2) {
        unsigned char byte = 0;
        std::from_chars(digits.data() + i, digits.data() + i + 2, byte, 16);
        bytes += static_cast<char>(byte);
    }
    return bytes;
}

}  // namespace emulator
