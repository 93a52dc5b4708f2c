#pragma once

#include "hwbridge/decode/text_arena.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hwbridge {

// The options of one DHCP message, from wherever it holds them: the options field, and `file` and `sname` when option
// 52 says that they are options too (RFC 2131 section 4.1). Parts of an option that stands several times are joined,
// in that order of fields (RFC 3396). Views into the message; joined options live in the arena.
class DhcpOptions {
public:
    struct Fields {
        std::string_view options;
        std::string_view file;
        std::string_view sname;
    };

    // Errors: what is wrong, for a person.
    std::optional<std::string_view> read(const Fields& fields, TextArena& texts);

    bool has(std::uint8_t code) const { return m_place[code] != 0; }
    std::string_view value(std::uint8_t code) const;  // empty when absent
    // Codes in the order in which they first stood.
    std::string_view codes() const { return {m_codes.data(), m_count}; }
    bool fileIsOptions() const { return (m_overload & 1) != 0; }
    bool snameIsOptions() const { return (m_overload & 2) != 0; }
    bool ended() const { return m_ended; }  // by option 255, as RFC 2131 wants it

private:
    std::optional<std::string_view> readArea(std::string_view area, std::string_view name, TextArena& texts);
    void join(std::uint8_t code, TextArena& texts);

    Fields m_fields;
    std::array<std::uint8_t, 256> m_place{};  // 1 + index into m_values; 0: absent
    std::array<std::string_view, 254> m_values;
    std::array<char, 254> m_codes;
    std::size_t m_count = 0;
    std::array<bool, 256> m_split{};
    bool m_anySplit = false;
    bool m_ended = false;
    std::uint8_t m_overload = 0;
};

}  // namespace hwbridge
