#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hwbridge {

// Takes BER elements off the front of bytes from outside (X.690), as far as SNMP has them: one-byte tags, definite
// lengths.
class BerReader {
public:
    explicit BerReader(std::string_view bytes) : m_rest{bytes} {}

    bool empty() const { return m_rest.empty(); }
    std::string_view rest() const { return m_rest; }
    // The tag that comes; 0 at the end.
    std::uint8_t tag() const
    {
        return m_rest.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(m_rest[0]);
    }

    // The content of the next element; nothing when it has another tag or is not whole.
    std::optional<std::string_view> take(std::uint8_t tag)
    {
        if (this->tag() != tag || m_rest.size() < 2)
            return std::nullopt;
        std::size_t at = 1;
        std::size_t length = byteAt(at++);
        if (length >= 0x80) {
            const std::size_t count = length & 0x7f;
            if (count == 0 || count > 4 || m_rest.size() - at < count)
                return std::nullopt;
            length = 0;
            for (std::size_t i = 0; i < count; ++i)
                length = length << 8 | byteAt(at++);
        }
        if (length > m_rest.size() - at)
            return std::nullopt;
        const std::string_view content = m_rest.substr(at, length);
        m_rest.remove_prefix(at + length);
        return content;
    }

    // A signed number of at most eight bytes.
    std::optional<std::int64_t> takeInteger()
    {
        constexpr std::uint8_t integer = 0x02;
        const auto content = take(integer);
        if (!content || content->empty() || content->size() > 8)
            return std::nullopt;
        std::uint64_t value = static_cast<unsigned char>((*content)[0]) >= 0x80 ? ~std::uint64_t{0} : 0;
        for (const char c : *content)
            value = value << 8 | static_cast<unsigned char>(c);
        return static_cast<std::int64_t>(value);
    }

private:
    std::size_t byteAt(std::size_t i) const { return static_cast<unsigned char>(m_rest[i]); }

    std::string_view m_rest;
};

}  // namespace hwbridge
