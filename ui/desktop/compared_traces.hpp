#pragma once

#include "hwbridge/compare/comparison.hpp"
#include "ui/desktop/opened_trace.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace ui {

// Two traces and what came of comparing them. Nothing changes in it any more, so that every thread may look.
class ComparedTraces {
public:
    enum class Side { A, B };
    // A pair of phones as one observer saw it.
    struct Pair {
        std::size_t phone = 0;  // number of the pair
        emulator::Observer by{};
        bool operator==(const Pair&) const = default;
    };
    // One of the places of a finding: 0 is its first, i + 1 the ith of `more`.
    struct Spot {
        std::size_t finding = 0;
        std::size_t place = 0;
        bool operator==(const Spot&) const = default;
    };
    // Where that is on one side: an event, or near where it would be as far as that is known.
    struct Place {
        std::optional<std::uint32_t> event;
        std::optional<std::uint32_t> near;
    };

    // By the rules that are compiled in. Errors: those of compareTraces().
    static emulator::Result<std::shared_ptr<const ComparedTraces>> compare(
        std::shared_ptr<const OpenedTrace> a, std::shared_ptr<const OpenedTrace> b);

    const hwbridge::Comparison& comparison() const { return m_comparison; }
    const OpenedTrace& trace(Side side) const { return side == Side::A ? *m_a : *m_b; }
    Pair pairOf(std::size_t finding) const;
    Pair firstPair() const;  // that of the first root, or just the first
    // Which phone of a side; nothing: that side has none.
    std::optional<std::size_t> phoneOf(const Pair& pair, Side side) const;
    Place placeOf(const Spot& spot, Side side) const;
    // The events of a pair that findings are about; an event of several has the first that is a root.
    std::unordered_map<std::uint32_t, Spot> spotsByEvent(const Pair& pair, Side side) const;

private:
    ComparedTraces(std::shared_ptr<const OpenedTrace> a, std::shared_ptr<const OpenedTrace> b,
                   hwbridge::Comparison comparison);
    std::optional<std::uint32_t> before(std::size_t finding, Side side) const;

    std::shared_ptr<const OpenedTrace> m_a;
    std::shared_ptr<const OpenedTrace> m_b;
    hwbridge::Comparison m_comparison;
};

}  // namespace ui
