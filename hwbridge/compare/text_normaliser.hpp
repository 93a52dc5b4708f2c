#pragma once

#include "hwbridge/compare/rules.hpp"
#include "hwbridge/compare/trace_phones.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// Which text rules look at which field of which kind, as bits; made once for a comparison.
class TextRuleIndex {
public:
    explicit TextRuleIndex(const Rules& rules);

    const Rules& rules() const { return m_rules; }
    std::uint64_t at(emulator::EventKind kind, emulator::FieldName field) const
    {
        return m_where[indexOf(kind)][indexOf(field)];
    }
    const std::array<std::uint64_t, 256>& patterns() const { return m_patterns; }
    // Whether equal texts may mean different things, as their messages go to different places.
    bool dependsOnPeer(emulator::EventKind kind, emulator::FieldName field) const
    {
        return ofPeer(kind, field) != 0;
    }
    std::uint64_t ofPeer(emulator::EventKind kind, emulator::FieldName field) const
    {
        return at(kind, field) & m_ofPeer;
    }

private:
    const Rules& m_rules;
    std::array<std::array<std::uint64_t, fieldCount>, kindCount> m_where{};
    std::array<std::uint64_t, 256> m_patterns{};  // which patterns may begin with a byte
    std::uint64_t m_ofPeer = 0;                   // the rules about whom a message goes to
};

// Where a text stands.
struct TextPlace {
    emulator::EventKind kind{};
    emulator::FieldName field{};
    emulator::Endpoint to{};  // whom the message goes to; port 0: it is not known which server that is
    bool isHost = false;      // the text is the host that a request names, and nothing else
};

// Replaces what the rules name by their tokens, for the phone it was given last.
class TextNormaliser {
public:
    explicit TextNormaliser(const TextRuleIndex& index) : m_index{index} {}

    void setPhone(const TracePhone* phone);  // null: of no phone

    struct Replaced {
        std::size_t rule = 0;
        std::size_t at = 0;  // in the text as it was
        std::size_t length = 0;
    };
    // Appends the text with its tokens to `out`, and to `replaced` what was replaced, if anybody asks.
    void normalise(std::string_view text, const TextPlace& place, std::string& out,
                   std::vector<Replaced>* replaced = nullptr) const;
    const TextRuleIndex& index() const { return m_index; }

private:
    bool hostName(std::string_view text, const TextPlace& place, std::string& out,
                  std::vector<Replaced>* replaced) const;
    std::size_t matchAt(std::size_t rule, std::string_view text, std::size_t at,
                        const emulator::Endpoint& to) const;

    const TextRuleIndex& m_index;
    std::array<std::uint64_t, 256> m_first{};
    std::vector<std::pair<std::size_t, TextPattern>> m_literals;  // rule, and a form of what it names
    emulator::IpAddress m_address;
};

}  // namespace hwbridge
