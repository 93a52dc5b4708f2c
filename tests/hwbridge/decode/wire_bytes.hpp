#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hwbridge {

// Bytes of a message, written down piece by piece.
class Bytes {
public:
    Bytes& u8(unsigned value)
    {
        m_bytes += static_cast<char>(value);
        return *this;
    }
    Bytes& u16(unsigned value) { return u8(value >> 8 & 255).u8(value & 255); }
    Bytes& u32(std::uint32_t value) { return u16(value >> 16).u16(value & 0xffff); }
    Bytes& text(std::string_view text)
    {
        m_bytes += text;
        return *this;
    }
    Bytes& zeros(std::size_t count)
    {
        m_bytes.append(count, '\0');
        return *this;
    }
    // "000e08 aabbcc": digits in pairs, blanks between them as they please.
    Bytes& hex(std::string_view digits)
    {
        unsigned value = 0;
        int seen = 0;
        for (const char c : digits) {
            if (c == ' ')
                continue;
            value = value << 4 | static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
            if (++seen % 2 == 0)
                u8(value & 255);
        }
        return *this;
    }
    std::size_t size() const { return m_bytes.size(); }
    operator std::string() const { return m_bytes; }  // NOLINT(google-explicit-constructor)
    std::string string() const { return m_bytes; }

private:
    std::string m_bytes;
};

}  // namespace hwbridge
