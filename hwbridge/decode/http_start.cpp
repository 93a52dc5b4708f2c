#include "hwbridge/decode/http_head.hpp"

#include "emulator/base/ascii.hpp"

#include <algorithm>
#include <array>

namespace hwbridge {

namespace {

using emulator::equalsAnyCase;

bool isWordCharacter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool isVersion(std::string_view word)
{
    return word.size() >= 6 && equalsAnyCase(word.substr(0, 5), "HTTP/");
}

// Methods that are believed without a version behind the target (HTTP/0.9, and senders that forgot it).
bool isKnownMethod(std::string_view word)
{
    constexpr std::array<std::string_view, 7> methods{"GET",    "PUT",     "HEAD", "POST",
                                                      "DELETE", "OPTIONS", "PATCH"};
    return std::any_of(methods.begin(), methods.end(),
                       [&](std::string_view method) { return equalsAnyCase(word, method); });
}

}  // namespace

HttpStart httpStart(std::string_view bytes)
{
    constexpr std::size_t longestMethod = 24;
    constexpr std::size_t longestLine = 16u << 10;
    std::size_t word = 0;
    while (word < bytes.size() && word <= longestMethod && isWordCharacter(bytes[word]))
        ++word;
    if (word == bytes.size())
        return word <= longestMethod ? HttpStart::Maybe : HttpStart::No;
    const std::string_view method = bytes.substr(0, word);
    if (bytes[word] == '/' && equalsAnyCase(method, "HTTP")) {
        if (bytes.size() == word + 1)
            return HttpStart::Maybe;
        return bytes[word + 1] >= '0' && bytes[word + 1] <= '9' ? HttpStart::Response : HttpStart::No;
    }
    if (word == 0 || (bytes[word] != ' ' && bytes[word] != '\t'))
        return HttpStart::No;
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) {
        const bool printable = std::all_of(bytes.begin(), bytes.end(), [](char c) {
            return static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\r';
        });
        return printable && bytes.size() < longestLine ? HttpStart::Maybe : HttpStart::No;
    }
    std::string_view line = bytes.substr(0, end);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
        line.remove_suffix(1);
    if (isVersion(line.substr(line.find_last_of(" \t") + 1)))
        return HttpStart::Request;
    const std::string_view target = line.size() > word ? line.substr(word + 1) : std::string_view{};
    const bool path = target.starts_with('/') || target.starts_with('*') || target.starts_with("http");
    return isKnownMethod(method) && path ? HttpStart::Request : HttpStart::No;
}

std::optional<std::size_t> httpHeadEnd(std::string_view text, std::size_t from)
{
    // An end of line that stood at the end of what was looked at may be the first of the two.
    std::size_t at = text.find('\n', from < 2 ? 0 : from - 2);
    while (at != std::string_view::npos) {
        const std::string_view rest = text.substr(at + 1);
        if (rest.starts_with('\n'))
            return at + 2;
        if (rest.starts_with("\r\n"))
            return at + 3;
        at = text.find('\n', at + 1);
    }
    return std::nullopt;
}

}  // namespace hwbridge
