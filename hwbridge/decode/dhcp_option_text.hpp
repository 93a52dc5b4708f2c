#pragma once

#include "hwbridge/decode/text_arena.hpp"

#include "emulator/runtime/traffic_trace.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace hwbridge {

// What the bytes of a DHCP option mean.
enum class DhcpOptionForm : std::uint8_t {
    Hex,          // "01000e08aabbcc"
    Text,         // as it stands, without zeros at its end; hexadecimal when it is not printable
    Addresses,    // "192.168.1.5 192.168.1.6"; Text when the length is no multiple of four
    Number,       // of 1, 2 or 4 bytes; else Hex
    Codes,        // "1,3,6,66"
    SubOptions,   // "1=text 2=0a0b": code, length, value in each; Text when they do not come out even
    Enterprises,  // "9:1=text 9:2=0a": the same behind each enterprise number (RFC 3925); else Hex
};

// Makes the texts of options. Secrets in them are replaced.
class DhcpOptionText {
public:
    DhcpOptionText(TextArena& texts, emulator::TrafficTrace& secrets) : m_texts{texts}, m_secrets{secrets} {}

    // The option alone, in a field of its own: the bytes themselves where they can be shown so.
    std::string_view show(DhcpOptionForm form, std::string_view value) const;
    // The option inside a longer text: what has blanks or quotes is quoted, '\' before '"' and '\'.
    void add(TextMaker& text, DhcpOptionForm form, std::string_view value) const;

    static DhcpOptionForm formOf(std::uint8_t code);  // RFC 2132

private:
    std::string_view withoutSecrets(std::string_view text) const { return m_secrets.withoutSecrets(text); }
    void addText(TextMaker& text, std::string_view value) const;
    void addSubOptions(TextMaker& text, std::optional<std::uint32_t> enterprise,
                       std::string_view bytes) const;

    TextArena& m_texts;
    emulator::TrafficTrace& m_secrets;
};

}  // namespace hwbridge
