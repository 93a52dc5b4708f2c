#include "scenarios/report/ladder.hpp"

#include "scenarios/engine/event_watch.hpp"

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

std::string_view layerOf(EventKind kind)
{
    const std::string_view whole = name(kind);
    return whole.substr(0, whole.find('.'));
}

bool isMessage(EventKind kind)
{
    const std::string_view layer = layerOf(kind);
    return layer == "tftp" || layer == "http" || layer == "dns" || layer == "syslog" || layer == "sip";
}

// A syslog line without its time stamp, which the ladder shows itself: "Jan  1 00:00:05 text".
std::string withoutStamp(std::string text)
{
    constexpr std::size_t stamp = 16;
    const bool stamped = text.size() > stamp && text[3] == ' ' && text[6] == ' ' && text[9] == ':' &&
                         text[12] == ':' && text[15] == ' ';
    return stamped ? text.substr(stamp) : text;
}

// "340 bytes", "1.2 kB", "3.4 MB"; no floating point, as everywhere in reports of virtual time.
std::string sizeText(std::int64_t bytes)
{
    if (bytes < 1000)
        return fmt::format("{} bytes", bytes);
    const bool mega = bytes >= 999'950;
    const std::int64_t tenths = mega ? (bytes + 50'000) / 100'000 : (bytes + 50) / 100;
    return fmt::format("{}.{} {}", tenths / 10, tenths % 10, mega ? "MB" : "kB");
}

class Builder {
public:
    Builder(const CaseResult& result, PhoneNumber phone, std::size_t most)
        : m_case{result},
          m_phone{result.phones[static_cast<std::size_t>(phone)]},
          m_most{most}
    {
        m_ladder.lanes.push_back(m_phone.name);
        for (const ServerAt& server : result.servers) {
            m_lanes.emplace(server.endpoint, m_ladder.lanes.size());
            m_ladder.lanes.push_back(server.name);
        }
    }

    Ladder build()
    {
        for (const EventArchive::Part& part : m_case.events.parts())
            for (const TraceEvent& event : part.events)
                add(event);
        foldBlocks();
        foldParameters();
        leaveOut();
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
        if (event.by == Observer::Phone && isMessage(event.kind))
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

    // A transfer goes on from another port of the server: its exchange remembers whose it is.
    std::size_t laneOf(const TraceEvent& event, const emulator::Endpoint& peer)
    {
        if (const auto lane = m_lanes.find(peer); lane != m_lanes.end()) {
            m_exchanges[event.exchange] = lane->second;
            return lane->second;
        }
        if (const auto lane = m_exchanges.find(event.exchange); lane != m_exchanges.end())
            return lane->second;
        const bool many = m_others.size() >= maxOtherLanes && !m_others.contains(peer.text());
        const std::string title = isPage(event)                          ? "browser"
                                  : layerOf(event.kind) == "dns"         ? "dns"
                                  : peer == emulator::Endpoint{} || many ? "elsewhere"
                                                                         : peer.text();
        const auto [lane, fresh] = m_others.try_emplace(title, m_ladder.lanes.size());
        if (fresh)
            m_ladder.lanes.push_back(title);
        m_exchanges[event.exchange] = lane->second;
        return lane->second;
    }

    // A browser asks the phone's own pages, from a new port each time.
    bool isPage(const TraceEvent& event) const
    {
        return (event.kind == EventKind::HttpRequest && event.to.address == m_phone.address) ||
               (event.kind == EventKind::HttpResponse && event.from.address == m_phone.address);
    }

    // As the ladder labels it. Which phone a syslog line is from is plain to see here.
    std::string label(const TraceEvent& event) const
    {
        std::string text = eventText(event);
        if (event.kind == EventKind::HttpResponse && event.number(FieldName::Bytes).value_or(0) > 0)
            return fmt::format("{}, {}", text, sizeText(*event.number(FieldName::Bytes)));
        if (event.kind != EventKind::SyslogMessage)
            return text;
        text = withoutStamp(std::move(text));
        const std::string sender = fmt::format("{} {} -- ", m_phone.model, m_phone.mac.colons());
        return text.starts_with(sender) ? text.substr(sender.size()) : text;
    }

    void message(const TraceEvent& event)
    {
        LadderRow row = rowFor(event, LadderRow::Kind::Message);
        row.toPeer = event.from.address == m_phone.address ||
                     (event.to.address != m_phone.address &&
                      (event.kind == EventKind::HttpRequest || event.kind == EventKind::DnsQuery));
        row.peer = laneOf(event, row.toPeer ? event.to : event.from);
        const std::string error = fieldText(event, FieldName::Error).value_or("");
        row.text = error.empty() ? label(event) : error;
        row.lost = !error.empty();
        row.bad = row.lost || event.kind == EventKind::TftpError ||
                  ((event.kind == EventKind::HttpResponse || event.kind == EventKind::SipResponse) &&
                   event.number(FieldName::Status).value_or(0) >= 400);
        m_ladder.rows.push_back(std::move(row));
        if (event.kind == EventKind::TftpData || event.kind == EventKind::TftpAck)
            m_transfers[event.exchange].push_back(
                {m_ladder.rows.size() - 1, event.number(FieldName::Block).value_or(0)});
    }

    void note(const TraceEvent& event)
    {
        if (event.kind == EventKind::PhoneLed) {
            const std::string_view shown = event.text(FieldName::State);
            for (const MuteLed one : {MuteLed::Off, MuteLed::SlowBlink, MuteLed::FastBlink})
                if (shown == name(one))
                    m_led = one;
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
        const auto named =
            std::find(m_ladder.lanes.begin() + 1, m_ladder.lanes.end(), event.text(FieldName::Server));
        row.peer = named == m_ladder.lanes.end() ? laneOf(event, event.from)
                                                 : static_cast<std::size_t>(named - m_ladder.lanes.begin());
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

    // Our choice: of ends that are no server of the rig's, how many get a lane of their own.
    static constexpr std::size_t maxOtherLanes = 4;

    const CaseResult& m_case;
    const StagePhone& m_phone;
    std::size_t m_most;
    Ladder m_ladder;
    std::map<emulator::Endpoint, std::size_t> m_lanes;
    std::map<emulator::ExchangeId, std::size_t> m_exchanges;
    std::map<std::string, std::size_t> m_others;
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
