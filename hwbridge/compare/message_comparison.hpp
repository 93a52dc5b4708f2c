#pragma once

#include "hwbridge/compare/difference.hpp"
#include "hwbridge/compare/exchanges.hpp"

#include <string>
#include <vector>

namespace hwbridge {

// How often a rule has set a difference aside.
struct SetAside {
    std::vector<std::uint64_t> texts;    // by rule
    std::vector<std::uint64_t> fields;   // by rule
    std::vector<std::uint64_t> headers;  // by rule
    std::uint64_t ends = 0;              // messages that came when the other recording had ended
    std::uint64_t times = 0;             // times that were apart, but within their bands

    explicit SetAside(const Rules& rules)
        : texts(rules.texts.size()),
          fields(rules.fields.size()),
          headers(rules.headers.size())
    {}
};

// One side while two phones are compared.
struct ComparedSide {
    const TracePhones& trace;
    TextNormaliser normaliser;
    emulator::IpAddress address{};  // of the phone
};

// How much of two exchanges was compared, and how much of that differed.
struct Tally {
    std::uint64_t compared = 0;
    std::uint64_t different = 0;
};

// Compares messages of two phones field by field.
class MessageComparison {
public:
    MessageComparison(const Rules& rules, const Layers& layers, ComparedSide& a, ComparedSide& b,
                      SetAside& aside)
        : m_rules{rules},
          m_layers{layers},
          m_a{a},
          m_b{b},
          m_aside{aside}
    {}

    // For the two phones whose identities the sides hold: whether equal texts may still mean different things.
    void begin(bool sameIdentity, const std::array<FieldSet, kindCount>& notObserved);

    // Appends the differences of two messages, in the order in which the fields stand.
    void compare(const StoredEvent& a, std::uint32_t numberA, const StoredEvent& b, std::uint32_t numberB,
                 std::vector<Difference>& out, Tally& tally);

private:
    struct Place {
        const StoredEvent& a;
        std::uint32_t numberA;
        const StoredEvent& b;
        std::uint32_t numberB;
        bool fromPhone;
    };
    void fields(const Place& place, const StoredField* a, const StoredField* b, std::vector<Difference>& out,
                Tally& tally);
    void headers(const Place& place, std::string_view a, std::string_view b, std::vector<Difference>& out,
                 Tally& tally);
    void header(const Place& place, std::string_view name, std::optional<std::string_view> a,
                std::optional<std::string_view> b, std::vector<Difference>& out, Tally& tally);
    // `header`: the name of the header field that the texts are the values of.
    bool sameText(const Place& place, std::string_view a, std::string_view b, emulator::FieldName field,
                  std::string_view header = {});
    // Whether equal texts of that field mean the same.
    bool sameMeaning(const Place& place, emulator::FieldName field) const;
    Difference difference(const Place& place, std::string field, bool outcome) const;
    const FieldRule* ignored(const Place& place, emulator::FieldName field, std::size_t& rule) const;

    const Rules& m_rules;
    const Layers& m_layers;
    ComparedSide& m_a;
    ComparedSide& m_b;
    SetAside& m_aside;
    bool m_sameIdentity = true;
    const std::array<FieldSet, kindCount>* m_notObserved = nullptr;
    std::string m_textA;
    std::string m_textB;
    std::vector<TextNormaliser::Replaced> m_replacedA;
    std::vector<TextNormaliser::Replaced> m_replacedB;
};

// A value for people, not longer than `most` bytes.
std::string shownValue(std::string_view text, std::size_t most = 400);

// What is left of two texts without their common ends, each widened to whole words.
std::pair<std::string, std::string> fragmentsOf(std::string_view a, std::string_view b);

}  // namespace hwbridge
