#include "emulator/web/html.hpp"

#include "emulator/base/utf8.hpp"

#include <algorithm>
#include <cstddef>

namespace emulator {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

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
        const std::size_t length = utf8Length(text);
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
        const std::size_t length = utf8Length(text);
        if (length == 0 || isControl(text.front()))
            return false;
        text.remove_prefix(length);
    }
    return true;
}

}  // namespace emulator
