#pragma once

#include "hwbridge/compare/exchange_pairing.hpp"
#include "hwbridge/compare/message_comparison.hpp"
#include "hwbridge/compare/sequence_alignment.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace hwbridge {

// When a recording is known to have ended: the run.end of its runs. A capture just stops, also when its decoded form has a
// run.end; what it would have held is not known, and what only the other side has is a difference.
class RecordingEnds {
public:
    explicit RecordingEnds(const TraceStore& store)
    {
        bool isCapture = false;
        for (const StoredEvent& event : store.events()) {
            if (event.kind == emulator::EventKind::RunBegin)
                isCapture = store.text(event, emulator::FieldName::Target) == "capture";
            if (event.kind == emulator::EventKind::RunEnd && !isCapture)
                m_ends[event.run] = event.at;
        }
    }
    bool isOver(std::uint32_t run, emulator::TimePoint at) const
    {
        constexpr emulator::Duration closing = std::chrono::milliseconds{20};  // what was on its way then
        const auto end = m_ends.find(run);
        return end != m_ends.end() && at > end->second - closing;
    }

private:
    std::unordered_map<std::uint32_t, emulator::TimePoint> m_ends;
};

// Compares paired exchanges: which messages there are, what is in them, and the times between them.
class ExchangeComparison {
public:
    ExchangeComparison(const Rules& rules, const Layers& layers, ComparedSide& a, ComparedSide& b,
                       const ExchangeList& listA, const ExchangeList& listB, MessageComparison& messages,
                       SetAside& aside, const RecordingEnds& endsA, const RecordingEnds& endsB)
        : m_rules{rules},
          m_layers{layers},
          m_a{a},
          m_b{b},
          m_listA{listA},
          m_listB{listB},
          m_messages{messages},
          m_aside{aside},
          m_endsA{endsA},
          m_endsB{endsB}
    {}

    // The differences of one slot, in their order: where it stands, when it began, then message by message.
    std::vector<Difference> compare(const Slot& slot, Tally& tally);

    // Whether the other recording had ended when that exchange, which only one side has, would have come: going by the
    // pair before it.
    bool isAfterTheEnd(const Slot& slot) const;

    // "GET /basic.txt", from the first message of an exchange.
    std::string labelOf(const ComparedSide& side, const ExchangeList& list, const Exchange& exchange) const;

private:
    // A hash of the key of an exchange; of lines (keys that are an outcome) only of the words that name nothing: without
    // digits and without '/'.
    std::uint64_t groupOf(const ComparedSide& side, const ExchangeList& list, const Exchange& exchange) const;
    const StoredEvent& event(const ComparedSide& side, std::uint32_t number) const
    {
        return side.trace.store().events()[number];
    }
    Difference whole(DifferenceKind what, const Slot& slot) const;
    void messages(const Exchange& a, const Exchange& b, std::vector<Difference>& out, Tally& tally);
    // The first answer, from the beginning of its exchange.
    void answer(const Exchange& a, const Exchange& b, std::vector<Difference>& out, Tally& tally);
    // A later message, from the one before it where that came from the other end.
    void laterAnswer(const Exchange& a, std::uint32_t atA, const Exchange& b, std::uint32_t atB,
                     std::vector<Difference>& out, Tally& tally);
    void answerTime(const Exchange& a, std::uint32_t numberA, std::uint32_t numberB, emulator::Duration timeA,
                    emulator::Duration timeB, std::vector<Difference>& out, Tally& tally);
    void pause(const Slot& slot, const Exchange& a, const Exchange& b, std::vector<Difference>& out,
               Tally& tally);
    Difference timing(TimeRelation relation, const Exchange& a, std::uint32_t numberA, std::uint32_t numberB,
                      emulator::Duration timeA, emulator::Duration timeB) const;
    bool within(const Exchange& exchange, TimeRelation relation, emulator::Duration a, emulator::Duration b);
    std::vector<AlignItem> items(const ComparedSide& side, const ExchangeList& list,
                                 const Exchange& exchange) const;
    void remember(const Slot& slot, const Exchange& a);

    const Rules& m_rules;
    const Layers& m_layers;
    ComparedSide& m_a;
    ComparedSide& m_b;
    const ExchangeList& m_listA;
    const ExchangeList& m_listB;
    MessageComparison& m_messages;
    SetAside& m_aside;
    const RecordingEnds& m_endsA;
    const RecordingEnds& m_endsB;
    // Pairs that went before, from which pauses are measured.
    using Before = std::pair<std::uint32_t, std::uint32_t>;
    std::optional<Before> m_last;
    std::vector<std::optional<Before>> m_lastOfLayer;
    std::unordered_map<std::uint64_t, Before> m_lastOfKey;
};

// "1.5 s", "30 s", "250 ms".
std::string shownTime(emulator::Duration time);

}  // namespace hwbridge
