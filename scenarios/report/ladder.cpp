#include "scenarios/report/ladder.hpp"

#include "emulator/trace/event_layer.hpp"
#include "scenarios/engine/event_watch.hpp"
#include "scenarios/report/ladder_lanes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace scenarios {

namespace {

using emulator::EventKind;
using emulator::FieldName;
using emulator::MuteLed;
using emulator::Observer;
using emulator::TraceEvent;

class Builder {
public:
    Builder(const CaseResult& result, PhoneNumber phone, std::size_t most)
        : m_case{result},
          m_phone{result.phones[static_cast<std::size_t>(phone)]},
          m_most{most},
          m_lanes{m_phone.name, m_phone.address}
    {
        for (const ServerAt& server : result.servers)
            m_lanes.addServer(server.endpoint, server.name);
    }

    Ladder build()
    {
        for (const EventArchive::Part& part : m_case.events.parts())
            for (const TraceEvent& event : part.events)
                add(event);
        foldBlocks();
        foldParameters();
        leaveOut();
        m_ladder.lanes = m_lanes.titles();
        return std::move(m_ladder);
    }

private:
    void add(const TraceEvent& event)
    {
        if (event.kind == EventKind::RigStep) {
            LadderRow row = rowFor(event, LadderRow::Kind::Step);
            row.text = event.text(FieldName::Step);
            m_ladder.rows.push_back(std::move(row));
            return;
        }
        if (event.kind == EventKind::RigVerdict) {
            markStep(event);
            return;
        }
        if (event.phone != m_phone.mac)
            return;
        if (event.by == Observer::Phone && isMessage(event))
            message(event);
        else if (event.by == Observer::Phone)
            note(event);
        else if (event.kind == EventKind::ServerFault)
            fault(event);
    }

    LadderRow rowFor(const TraceEvent& event, LadderRow::Kind kind)
    {
        LadderRow row;
        row.kind = kind;
        row.at = event.at;
        row.layer = layerOf(event.kind);
        row.led = m_led;
        row.ledSince = m_ledSince;
        return row;
    }

    void markStep(const TraceEvent& event)
    {
        for (auto row = m_ladder.rows.rbegin(); row != m_ladder.rows.rend(); ++row) {
            if (row->kind != LadderRow::Kind::Step || row->text != event.text(FieldName::Step))
                continue;
            row->bad = event.text(FieldName::Verdict) == name(StepStatus::Failed);
            row->good = event.text(FieldName::Verdict) == name(StepStatus::Met);
            return;
        }
    }

    void message(const TraceEvent& event)
    {
        LadderRow row = rowFor(event, LadderRow::Kind::Message);
        row.toPeer = m_lanes.isToPeer(event);
        row.peer = m_lanes.laneOf(event, row.toPeer ? event.to : event.from);
        row.text = messageLabel(event);
        row.lost = !event.text(FieldName::Error).empty();
        row.bad = isBad(event);
        m_ladder.rows.push_back(std::move(row));
        if (event.kind == EventKind::TftpData || event.kind == EventKind::TftpAck)
            m_transfers[event.exchange].push_back(
                {m_ladder.rows.size() - 1, event.number(FieldName::Block).value_or(0)});
    }

    void note(const TraceEvent& event)
    {
        if (event.kind == EventKind::PhoneLed) {
            m_led = emulator::muteLedNamed(event.text(FieldName::State)).value_or(m_led);
            m_ledSince = event.at;
        }
        LadderRow row = rowFor(event, LadderRow::Kind::Note);
        row.text =
            event.kind == EventKind::PhoneLed ? fmt::format("LED {}", eventText(event)) : eventText(event);
        row.parameter = event.kind == EventKind::PhoneParam;
        m_ladder.rows.push_back(std::move(row));
    }

    void fault(const TraceEvent& event)
    {
        LadderRow row = rowFor(event, LadderRow::Kind::Note);
        const std::vector<std::string>& lanes = m_lanes.titles();
        const auto named = std::find(lanes.begin() + 1, lanes.end(), event.text(FieldName::Server));
        row.peer = named == lanes.end() ? m_lanes.laneOf(event, event.from)
                                        : static_cast<std::size_t>(named - lanes.begin());
        row.text = fmt::format("fault: {}", eventText(event));
        row.bad = true;
        m_ladder.rows.push_back(std::move(row));
    }

    void erase(const std::vector<bool>& gone)
    {
        std::size_t at = 0;
        std::erase_if(m_ladder.rows, [&](const LadderRow&) { return gone[at++]; });
    }

    // Keeps the first and the last two of a transfer's blocks and acknowledgements.
    void foldBlocks()
    {
        constexpr std::size_t keep = 2;
        constexpr std::size_t worth = 8;
        std::vector<bool> gone(m_ladder.rows.size());
        for (const auto& [exchange, blocks] : m_transfers) {
            if (blocks.size() < worth)
                continue;
            for (std::size_t i = keep; i + keep < blocks.size(); ++i)
                gone[blocks[i].row] = true;
            LadderRow& fold = m_ladder.rows[blocks[keep].row];
            gone[blocks[keep].row] = false;
            fold.kind = LadderRow::Kind::Fold;
            fold.text = fmt::format("{} more blocks and acknowledgements", blocks.size() - 2 * keep);
            fold.blocks =
                fmt::format("{}\xe2\x80\xa6{}", blocks[keep].number, blocks[blocks.size() - keep - 1].number);
        }
        erase(gone);
    }

    // A profile that changes hundreds of parameters takes a few rows.
    void foldParameters()
    {
        constexpr std::size_t keep = 3;
        constexpr std::size_t worth = 6;
        std::vector<LadderRow>& rows = m_ladder.rows;
        std::vector<bool> gone(rows.size());
        for (std::size_t i = 0; i < rows.size();) {
            std::size_t end = i;
            while (end < rows.size() && rows[end].parameter)
                ++end;
            if (end - i >= worth) {
                std::fill(gone.begin() + static_cast<std::ptrdiff_t>(i + keep),
                          gone.begin() + static_cast<std::ptrdiff_t>(end - 1), true);
                rows[end - 1].text = fmt::format("{} more parameters", end - i - keep);
            }
            i = std::max(end, i + 1);
        }
        erase(gone);
    }

    // What went wrong mostly stands at the end, so that a part of it stays.
    void leaveOut()
    {
        std::vector<LadderRow>& rows = m_ladder.rows;
        if (rows.size() <= m_most)
            return;
        m_ladder.left = rows.size() - m_most;
        m_ladder.cut = m_most - m_most / 3;
        const auto from = rows.begin() + static_cast<std::ptrdiff_t>(m_ladder.cut);
        rows.erase(from, from + static_cast<std::ptrdiff_t>(m_ladder.left));
    }

    struct Block {
        std::size_t row = 0;
        std::int64_t number = 0;
    };

    const CaseResult& m_case;
    const StagePhone& m_phone;
    std::size_t m_most;
    Ladder m_ladder;
    LadderLanes m_lanes;
    std::map<emulator::ExchangeId, std::vector<Block>> m_transfers;
    MuteLed m_led = MuteLed::Off;
    emulator::TimePoint m_ledSince{};
};

}  // namespace

Ladder ladderOf(const CaseResult& result, PhoneNumber phone, std::size_t maxRows)
{
    return Builder{result, phone, maxRows}.build();
}

}  // namespace scenarios
