#include "emulator/trace/ndjson.hpp"

#include "emulator/base/utf8.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstring>
#include <iterator>

namespace emulator {

namespace {

// Text of a known greatest length, written by hand: a capture makes a million lines a second, and format strings would
// take most of that.
class ShortText {
public:
    std::string_view text() const { return {m_text.data(), m_length}; }

    ShortText& add(std::string_view text)
    {
        text.copy(m_text.data() + m_length, text.size());
        m_length += text.size();
        return *this;
    }
    ShortText& add(char c)
    {
        m_text[m_length++] = c;
        return *this;
    }
    ShortText& number(std::int64_t number)
    {
        char* const end = m_text.data() + m_text.size();
        m_length = static_cast<std::size_t>(std::to_chars(m_text.data() + m_length, end, number).ptr -
                                            m_text.data());
        return *this;
    }
    // Seconds with six decimals; captures may hold packets from before their first.
    ShortText& seconds(TimePoint at)
    {
        std::int64_t us = at.time_since_epoch().count();
        if (us < 0) {
            add('-');
            us = -us;
        }
        number(us / 1'000'000).add('.');
        constexpr std::size_t decimals = 6;
        auto rest = static_cast<std::uint32_t>(us % 1'000'000);
        for (std::size_t i = decimals; i > 0; --i, rest /= 10)
            m_text[m_length + i - 1] = static_cast<char>('0' + rest % 10);
        m_length += decimals;
        return *this;
    }
    ShortText& mac(const MacAddress& mac)
    {
        constexpr std::string_view digits = "0123456789abcdef";
        for (const std::uint8_t octet : mac.octets)
            add(digits[octet >> 4]).add(digits[octet & 15]).add(':');
        --m_length;
        return *this;
    }
    ShortText& end(std::string_view key, const Endpoint& end)
    {
        if (end == Endpoint{})
            return *this;
        add(key);
        for (int shift = 24; shift >= 0; shift -= 8)
            number(end.address.value >> shift & 255).add(shift > 0 ? '.' : ':');
        return number(end.port).add('"');
    }

private:
    // Everything but the fields of a kind: five numbers of 20 digits, two ends of 31, a MAC, kind, observer and keys.
    std::array<char, 384> m_text;
    std::size_t m_length = 0;
};

// How many bytes at the start stand in a JSON string as they are.
std::size_t plainLength(std::string_view text)
{
    constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
    constexpr std::uint64_t highs = 0x80 * ones;
    const auto hasZero = [](std::uint64_t bytes) { return (bytes - ones) & ~bytes & highs; };
    std::size_t length = 0;
    // Eight at a time, as long as none of them is special.
    for (std::uint64_t eight = 0; length + sizeof eight <= text.size(); length += sizeof eight) {
        std::memcpy(&eight, text.data() + length, sizeof eight);
        const std::uint64_t control = (eight - 0x20 * ones) & ~eight;
        if (((control | eight | hasZero(eight ^ '"' * ones) | hasZero(eight ^ '\\' * ones)) & highs) != 0)
            break;
    }
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
    ShortText line;
    line.add(R"({"t":)").seconds(event.at).add(R"(,"kind":")").add(name(event.kind)).add(R"(","n":)");
    line.number(static_cast<std::int64_t>(n)).add(R"(,"by":")").add(name(event.by)).add(R"(","x":)");
    if (const ExchangeId& x = event.exchange; x != ExchangeId{})
        line.add('"').number(x.actor).add('.').number(x.about).add('.').number(x.number).add('"');
    else
        line.add("null");
    line.add(R"(,"phone":)");
    if (event.phone)
        line.add('"').mac(*event.phone).add('"');
    else
        line.add("null");
    line.end(R"(,"from":")", event.from).end(R"(,"to":")", event.to);
    out.append(line.text());
    for (const Field& field : event.fields) {
        ShortText key;
        key.add(",\"").add(name(field.name)).add("\":");
        if (const auto* number = std::get_if<std::int64_t>(&field.value))
            key.number(*number);
        out.append(key.text());
        if (const auto* text = std::get_if<std::string_view>(&field.value))
            appendJsonString(out, *text);
    }
    out += "}\n";
}

}  // namespace emulator
