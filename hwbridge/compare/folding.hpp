#pragma once

#include "hwbridge/compare/difference.hpp"
#include "hwbridge/compare/rules.hpp"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace hwbridge {

// A difference with all its repetitions, and what follows from it.
struct Finding {
    Difference first;
    emulator::Observer by{};
    std::size_t phone = 0;            // number of the pair
    std::uint64_t count = 1;          // how often it was seen
    std::vector<Difference> more;     // the next places, at most `mostPlaces`
    std::optional<std::size_t> root;  // of one that follows: its root; never the number of one that follows
    std::vector<std::size_t> followers;      // of a root
    std::vector<emulator::Observer> seenBy;  // others who saw the same
    bool varies = false;                     // the values differ from place to place
};

// When something stands on one side: the run of the trace, and the time in it.
struct RunTime {
    std::uint32_t run = 0;
    emulator::TimePoint at{};
    auto operator<=>(const RunTime&) const = default;
};

// When a slot stands on each side; at least on one.
struct SlotTimes {
    std::optional<RunTime> a;
    std::optional<RunTime> b;
};

// Our choice of limits: what a person reads. What goes beyond is counted.
inline constexpr std::size_t mostPlaces = 7;
inline constexpr std::size_t mostFindings = 2'000;

// Sorts differences into roots and what follows from them, slot by slot. docs/comparison.md has the rules in words.
class Folding {
public:
    explicit Folding(const Rules& rules) : m_rules{rules} {}

    // The differences to come are those of this pair of phones as this observer saw them. Observers of one pair come one
    // after the other.
    void begin(emulator::Observer by, std::size_t phone);
    // The next slot, whose exchange has this key; without differences it is an equal one.
    void add(std::vector<Difference> differences, const SlotTimes& times, std::uint64_t key);

    // Where the differences of the last slot went; empty after an equal one.
    std::vector<std::size_t> lastFindings() const;

    const std::vector<Finding>& findings() const { return m_findings; }
    std::uint64_t unlisted() const { return m_unlisted; }

private:
    struct InSlot {
        DifferenceKind what{};
        emulator::EventKind kind{};
        std::string field;
        std::size_t message = 0;
        std::size_t finding = 0;
    };
    // From when to when differences came one after the other.
    struct Chain {
        std::size_t root = 0;
        SlotTimes from;
        SlotTimes to;
    };

    std::string signatureOf(const Difference& difference) const;
    bool causes(const InSlot& earlier, const Difference& difference) const;
    std::optional<std::size_t> rootFor(const Difference& difference, const SlotTimes& times) const;
    std::optional<std::size_t> seenBefore(const SlotTimes& times) const;
    void take(Difference difference, const SlotTimes& times);
    void repeat(std::size_t finding, Difference difference, bool varies);
    std::optional<std::size_t> create(Difference difference, std::optional<std::size_t> root,
                                      const std::string& signature);
    void extendChain(std::size_t root, const SlotTimes& times);
    std::size_t rootOf(std::size_t finding) const { return m_findings[finding].root.value_or(finding); }

    const Rules& m_rules;
    std::vector<Finding> m_findings;
    std::uint64_t m_unlisted = 0;
    emulator::Observer m_by{};
    std::optional<std::size_t> m_phone;
    std::unordered_map<std::string, std::size_t> m_bySignature;  // of all observers and phones
    std::unordered_map<std::string, std::size_t> m_byFragments;
    std::map<std::string, std::pair<std::size_t, std::size_t>>
        m_variants;  // of one field: a finding, how many
    std::vector<InSlot> m_slot;
    std::optional<std::size_t> m_open;  // the root of the chain that has not ended
    std::optional<std::size_t> m_pace;  // a root that changed when things are repeated
    std::size_t m_equal = 0;            // equal slots since
    std::unordered_set<std::uint64_t> m_seenKeys;
    std::vector<Chain> m_chains;         // of this observer
    std::vector<Chain> m_earlierChains;  // of those of the same phones before it
};

}  // namespace hwbridge
