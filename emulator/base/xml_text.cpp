#include "emulator/base/xml_text.hpp"

#include <cstdint>

namespace emulator {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// The length of the UTF-8 sequence at the front that XML may hold; 0 when there is none.
// Source: RFC 3629, section 4 (no overlong forms, no surrogates); XML 1.0, section 2.2.
std::size_t sequenceLength(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t first = byte(0);
    std::size_t length = 0;
    std::uint8_t low = 0x80;
    std::uint8_t high = 0xBF;
    if (first >= 0xC2 && first <= 0xDF) {
        length = 2;
    } else if ((first & 0xF0) == 0xE0) {
        length = 3;
        low = first == 0xE0 ? 0xA0 : 0x80;
        high = first == 0xED ? 0x9F : 0xBF;
    } else if (first >= 0xF0 && first <= 0xF4) {
        length = 4;
        low = first == 0xF0 ? 0x90 : 0x80;
        high = first == 0xF4 ? 0x8F : 0xBF;
    }
    if (length == 0 || text.size() < length || byte(1) < low || byte(1) > high)
        return 0;
    for (std::size_t i = 2; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80)
            return 0;
    const bool noCharacter = first == 0xEF && byte(1) == 0xBF && byte(2) >= 0xBE;  // U+FFFE, U+FFFF
    return noCharacter ? 0 : length;
}

void appendAscii(std::string& out, char c)
{
    switch (c) {
    case '&':
        out += "&amp;";
        break;
    case '<':
        out += "&lt;";
        break;
    case '>':
        out += "&gt;";
        break;
    case '"':
        out += "&quot;";
        break;
    case '\'':
        out += "&#39;";  // HTML 4 has no &apos;
        break;
    case '\t':
        out += "&#9;";
        break;
    case '\n':
        out += "&#10;";
        break;
    case '\r':
        out += "&#13;";
        break;
    default:
        if (c >= ' ')
            out += c;
    }
}

}  // namespace

void appendXml(std::string& out, std::string_view text)
{
    while (!text.empty()) {
        if (static_cast<std::uint8_t>(text.front()) < 0x80) {
            appendAscii(out, text.front());
            text.remove_prefix(1);
        } else if (const std::size_t length = sequenceLength(text); length != 0) {
            out += text.substr(0, length);
            text.remove_prefix(length);
        } else {
            out += replacement;
            text.remove_prefix(1);
        }
    }
}

std::string escapeXml(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    appendXml(out, text);
    return out;
}

std::string commentXml(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '-' && out.ends_with('-'))
            out += ' ';
        if (static_cast<std::uint8_t>(c) >= ' ' && static_cast<std::uint8_t>(c) < 0x80)
            out += c;
        else if (!out.ends_with('?'))
            out += '?';  // comments only announce; one mark is enough for whatever stood there
    }
    if (out.ends_with('-'))
        out += ' ';
    return out;
}

}  // namespace emulator
