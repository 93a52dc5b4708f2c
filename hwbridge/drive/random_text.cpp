#include "hwbridge/drive/random_text.hpp"

#include <random>

namespace hwbridge {

std::string randomText(std::size_t digits)
{
    constexpr char letters[] = "0123456789abcdef";
    std::random_device source;
    std::string text;
    for (std::size_t i = 0; i < digits; ++i)
        text += letters[source() % 16];
    return text;
}

}  // namespace hwbridge
