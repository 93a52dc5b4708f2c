#pragma once

#include <algorithm>
#include <string_view>

namespace emulator {

// How the first bytes of an XML file look, for telling it from files of other kinds.

constexpr bool isXmlWhiteSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

constexpr std::string_view withoutXmlWhiteSpace(std::string_view text)
{
    while (!text.empty() && isXmlWhiteSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isXmlWhiteSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

// What no text holds.
constexpr bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 && !isXmlWhiteSpace(c);
}

// The text without byte order mark and white space in front.
constexpr std::string_view xmlText(std::string_view bytes)
{
    constexpr std::string_view utf8Mark = "\xEF\xBB\xBF";
    if (bytes.starts_with(utf8Mark))
        bytes.remove_prefix(utf8Mark.size());
    while (!bytes.empty() && isXmlWhiteSpace(bytes.front()))
        bytes.remove_prefix(1);
    return bytes;
}

constexpr bool isUtf16(std::string_view bytes)
{
    return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
}

constexpr bool startsLikeXml(std::string_view bytes)
{
    return xmlText(bytes).starts_with('<') || isUtf16(bytes);
}

}  // namespace emulator
