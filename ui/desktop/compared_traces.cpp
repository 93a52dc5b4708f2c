#include "ui/desktop/compared_traces.hpp"

#include "hwbridge/compare/rules_reader.hpp"

#include <algorithm>

namespace ui {

using hwbridge::Comparison;
using hwbridge::Difference;
using hwbridge::DifferenceSide;
using hwbridge::DrawnSide;
using hwbridge::DrawnSlot;
using hwbridge::Finding;
using hwbridge::TwinLadder;

namespace {

const DifferenceSide& sideOf(const Difference& difference, ComparedTraces::Side side)
{
    return side == ComparedTraces::Side::A ? difference.a : difference.b;
}

const DrawnSide& sideOf(const DrawnSlot& slot, ComparedTraces::Side side)
{
    return side == ComparedTraces::Side::A ? slot.a : slot.b;
}

}  // namespace

emulator::Result<std::shared_ptr<const ComparedTraces>> ComparedTraces::compare(
    std::shared_ptr<const OpenedTrace> a, std::shared_ptr<const OpenedTrace> b)
{
    emulator::Result<Comparison> comparison =
        hwbridge::compareTraces(*a->store(), *b->store(), hwbridge::defaultRules());
    if (comparison.has_error())
        return emulator::fail(comparison.error());
    return std::shared_ptr<const ComparedTraces>{
        new ComparedTraces{std::move(a), std::move(b), std::move(*comparison)}};
}

ComparedTraces::ComparedTraces(std::shared_ptr<const OpenedTrace> a, std::shared_ptr<const OpenedTrace> b,
                               Comparison comparison)
    : m_a{std::move(a)},
      m_b{std::move(b)},
      m_comparison{std::move(comparison)}
{}

ComparedTraces::Pair ComparedTraces::pairOf(std::size_t finding) const
{
    return {m_comparison.findings[finding].phone, m_comparison.findings[finding].by};
}

ComparedTraces::Pair ComparedTraces::firstPair() const
{
    const std::vector<std::size_t> roots = m_comparison.roots();
    if (!roots.empty())
        return pairOf(roots.front());
    return {0, m_comparison.observers.empty() ? emulator::Observer::Wire : m_comparison.observers.front()};
}

std::optional<std::size_t> ComparedTraces::phoneOf(const Pair& pair, Side side) const
{
    if (pair.phone >= m_comparison.phones.size())
        return std::nullopt;
    const hwbridge::PhonePairName& names = m_comparison.phones[pair.phone];
    const std::string& label = side == Side::A ? names.a : names.b;
    const std::vector<hwbridge::TracePhone>& phones = trace(side).phones();
    const auto at =
        std::find_if(phones.begin(), phones.end(), [&](const auto& one) { return one.label() == label; });
    if (label.empty() || at == phones.end())
        return std::nullopt;
    return static_cast<std::size_t>(at - phones.begin());
}

// The last event before the place of a finding that this side has, going by what was drawn around it.
std::optional<std::uint32_t> ComparedTraces::before(std::size_t finding, Side side) const
{
    const Pair pair = pairOf(finding);
    for (const TwinLadder& ladder : m_comparison.ladders) {
        if (Pair{ladder.phone, ladder.by} != pair)
            continue;
        auto slot = std::find_if(ladder.places.begin(), ladder.places.end(), [&](const DrawnSlot& one) {
            return std::find(one.findings.begin(), one.findings.end(), finding) != one.findings.end();
        });
        if (slot == ladder.places.end())
            continue;
        // Of its own exchange what comes before it there, else the end of an earlier exchange.
        const std::size_t message = m_comparison.findings[finding].first.message;
        if (const auto& own = sideOf(*slot, side).events; !own.empty())
            return own[std::min(message == 0 ? 0 : message - 1, own.size() - 1)];
        while (slot != ladder.places.begin())
            if (const DrawnSide& drawn = sideOf(*--slot, side); !drawn.events.empty())
                return drawn.events.back();
    }
    return std::nullopt;
}

ComparedTraces::Place ComparedTraces::placeOf(const Spot& spot, Side side) const
{
    const Finding& finding = m_comparison.findings[spot.finding];
    Place place;
    if (const DifferenceSide& own =
            sideOf(spot.place == 0 ? finding.first : finding.more[spot.place - 1], side);
        own.present)
        place.event = own.event;
    place.near = place.event || spot.place > 0 ? place.event : before(spot.finding, side);
    return place;
}

std::unordered_map<std::uint32_t, ComparedTraces::Spot> ComparedTraces::spotsByEvent(const Pair& pair,
                                                                                     Side side) const
{
    std::unordered_map<std::uint32_t, Spot> events;
    const auto note = [&](const Difference& difference, const Spot& spot) {
        if (const auto& event = sideOf(difference, side).event)
            events.try_emplace(*event, spot);
    };
    for (const bool roots : {true, false})
        for (std::size_t i = 0; i < m_comparison.findings.size(); ++i) {
            const Finding& finding = m_comparison.findings[i];
            if (pairOf(i) != pair || finding.root.has_value() == roots)
                continue;
            note(finding.first, {i, 0});
            for (std::size_t more = 0; more < finding.more.size(); ++more)
                note(finding.more[more], {i, more + 1});
        }
    return events;
}

}  // namespace ui
