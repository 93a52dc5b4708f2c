#include "emulator/base/one_line.hpp"

#include "emulator/base/utf8.hpp"

#include <algorithm>

namespace emulator {

std::string oneLine(std::string_view text, std::size_t most)
{
    std::string line;
    while (!text.empty()) {
        const std::size_t length = utf8Length(text);
        const auto first = static_cast<unsigned char>(text.front());
        const std::string_view shown = length == 0                     ? "?"
                                       : first < 0x20 || first == 0x7f ? " "
                                                                       : text.substr(0, length);
        if (line.size() + shown.size() > most)
            break;
        line += shown;
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return line;
}

}  // namespace emulator
