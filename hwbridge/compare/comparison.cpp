#include "hwbridge/compare/comparison.hpp"

#include "hwbridge/compare/exchange_comparison.hpp"
#include "hwbridge/compare/ladder_drawing.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hwbridge {

namespace {

using emulator::EventKind;
using emulator::FieldName;
using emulator::Observer;

// Others follow from what is seen nearest to the phone.
constexpr std::array<Observer, 3> comparedObservers{Observer::Wire, Observer::Phone, Observer::Server};

class Comparing {
public:
    Comparing(const TraceStore& a, const TraceStore& b, const Rules& rules)
        : m_rules{rules},
          m_layers{rules},
          m_index{rules},
          m_phonesA{a, rules},
          m_phonesB{b, rules},
          m_a{m_phonesA, TextNormaliser{m_index}},
          m_b{m_phonesB, TextNormaliser{m_index}},
          m_aside{rules},
          m_messages{rules, m_layers, m_a, m_b, m_aside},
          m_folding{rules},
          m_endsA{a},
          m_endsB{b},
          m_scores(m_layers.size()),
          m_lacking(m_layers.size())
    {}

    emulator::Result<Comparison> compare(const CompareOptions& options)
    {
        auto pairs = pairPhones(m_phonesA, m_phonesB, options.phones);
        if (pairs.has_error())
            return emulator::fail(pairs.error());
        // What belongs to no phone is compared last.
        pairs->push_back({m_phonesA.phones().size(), m_phonesB.phones().size()});
        observers();
        leftOut();
        lackingLayers();
        notObservedFields();
        for (std::size_t i = 0; i < pairs->size(); ++i) {
            const PhonePair& pair = (*pairs)[i];
            const auto label = [](const TracePhones& trace, const std::optional<std::size_t>& phone) {
                return !phone                           ? std::string{}
                       : *phone < trace.phones().size() ? trace.phones()[*phone].label()
                                                        : std::string{"no phone"};
            };
            if (i + 1 < pairs->size())
                m_result.phones.push_back({label(m_phonesA, pair.a), label(m_phonesB, pair.b)});
            for (const Observer by : m_result.observers)
                phones(pair, i, by);
        }
        finish();
        return std::move(m_result);
    }

private:
    void observers()
    {
        for (const Observer by : comparedObservers) {
            const std::size_t countA = m_phonesA.count(by);
            const std::size_t countB = m_phonesB.count(by);
            if (countA > 0 && countB > 0)
                m_result.observers.push_back(by);
            else if (countA + countB > 0)
                m_result.notCompared.push_back({fmt::format("by: {}", name(by)),
                                                fmt::format("{} has no such events", countA > 0 ? "B" : "A"),
                                                countA, countB});
        }
        const std::size_t rigA = m_phonesA.count(Observer::Rig);
        const std::size_t rigB = m_phonesB.count(Observer::Rig);
        if (rigA + rigB > 0)
            m_result.notCompared.push_back({"by: rig", "what the rig notes of itself", rigA, rigB});
    }

    void lackingLayers()
    {
        const std::vector<bool> environment = m_layers.named(m_rules.environment);
        for (std::size_t layer = 0; layer < m_layers.size(); ++layer) {
            const std::uint64_t countA = eventsOf(m_phonesA, layer);
            const std::uint64_t countB = eventsOf(m_phonesB, layer);
            if (!environment[layer] || (countA > 0) == (countB > 0))
                continue;
            m_lacking[layer] = true;
            m_result.notCompared.push_back(
                {m_layers.name(layer),
                 fmt::format("{} has none, because of where it was recorded", countA > 0 ? "B" : "A"), countA,
                 countB});
        }
    }

    std::uint64_t eventsOf(const TracePhones& trace, std::size_t layer) const
    {
        std::uint64_t count = 0;
        for (const StoredEvent& event : trace.store().events())
            count += m_layers.of(event.kind) == layer && isCompared(event.by) ? 1u : 0u;
        return count;
    }

    // Kinds that the rules leave out.
    void leftOut()
    {
        for (const EventRule& rule : m_rules.leftOut) {
            const auto count = [&](const TracePhones& trace) {
                std::uint64_t all = 0;
                for (const StoredEvent& event : trace.store().events())
                    all += rule.kinds.test(indexOf(event.kind)) && isCompared(event.by) ? 1u : 0u;
                return all;
            };
            const std::uint64_t countA = count(m_phonesA);
            const std::uint64_t countB = count(m_phonesB);
            if (countA + countB > 0)
                m_result.notCompared.push_back({rule.name, rule.why, countA, countB});
        }
    }

    bool isCompared(Observer by) const
    {
        return std::find(m_result.observers.begin(), m_result.observers.end(), by) !=
               m_result.observers.end();
    }

    // Fields that one recorder never writes for a kind, and that the rules call optional.
    void notObservedFields()
    {
        std::array<std::array<FieldSet, kindCount>, observerCount> seenA{};
        std::array<std::array<FieldSet, kindCount>, observerCount> seenB{};
        const auto look = [](const TraceStore& store, auto& seen) {
            for (const StoredEvent& event : store.events())
                for (const StoredField& field : store.fields(event))
                    seen[static_cast<std::size_t>(event.by)][indexOf(event.kind)].set(indexOf(field.name));
        };
        look(m_phonesA.store(), seenA);
        look(m_phonesB.store(), seenB);
        for (const Observer by : m_result.observers) {
            const auto o = static_cast<std::size_t>(by);
            for (std::size_t kind = 0; kind < kindCount; ++kind) {
                const FieldSet apart = (seenA[o][kind] ^ seenB[o][kind]) & m_rules.kinds[kind].optional;
                if (!m_phonesA.kinds(by).test(kind) || !m_phonesB.kinds(by).test(kind) || apart.none())
                    continue;
                m_notObserved[o][kind] = apart;
                for (std::size_t field = 0; field < fieldCount; ++field)
                    if (apart.test(field))
                        m_result.notCompared.push_back(
                            {fmt::format("{} of {}", name(static_cast<FieldName>(field)),
                                         name(static_cast<EventKind>(kind))),
                             fmt::format("{} never has it", seenA[o][kind].test(field) ? "B" : "A"), 0, 0});
            }
        }
    }

    void phones(const PhonePair& pair, std::size_t number, Observer by)
    {
        const TracePhone* const a = phoneOf(m_phonesA, pair.a);
        const TracePhone* const b = phoneOf(m_phonesB, pair.b);
        m_a.normaliser.setPhone(a);
        m_b.normaliser.setPhone(b);
        m_a.address = a != nullptr ? a->address : emulator::IpAddress{};
        m_b.address = b != nullptr ? b->address : emulator::IpAddress{};
        const ExchangeList listA = listOf(m_phonesA, m_a, pair.a, by);
        const ExchangeList listB = listOf(m_phonesB, m_b, pair.b, by);
        if (listA.exchanges.empty() && listB.exchanges.empty())
            return;
        m_result.comparedA += listA.messages.size();
        m_result.comparedB += listB.messages.size();
        const bool sameIdentity = a == b || (a != nullptr && b != nullptr && a->sameIdentity(*b));
        m_messages.begin(sameIdentity, m_notObserved[static_cast<std::size_t>(by)]);
        m_folding.begin(by, number);

        const KeyTexts keysA{m_phonesA, listA, m_a.normaliser, m_rules};
        const KeyTexts keysB{m_phonesB, listB, m_b.normaliser, m_rules};
        PairingInput input{listA,
                           listB,
                           keysA,
                           keysB,
                           m_rules.swapWithin[static_cast<std::size_t>(by)],
                           m_rules.peerWithin,
                           m_layers.named(m_rules.anyOrder)};
        LadderDrawing drawing{by, number, listA, listB, m_drawn};
        ExchangeComparison comparison{m_rules, m_layers,   m_a,     m_b,     listA,
                                      listB,   m_messages, m_aside, m_endsA, m_endsB};
        for (const Slot& slot : pairExchanges(input)) {
            const Exchange& one = slot.a ? listA.exchanges[*slot.a] : listB.exchanges[*slot.b];
            if (m_lacking[one.layer])
                continue;
            if (comparison.isAfterTheEnd(slot)) {
                m_aside.ends += one.count;
                continue;
            }
            Tally tally;
            std::vector<Difference> differences = comparison.compare(slot, tally);
            score(m_scores[one.layer], slot, tally, differences.empty());
            SlotTimes times;
            if (slot.a)
                times.a = RunTime{listA.exchanges[*slot.a].run, listA.exchanges[*slot.a].begin};
            if (slot.b)
                times.b = RunTime{listB.exchanges[*slot.b].run, listB.exchanges[*slot.b].begin};
            m_folding.add(std::move(differences), times, one.key);
            drawing.add(slot, m_folding.lastFindings());
        }
        if (TwinLadder ladder = drawing.finish(); !ladder.places.empty())
            m_result.ladders.push_back(std::move(ladder));
    }

    static const TracePhone* phoneOf(const TracePhones& trace, const std::optional<std::size_t>& phone)
    {
        return phone && *phone < trace.phones().size() ? &trace.phones()[*phone] : nullptr;
    }

    ExchangeList listOf(const TracePhones& trace, const ComparedSide& side,
                        const std::optional<std::size_t>& phone, Observer by) const
    {
        return phone ? exchangesOf(trace, by, *phone, m_layers, side.normaliser, m_rules) : ExchangeList{};
    }

    static void score(LayerScore& to, const Slot& slot, const Tally& tally, bool equal)
    {
        ++to.exchanges;
        if (!slot.isPair()) {
            ++(slot.a ? to.missing : to.extra);
            return;
        }
        ++(equal ? to.equal : to.differ);
        to.points += 1 - static_cast<double>(tally.different) / static_cast<double>(tally.compared);
    }

    void finish()
    {
        for (std::size_t layer = 0; layer < m_layers.size(); ++layer) {
            m_scores[layer].layer = m_layers.name(layer);
            if (m_scores[layer].exchanges > 0)
                m_result.scores.push_back(m_scores[layer]);
        }
        m_result.findings = m_folding.findings();
        m_result.unlisted = m_folding.unlisted();
        const auto used = [&](const RuleName& rule, std::uint64_t count) {
            if (count == 0)
                return;
            for (RuleUse& use : m_result.aside)
                if (use.rule == rule.name) {
                    use.count += count;
                    return;
                }
            m_result.aside.push_back({rule.name, rule.why, count});
        };
        for (std::size_t i = 0; i < m_rules.texts.size(); ++i)
            used(m_rules.texts[i], m_aside.texts[i]);
        for (std::size_t i = 0; i < m_rules.fields.size(); ++i)
            used(m_rules.fields[i], m_aside.fields[i]);
        for (std::size_t i = 0; i < m_rules.headers.size(); ++i)
            used(m_rules.headers[i], m_aside.headers[i]);
        used({"end", "the other recording had ended"}, m_aside.ends);
        used({"timing", "times were apart, but within their bands"}, m_aside.times);
    }

    const Rules& m_rules;
    Layers m_layers;
    TextRuleIndex m_index;
    TracePhones m_phonesA;
    TracePhones m_phonesB;
    ComparedSide m_a;
    ComparedSide m_b;
    SetAside m_aside;
    MessageComparison m_messages;
    Folding m_folding;
    RecordingEnds m_endsA;
    RecordingEnds m_endsB;
    std::vector<LayerScore> m_scores;
    std::vector<bool> m_lacking;
    std::size_t m_drawn = 0;  // places in all drawings
    std::array<std::array<FieldSet, kindCount>, observerCount> m_notObserved{};
    Comparison m_result;
};

void addLeftBehind(Comparison& comparison, const TraceFile& a, const TraceFile& b)
{
    std::vector<NotCompared>& all = comparison.notCompared;
    const std::size_t first = all.size();
    const auto add = [&](const TraceFile& file, std::uint64_t NotCompared::*count) {
        for (const Counted& one : leftBehind(file.counters)) {
            const auto same = std::find_if(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(),
                                           [&](const NotCompared& other) { return other.what == one.what; });
            NotCompared& entry = same != all.end() ? *same : all.emplace_back();
            entry.what = one.what;
            entry.why = "no event tells it";
            entry.*count = one.count;
        }
    };
    add(a, &NotCompared::countA);
    add(b, &NotCompared::countB);
}

}  // namespace

std::string_view name(DifferenceKind kind)
{
    switch (kind) {
    case DifferenceKind::Missing:
        return "missing";
    case DifferenceKind::Extra:
        return "extra";
    case DifferenceKind::Order:
        return "order";
    case DifferenceKind::Field:
        return "field";
    case DifferenceKind::Timing:
        return "timing";
    }
    return "";
}

std::vector<std::size_t> Comparison::roots() const
{
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < findings.size(); ++i)
        if (!findings[i].root)
            all.push_back(i);
    return all;
}

emulator::Result<Comparison> compareTraces(const TraceStore& a, const TraceStore& b, const Rules& rules,
                                           const CompareOptions& options)
{
    return Comparing{a, b, rules}.compare(options);
}

emulator::Result<Comparison> compareTraces(const TraceFile& a, const TraceFile& b, const Rules& rules,
                                           const CompareOptions& options)
{
    auto comparison = compareTraces(a.store, b.store, rules, options);
    if (comparison.has_value())
        addLeftBehind(*comparison, a, b);
    return comparison;
}

}  // namespace hwbridge
