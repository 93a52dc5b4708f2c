#include "emulator/trace/ndjson.hpp"

#include <fmt/format.h>

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

void appendEnd(std::string& out, std::string_view key, const Endpoint& end)
{
    if (end == Endpoint{})
        return;
    fmt::format_to(std::back_inserter(out), ",\"{}\":\"{}.{}.{}.{}:{}\"", key, end.address.value >> 24,
                   end.address.value >> 16 & 255, end.address.value >> 8 & 255, end.address.value & 255,
                   end.port);
}

}  // namespace

void appendJsonString(std::string& out, std::string_view text)
{
    out += '"';
    while (!text.empty()) {
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
    const auto us = event.at.time_since_epoch().count();
    fmt::format_to(std::back_inserter(out), R"({{"t":{}.{:06},"kind":"{}","n":{},"by":"{}")", us / 1'000'000,
                   us % 1'000'000, name(event.kind), n, name(event.by));
    if (event.exchange != ExchangeId{})
        fmt::format_to(std::back_inserter(out), R"(,"x":"{}.{}.{}")", event.exchange.actor,
                       event.exchange.about, event.exchange.number);
    else
        out += R"(,"x":null)";
    if (event.phone)
        fmt::format_to(std::back_inserter(out), R"(,"phone":"{}")", event.phone->colons());
    else
        out += R"(,"phone":null)";
    appendEnd(out, "from", event.from);
    appendEnd(out, "to", event.to);
    for (const Field& field : event.fields) {
        fmt::format_to(std::back_inserter(out), ",\"{}\":", name(field.name));
        if (const auto* number = std::get_if<std::int64_t>(&field.value))
            fmt::format_to(std::back_inserter(out), "{}", *number);
        else
            appendJsonString(out, std::get<std::string_view>(field.value));
    }
    out += "}\n";
}

}  // namespace emulator
