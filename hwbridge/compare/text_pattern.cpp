#include "hwbridge/compare/text_pattern.hpp"

#include "emulator/base/nearest_word.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace hwbridge {

namespace {

using emulator::ErrorKind;

constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
constexpr bool isHex(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool isAlnum(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool isWord(char c)
{
    return isAlnum(c) || c == '_' || c == '-' || c == '.';
}
constexpr bool isHost(char c)
{
    return isAlnum(c) || c == '-' || c == '.';
}
constexpr bool isToken(char c)
{
    return static_cast<unsigned char>(c) > ' ' &&
           std::string_view{",;\"<>&"}.find(c) == std::string_view::npos;
}

constexpr std::size_t longestRun =
    1024;  // no hostile text makes a pattern look further from every place in it

template <class Predicate>
std::size_t run(std::string_view text, Predicate is)
{
    const std::size_t most = std::min(text.size(), longestRun);
    std::size_t length = 0;
    while (length < most && is(text[length]))
        ++length;
    return length;
}

// '0' a digit, 'A' a letter, '_' a digit or a space, else the character itself.
bool hasShape(std::string_view text, std::string_view shape)
{
    if (text.size() < shape.size())
        return false;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const char c = text[i];
        const bool fits = shape[i] == '0'   ? isDigit(c)
                          : shape[i] == 'A' ? isAlnum(c) && !isDigit(c)
                          : shape[i] == '_' ? isDigit(c) || c == ' '
                                            : c == shape[i];
        if (!fits)
            return false;
    }
    return true;
}

std::size_t addressLength(std::string_view text)
{
    std::size_t at = 0;
    for (int part = 0; part < 4; ++part) {
        if (part > 0) {
            if (at >= text.size() || text[at] != '.')
                return 0;
            ++at;
        }
        const std::size_t digits = run(text.substr(at, 3), isDigit);
        unsigned value = 0;
        std::from_chars(text.data() + at, text.data() + at + digits, value);
        if (digits == 0 || value > 255)
            return 0;
        at += digits;
    }
    return at;
}

std::size_t hostLength(std::string_view text)
{
    const std::size_t length = run(text, isHost);
    return addressLength(text.substr(0, length)) == length ? 0 : length;
}

std::size_t endpointLength(std::string_view text)
{
    const std::size_t address = addressLength(text);
    if (address == 0 || address >= text.size() || text[address] != ':')
        return address;
    const std::size_t port = run(text.substr(address + 1, 5), isDigit);
    return port == 0 ? address : address + 1 + port;
}

std::size_t macLength(std::string_view text)
{
    if (run(text.substr(0, 12), isHex) == 12)
        return 12;
    for (std::size_t pair = 0; pair < 6; ++pair) {
        const std::size_t at = pair * 3;
        if (run(text.substr(std::min(at, text.size()), 2), isHex) != 2)
            return 0;
        if (pair < 5 && (at + 2 >= text.size() || (text[at + 2] != ':' && text[at + 2] != '-')))
            return 0;
    }
    return 17;
}

std::size_t isoTimeLength(std::string_view text)
{
    constexpr std::string_view shape = "0000-00-00T00:00:00";
    if (!hasShape(text, shape))
        return 0;
    std::size_t at = shape.size();
    if (at < text.size() && text[at] == '.')
        at += 1 + run(text.substr(at + 1), isDigit);
    if (at < text.size() && text[at] == 'Z')
        return at + 1;
    if (at < text.size() && (text[at] == '+' || text[at] == '-') &&
        (hasShape(text.substr(at + 1), "00:00") || hasShape(text.substr(at + 1), "0000")))
        return at + (text.substr(at + 1).size() > 2 && text[at + 3] == ':' ? 6 : 5);
    return at;
}

}  // namespace

emulator::Result<TextPattern> TextPattern::parse(std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, Kind>, 13> words{{{"number", Kind::Number},
                                                                       {"hex", Kind::Hex},
                                                                       {"word", Kind::Word},
                                                                       {"token", Kind::Token},
                                                                       {"rest", Kind::Rest},
                                                                       {"address", Kind::Address},
                                                                       {"host", Kind::Host},
                                                                       {"endpoint", Kind::Endpoint},
                                                                       {"mac", Kind::Mac},
                                                                       {"time", Kind::Time},
                                                                       {"stamp", Kind::Stamp},
                                                                       {"isotime", Kind::IsoTime},
                                                                       {"httpdate", Kind::HttpDate}}};
    TextPattern pattern;
    const auto addText = [&](std::string_view part) {
        if (pattern.m_elements.empty() || pattern.m_elements.back().kind != Kind::Text)
            pattern.m_elements.push_back({});
        pattern.m_elements.back().text.append(part);
    };
    while (!text.empty()) {
        if (text.front() != '{') {
            const std::size_t end = std::min(text.find('{'), text.size());
            addText(text.substr(0, end));
            text.remove_prefix(end);
            continue;
        }
        if (text.starts_with("{{")) {
            addText("{");
            text.remove_prefix(2);
            continue;
        }
        const std::size_t close = text.find('}');
        if (close == std::string_view::npos)
            return emulator::fail(ErrorKind::Malformed,
                                  fmt::format("found \"{}\" without its }}, expected {{element}}", text));
        const std::string_view inside = text.substr(1, close - 1);
        const std::size_t colon = std::min(inside.find(':'), inside.size());
        const std::string_view word = inside.substr(0, colon);
        Element element;
        const auto* known =
            std::find_if(words.begin(), words.end(), [&](const auto& one) { return one.first == word; });
        if (known == words.end()) {
            std::vector<std::string_view> names;
            for (const auto& one : words)
                names.push_back(one.first);
            const std::string_view near = emulator::nearestWord(word, names);
            return emulator::fail(
                ErrorKind::Malformed,
                fmt::format("found {{{}}}, expected {}{}", word, emulator::oneOf(names),
                            near.empty() ? std::string{} : fmt::format("; did you mean {{{}}}?", near)));
        }
        element.kind = known->second;
        if (colon < inside.size()) {
            const std::string_view digits = inside.substr(colon + 1);
            const auto [stop, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), element.count);
            if (element.kind != Kind::Hex || error != std::errc{} || stop != digits.data() + digits.size() ||
                element.count == 0 || element.count > 1024)
                return emulator::fail(
                    ErrorKind::Malformed,
                    fmt::format("found {{{}}}, expected a count from 1 to 1024 behind hex only", inside));
        }
        pattern.m_elements.push_back(std::move(element));
        text.remove_prefix(close + 1);
    }
    if (pattern.m_elements.empty())
        return emulator::fail(ErrorKind::Malformed, "found an empty pattern, expected text or {element}");
    pattern.findFirstBytes();
    return pattern;
}

TextPattern TextPattern::literal(std::string_view text, bool wholeWord)
{
    TextPattern pattern;
    pattern.m_elements.push_back({Kind::Text, 0, std::string{text}});
    pattern.m_wholeWord = wholeWord;
    pattern.findFirstBytes();
    return pattern;
}

void TextPattern::findFirstBytes()
{
    const Element& first = m_elements.front();
    for (std::size_t byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        bool may = true;
        switch (first.kind) {
        case Kind::Text:
            may = c == first.text.front();
            break;
        case Kind::Number:
        case Kind::Address:
        case Kind::Endpoint:
        case Kind::Time:
        case Kind::IsoTime:
            may = isDigit(c);
            break;
        case Kind::Hex:
        case Kind::Mac:
            may = isHex(c);
            break;
        case Kind::Stamp:
        case Kind::HttpDate:
            may = isAlnum(c) && !isDigit(c);
            break;
        case Kind::Word:
            may = isWord(c);
            break;
        case Kind::Host:
            may = isHost(c);
            break;
        case Kind::Token:
            may = isToken(c);
            break;
        case Kind::Rest:
            break;
        }
        m_first[byte] = may;
    }
}

std::size_t TextPattern::lengthOf(const Element& element, std::string_view text)
{
    switch (element.kind) {
    case Kind::Text:
        return text.starts_with(element.text) ? element.text.size() : 0;
    case Kind::Number:
        return run(text, isDigit);
    case Kind::Hex: {
        const std::size_t length = run(text, isHex);
        return element.count == 0 || length == element.count ? length : 0;
    }
    case Kind::Word:
        return run(text, isWord);
    case Kind::Token:
        return run(text, isToken);
    case Kind::Rest:
        return std::min(text.find_first_of("\r\n"), text.size());
    case Kind::Address:
        return addressLength(text);
    case Kind::Host:
        return hostLength(text);
    case Kind::Endpoint:
        return endpointLength(text);
    case Kind::Mac:
        return macLength(text);
    case Kind::Time:
        return hasShape(text, "00:00:00") ? 8 : 0;
    case Kind::Stamp:
        return hasShape(text, "AAA _0 00:00:00") ? 15 : 0;
    case Kind::IsoTime:
        return isoTimeLength(text);
    case Kind::HttpDate:
        return hasShape(text, "AAA, 00 AAA 0000 00:00:00 GMT") ? 29 : 0;
    }
    return 0;
}

std::optional<std::size_t> TextPattern::matchAt(std::string_view text, std::size_t at) const
{
    const bool bounded = m_wholeWord || m_elements.front().kind != Kind::Text;
    if (bounded && at > 0 && isAlnum(text[at - 1]) && isAlnum(text[at]))
        return std::nullopt;
    std::size_t end = at;
    for (const Element& element : m_elements) {
        const std::size_t length = lengthOf(element, text.substr(end));
        if (length == 0)
            return std::nullopt;
        end += length;
    }
    const bool boundedEnd = m_wholeWord || m_elements.back().kind != Kind::Text;
    if (boundedEnd && end < text.size() && isAlnum(text[end - 1]) && isAlnum(text[end]))
        return std::nullopt;
    return end - at;
}

std::optional<std::pair<std::size_t, std::size_t>> TextPattern::find(std::string_view text) const
{
    for (std::size_t at = 0; at < text.size(); ++at)
        if (m_first[static_cast<unsigned char>(text[at])])
            if (const auto length = matchAt(text, at))
                return std::pair{at, *length};
    return std::nullopt;
}

std::optional<std::string_view> TextPattern::capture(std::string_view text) const
{
    const auto found = find(text);
    if (!found)
        return std::nullopt;
    std::size_t at = found->first;
    for (const Element& element : m_elements) {
        const std::size_t length = lengthOf(element, text.substr(at));
        if (element.kind != Kind::Text)
            return text.substr(at, length);
        at += length;
    }
    return std::nullopt;
}

}  // namespace hwbridge
