#include "emulator/trace/ndjson.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <iterator>

namespace emulator {

namespace {

// Length of the UTF-8 sequence at the start of `text`; 0 when there is none (RFC 3629 section 4).
std::size_t utf8Length(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
        return i < text.size() && byte(i) >= low && byte(i) <= high;
    };
    const unsigned first = byte(0);
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return follows(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef)
        return follows(1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf) && follows(2) ? 3 : 0;
    if (first >= 0xf0 && first <= 0xf4)
        return follows(1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf) && follows(2) &&
                       follows(3)
                   ? 4
                   : 0;
    return 0;
}

// Numbers by hand: a capture makes a million lines a second, and format strings would take most of that.
void appendNumber(std::string& out, std::int64_t number)
{
    std::array<char, 20> digits;
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

// A time in seconds with six decimals; captures may hold packets from before their first.
void appendSeconds(std::string& out, TimePoint at)
{
    std::int64_t us = at.time_since_epoch().count();
    if (us < 0) {
        out += '-';
        us = -us;
    }
    appendNumber(out, us / 1'000'000);
    std::array<char, 7> decimals{'.'};
    std::int64_t rest = us % 1'000'000;
    for (std::size_t i = decimals.size() - 1; i > 0; --i, rest /= 10)
        decimals[i] = static_cast<char>('0' + rest % 10);
    out.append(decimals.data(), decimals.size());
}

void appendMac(std::string& out, const MacAddress& mac)
{
    std::array<char, 17> text;
    constexpr std::string_view digits = "0123456789abcdef";
    for (std::size_t i = 0; i < mac.octets.size(); ++i) {
        text[3 * i] = digits[mac.octets[i] >> 4];
        text[3 * i + 1] = digits[mac.octets[i] & 15];
        if (i < 5)
            text[3 * i + 2] = ':';
    }
    out.append(text.data(), text.size());
}

void appendEnd(std::string& out, std::string_view key, const Endpoint& end)
{
    if (end == Endpoint{})
        return;
    out.append(",\"").append(key).append("\":\"");
    for (int shift = 24; shift >= 0; shift -= 8) {
        appendNumber(out, end.address.value >> shift & 255);
        out += shift > 0 ? '.' : ':';
    }
    appendNumber(out, end.port);
    out += '"';
}

// How many bytes at the start stand in a JSON string as they are.
std::size_t plainLength(std::string_view text)
{
    std::size_t length = 0;
    while (length < text.size()) {
        const auto c = static_cast<unsigned char>(text[length]);
        if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\')
            break;
        ++length;
    }
    return length;
}

}  // namespace

void appendJsonString(std::string& out, std::string_view text)
{
    out += '"';
    while (!text.empty()) {
        if (const std::size_t plain = plainLength(text); plain > 0) {
            out.append(text.substr(0, plain));
            text.remove_prefix(plain);
            continue;
        }
        const char c = text.front();
        const std::size_t length = utf8Length(text);
        if (length == 0) {
            out += "\xef\xbf\xbd";
        } else if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) < 0x20) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
            out.append(text.substr(0, length));
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out += '"';
}

void appendNdjson(std::string& out, const TraceEvent& event, std::uint64_t n)
{
    out += R"({"t":)";
    appendSeconds(out, event.at);
    out.append(R"(,"kind":")").append(name(event.kind)).append(R"(","n":)");
    appendNumber(out, static_cast<std::int64_t>(n));
    out.append(R"(,"by":")").append(name(event.by)).append(R"(","x":)");
    if (event.exchange != ExchangeId{}) {
        out += '"';
        appendNumber(out, event.exchange.actor);
        out += '.';
        appendNumber(out, event.exchange.about);
        out += '.';
        appendNumber(out, event.exchange.number);
        out += '"';
    } else {
        out += "null";
    }
    out += R"(,"phone":)";
    if (event.phone) {
        out += '"';
        appendMac(out, *event.phone);
        out += '"';
    } else {
        out += "null";
    }
    appendEnd(out, "from", event.from);
    appendEnd(out, "to", event.to);
    for (const Field& field : event.fields) {
        out.append(",\"").append(name(field.name)).append("\":");
        if (const auto* number = std::get_if<std::int64_t>(&field.value))
            appendNumber(out, *number);
        else
            appendJsonString(out, std::get<std::string_view>(field.value));
    }
    out += "}\n";
}

}  // namespace emulator
