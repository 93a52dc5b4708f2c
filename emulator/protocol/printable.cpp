#include "emulator/protocol/printable.hpp"

namespace emulator {

std::string printable(std::string_view text, std::size_t limit)
{
    std::string result{text.substr(0, limit)};
    for (char& c : result)
        if (c < 0x20 || c > 0x7e)
            c = '?';
    return result;
}

}  // namespace emulator
