#pragma once

#include "emulator/base/result.hpp"

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// What a rule of the comparison finds in a text.
// Shape:  text as it stands, and {elements}: {number}, {hex}, {hex:12} (exactly so many), {word} (letters, digits, '_',
//         '-', '.'), {token} (up to a space or one of ",;\"<>&"), {rest} (up to the end of the line), {address} (IPv4),
//         {host} (a name of letters, digits, '-' and '.', not an address), {endpoint} (an address with ":port" if there is one), {mac} (12 hexadecimal digits, or six pairs), {time}
//         (hh:mm:ss), {stamp} (Mmm dd hh:mm:ss), {isotime} (2026-01-01T00:00:00Z), {httpdate} (RFC 9110 section 5.6.7);
//         "{{" is one brace. An element never begins or ends inside a longer word.
// Cost:   one pass without backtracking: an element takes all it can, at most 1,024 characters but for {rest}.
class TextPattern {
public:
    // Errors: Malformed; the detail says what was found and expected.
    static emulator::Result<TextPattern> parse(std::string_view text);
    static TextPattern literal(std::string_view text, bool wholeWord);

    // Length of the match that begins at `at`; nothing when there is none.
    std::optional<std::size_t> matchAt(std::string_view text, std::size_t at) const;
    // The first match anywhere, as {start, length}.
    std::optional<std::pair<std::size_t, std::size_t>> find(std::string_view text) const;
    // What the first element that is no text matched, in the first match anywhere.
    std::optional<std::string_view> capture(std::string_view text) const;

    const std::bitset<256>& firstBytes() const { return m_first; }

private:
    enum class Kind : std::uint8_t {
        Text,
        Number,
        Hex,
        Word,
        Token,
        Rest,
        Address,
        Host,
        Endpoint,
        Mac,
        Time,
        Stamp,
        IsoTime,
        HttpDate
    };
    struct Element {
        Kind kind = Kind::Text;
        std::size_t count = 0;  // of Hex
        std::string text;
    };
    static std::size_t lengthOf(const Element& element, std::string_view text);
    void findFirstBytes();

    std::vector<Element> m_elements;
    std::bitset<256> m_first;
    bool m_wholeWord = false;
};

}  // namespace hwbridge
