#include "emulator/web/html.hpp"

#include <algorithm>
#include <cstddef>

namespace emulator {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

bool isContinuation(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xc0u) == 0x80u;
}

// Length of the UTF-8 sequence at the front, 0 when there is none (RFC 3629: no surrogates, no overlong forms).
std::size_t sequenceLength(std::string_view text)
{
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x80)
        return 1;
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if (!isContinuation(text[i]))
            return 0;
    }
    const auto second = static_cast<unsigned char>(text[1]);
    const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    const bool outside = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
    return overlong || outside ? 0 : length;
}

bool isControl(char byte)
{
    return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f;
}

// Most of every page: bytes that stand as they are.
bool isPlain(char byte)
{
    return byte >= ' ' && byte < 0x7f && byte != '&' && byte != '<' && byte != '>' && byte != '"' &&
           byte != '\'';
}

std::string_view reference(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return {};
    }
}

}  // namespace

void appendEscaped(std::string& out, std::string_view text)
{
    while (!text.empty()) {
        const auto special = std::find_if_not(text.begin(), text.end(), isPlain);
        const auto plain = static_cast<std::size_t>(special - text.begin());
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty())
            return;
        const char byte = text.front();
        const std::size_t length = sequenceLength(text);
        const bool whiteSpace = byte == '\t' || byte == '\n' || byte == '\r';
        if (length == 0 || (isControl(byte) && !whiteSpace))
            out += replacement;
        else if (const std::string_view name = reference(byte); !name.empty())
            out += name;
        else
            out += text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
}

std::string escaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    appendEscaped(out, text);
    return out;
}

bool isFieldText(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        if (length == 0 || isControl(text.front()))
            return false;
        text.remove_prefix(length);
    }
    return true;
}

}  // namespace emulator
