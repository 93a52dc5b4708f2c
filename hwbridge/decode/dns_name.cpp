#include "hwbridge/decode/dns_name.hpp"

namespace hwbridge {

namespace {

void addLabel(TextMaker& text, std::string_view label)
{
    for (const char c : label) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7f) {
            if (c == '.' || c == '\\')
                text.add('\\');
            text.add(c);
            continue;
        }
        text.add('\\');
        for (const unsigned digit : {byte / 100u, byte / 10u % 10u, byte % 10u})
            text.add(static_cast<char>('0' + digit));
    }
}

}  // namespace

bool readDnsName(std::string_view message, std::size_t& at, TextMaker* text)
{
    constexpr std::size_t longestName = 255;
    constexpr std::size_t mostPointers = 127;  // no name has more labels
    std::size_t here = at;
    std::size_t lowest = at;  // a pointer leads before everything that the name was read from
    std::size_t length = 1;   // on the wire, without compression
    std::size_t pointers = 0;
    const auto byteAt = [&](std::size_t i) { return static_cast<unsigned char>(message[i]); };
    while (here < message.size()) {
        const unsigned first = byteAt(here);
        if (first == 0) {
            if (pointers == 0)
                at = here + 1;
            if (text != nullptr && length == 1)
                text->add('.');
            return true;
        }
        if (first >= 0xc0) {
            if (here + 1 >= message.size())
                return false;
            const std::size_t target = (first & 0x3f) << 8 | byteAt(here + 1);
            if (pointers == 0)
                at = here + 2;
            if (target >= lowest || ++pointers > mostPointers)
                return false;
            here = lowest = target;
            continue;
        }
        length += first + 1;
        if (first > 63 || length > longestName || here + 1 + first > message.size())
            return false;
        if (text != nullptr) {
            if (length > first + 2)
                text->add('.');
            addLabel(*text, message.substr(here + 1, first));
        }
        here += 1 + first;
    }
    return false;
}

}  // namespace hwbridge
