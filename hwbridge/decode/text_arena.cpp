#include "hwbridge/decode/text_arena.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace hwbridge {

namespace {

constexpr std::string_view ellipsis = "…";
constexpr std::string_view hexDigits = "0123456789abcdef";

unsigned octet(char c)
{
    return static_cast<unsigned char>(c);
}

}  // namespace

std::string_view TextArena::copy(std::string_view text)
{
    TextMaker maker{*this};
    maker.add(text);
    return maker.finish();
}

TextMaker::TextMaker(TextArena& arena) : m_arena{arena}, m_start{arena.m_bytes.get() + arena.m_used}
{
    const std::size_t left = std::min(TextArena::capacity - arena.m_used, TextArena::longestText);
    m_room = left < ellipsis.size() ? 0 : left - ellipsis.size();
}

void TextMaker::add(std::string_view text)
{
    const std::size_t count = std::min(text.size(), m_room - m_size);
    if (count > 0)
        std::memcpy(m_start + m_size, text.data(), count);
    m_size += count;
    m_cut |= count < text.size();
}

void TextMaker::addNumber(std::uint64_t number)
{
    std::array<char, 20> digits;
    const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    add({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void TextMaker::addHex(std::string_view bytes)
{
    for (const char c : bytes) {
        add(hexDigits[octet(c) >> 4]);
        add(hexDigits[octet(c) & 15]);
    }
}

void TextMaker::addMac(std::string_view octets)
{
    for (std::size_t i = 0; i < octets.size(); ++i) {
        if (i > 0)
            add(':');
        addHex(octets.substr(i, 1));
    }
}

void TextMaker::addIpv4(std::uint32_t address)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        addNumber(address >> shift & 255);
        if (shift > 0)
            add('.');
    }
}

void TextMaker::addIpv4List(std::string_view octets, char separator)
{
    for (std::size_t i = 0; i + 4 <= octets.size(); i += 4) {
        if (i > 0)
            add(separator);
        addIpv4(octet(octets[i]) << 24 | octet(octets[i + 1]) << 16 | octet(octets[i + 2]) << 8 |
                octet(octets[i + 3]));
    }
}

void TextMaker::addIpv6(std::string_view octets)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    std::array<char, 16> address{};
    std::copy_n(octets.begin(), std::min(octets.size(), address.size()), address.begin());
    add(std::string_view{inet_ntop(AF_INET6, address.data(), text.data(), text.size())});
}

std::string_view TextMaker::finish()
{
    if (m_cut && m_room > 0) {
        // Not in the middle of a character of several bytes.
        while (m_size > 0 && (octet(m_start[m_size - 1]) & 0xc0) == 0x80)
            --m_size;
        if (m_size > 0 && octet(m_start[m_size - 1]) >= 0xc0)
            --m_size;
        std::memcpy(m_start + m_size, ellipsis.data(), ellipsis.size());
        m_size += ellipsis.size();
    }
    m_arena.m_used = static_cast<std::size_t>(m_start - m_arena.m_bytes.get()) + m_size;
    return {m_start, m_size};
}

}  // namespace hwbridge
