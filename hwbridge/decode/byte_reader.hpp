#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hwbridge {

// Takes numbers and pieces off the front of bytes from outside, in network byte order. Whoever reads beyond the end
// gets zeros and empty pieces from then on, and `failed()` says so: one check after several reads is enough.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : m_rest{bytes} {}

    std::size_t left() const { return m_rest.size(); }
    bool empty() const { return m_rest.empty(); }
    bool failed() const { return m_failed; }
    std::string_view rest() const { return m_rest; }

    std::string_view take(std::size_t count)
    {
        if (count > m_rest.size()) {
            m_failed = true;
            m_rest = {};
            return {};
        }
        const std::string_view taken = m_rest.substr(0, count);
        m_rest.remove_prefix(count);
        return taken;
    }

    std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
    std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t u32() { return number(4); }

private:
    std::uint32_t number(std::size_t bytes)
    {
        std::uint32_t value = 0;
        for (const char c : take(bytes))
            value = value << 8 | static_cast<unsigned char>(c);
        return value;
    }

    std::string_view m_rest;
    bool m_failed = false;
};

}  // namespace hwbridge
