#include "scenarios/report/ladder.hpp"

#include "emulator/base/xml_text.hpp"
#include "scenarios/engine/event_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
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
    return layer == "tftp" || layer == "http" || layer == "dns" || layer == "syslog";
}

// A syslog line without its time stamp, which the ladder shows itself: "Jan  1 00:00:05 text".
std::string withoutStamp(std::string text)
{
    constexpr std::size_t stamp = 16;
    const bool stamped = text.size() > stamp && text[3] == ' ' && text[6] == ' ' && text[9] == ':' &&
                         text[12] == ':' && text[15] == ' ';
    return stamped ? text.substr(stamp) : text;
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
        if (m_ladder.rows.size() > m_most) {
            m_ladder.left = m_ladder.rows.size() - m_most;
            m_ladder.rows.resize(m_most);
        }
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
        const std::string title = layerOf(event.kind) == "dns"   ? "dns"
                                  : peer == emulator::Endpoint{} ? "elsewhere"
                                                                 : peer.text();
        const auto [lane, fresh] = m_others.try_emplace(title, m_ladder.lanes.size());
        if (fresh)
            m_ladder.lanes.push_back(title);
        m_exchanges[event.exchange] = lane->second;
        return lane->second;
    }

    void message(const TraceEvent& event)
    {
        LadderRow row = rowFor(event, LadderRow::Kind::Message);
        row.toPeer = event.from.address == m_phone.address ||
                     (event.to.address != m_phone.address &&
                      (event.kind == EventKind::HttpRequest || event.kind == EventKind::DnsQuery));
        row.peer = laneOf(event, row.toPeer ? event.to : event.from);
        const std::string error = fieldText(event, FieldName::Error).value_or("");
        row.text = error.empty() ? eventText(event) : error;
        if (event.kind == EventKind::SyslogMessage)
            row.text = withoutStamp(std::move(row.text));
        row.bad =
            !error.empty() || event.kind == EventKind::TftpError ||
            (event.kind == EventKind::HttpResponse && event.number(FieldName::Status).value_or(0) >= 400);
        m_ladder.rows.push_back(std::move(row));
        m_blocks.push_back(event.kind == EventKind::TftpData || event.kind == EventKind::TftpAck
                               ? std::optional{event.exchange}
                               : std::nullopt);
        m_blockRows.push_back(m_ladder.rows.size() - 1);
    }

    void note(const TraceEvent& event)
    {
        if (event.kind == EventKind::PhoneLed) {
            const std::string_view shown = event.text(FieldName::State);
            for (const MuteLed one : {MuteLed::Off, MuteLed::SlowBlink, MuteLed::FastBlink})
                if (shown == name(one))
                    m_led = one;
        }
        LadderRow row = rowFor(event, LadderRow::Kind::Note);
        row.text =
            event.kind == EventKind::PhoneLed ? fmt::format("LED {}", eventText(event)) : eventText(event);
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

    // Keeps the first and the last two of a transfer's blocks and acknowledgements.
    void foldBlocks()
    {
        constexpr std::size_t keep = 2;
        constexpr std::size_t worth = 8;
        std::map<emulator::ExchangeId, std::vector<std::size_t>> transfers;
        for (std::size_t i = 0; i < m_blocks.size(); ++i)
            if (m_blocks[i])
                transfers[*m_blocks[i]].push_back(m_blockRows[i]);
        std::vector<bool> gone(m_ladder.rows.size());
        for (const auto& [exchange, rows] : transfers) {
            if (rows.size() < worth)
                continue;
            for (std::size_t i = keep; i + keep < rows.size(); ++i)
                gone[rows[i]] = true;
            LadderRow& fold = m_ladder.rows[rows[keep]];
            gone[rows[keep]] = false;
            fold.kind = LadderRow::Kind::Fold;
            fold.text = fmt::format("{} more blocks and acknowledgements", rows.size() - 2 * keep);
        }
        std::size_t at = 0;
        std::erase_if(m_ladder.rows, [&](const LadderRow&) { return gone[at++]; });
    }

    const CaseResult& m_case;
    const StagePhone& m_phone;
    std::size_t m_most;
    Ladder m_ladder;
    std::map<emulator::Endpoint, std::size_t> m_lanes;
    std::map<emulator::ExchangeId, std::size_t> m_exchanges;
    std::map<std::string, std::size_t> m_others;
    std::vector<std::optional<emulator::ExchangeId>>
        m_blocks;  // of messages, the transfer they are a block of
    std::vector<std::size_t> m_blockRows;
    MuteLed m_led = MuteLed::Off;
};

// ---- drawing; lengths in pixels

constexpr int timeWidth = 78;
constexpr int widest = 1170;  // what fits into the page; more servers than that scroll
constexpr int leastGap = 190;
constexpr int mostGap = 420;
constexpr int rowHeight = 26;
constexpr int headHeight = 44;
constexpr int leftMargin = 130;   // of the phone's lane: its notes stand there
constexpr int rightMargin = 110;  // of the last lane: faults stand there
constexpr double letterWidth = 6.6;

// As many characters as fit; bytes of one UTF-8 character stay together.
std::string fitted(std::string_view text, std::size_t letters)
{
    std::size_t count = 0;
    std::size_t end = 0;
    while (end < text.size() && count < letters) {
        ++end;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
            ++end;
        ++count;
    }
    return end == text.size() ? std::string{text} : std::string{text.substr(0, end)} + "\xe2\x80\xa6";
}

std::string clockText(emulator::TimePoint at)
{
    return fmt::format("{:.3f}", static_cast<double>(at.time_since_epoch().count()) / 1e6);
}

class Drawing {
public:
    explicit Drawing(const Ladder& ladder) : m_ladder{ladder}
    {
        const auto gaps = std::max<int>(static_cast<int>(ladder.lanes.size()) - 1, 1);
        m_gap = std::clamp((widest - timeWidth - leftMargin - rightMargin) / gaps, leastGap, mostGap);
    }

    std::string draw()
    {
        const int width = std::max(laneX(m_ladder.lanes.size() - 1) + rightMargin, 520);
        const int height = headHeight + static_cast<int>(m_ladder.rows.size()) * rowHeight + 16;
        put("<svg class=\"ladder\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
            "aria-label=\"Messages of {2} in the order of time\">\n",
            width, height, emulator::escapeXml(m_ladder.lanes.front()));
        bands(width);
        lanes(height);
        lights();
        for (std::size_t i = 0; i < m_ladder.rows.size(); ++i)
            row(m_ladder.rows[i], headHeight + static_cast<int>(i) * rowHeight);
        m_out += "</svg>\n";
        return std::move(m_out);
    }

private:
    template <class... Values>
    void put(fmt::format_string<Values...> form, Values&&... values)
    {
        fmt::format_to(std::back_inserter(m_out), form, std::forward<Values>(values)...);
    }

    int laneX(std::size_t lane) const { return timeWidth + leftMargin + static_cast<int>(lane) * m_gap; }

    static std::size_t lettersIn(int pixels)
    {
        return static_cast<std::size_t>(std::max(pixels, 40) / letterWidth);
    }

    void bands(int width)
    {
        for (std::size_t i = 0; i < m_ladder.rows.size(); ++i)
            if (m_ladder.rows[i].kind == LadderRow::Kind::Step)
                put("<rect class=\"band{}\" x=\"0\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n",
                    m_ladder.rows[i].bad ? " bad" : "", headHeight + static_cast<int>(i) * rowHeight + 2,
                    width, rowHeight - 4);
    }

    void lanes(int height)
    {
        for (std::size_t lane = 0; lane < m_ladder.lanes.size(); ++lane) {
            const int x = laneX(lane);
            const std::string title = fitted(m_ladder.lanes[lane], 22);
            put("<line class=\"lane\" x1=\"{0}\" y1=\"34\" x2=\"{0}\" y2=\"{1}\"/>\n", x, height - 6);
            put("<rect class=\"head{}\" x=\"{}\" y=\"8\" width=\"150\" height=\"26\" rx=\"5\"/>\n",
                lane == 0 ? " phone" : "", x - 75);
            put("<text class=\"title\" x=\"{}\" y=\"26\">{}</text>\n", x, emulator::escapeXml(title));
        }
    }

    // A bar beside the phone's lane: what the mute LED shows, from row to row.
    void lights()
    {
        const int x = laneX(0) - 9;
        for (std::size_t i = 0; i < m_ladder.rows.size();) {
            std::size_t end = i + 1;
            while (end < m_ladder.rows.size() && m_ladder.rows[end].led == m_ladder.rows[i].led)
                ++end;
            const MuteLed led = m_ladder.rows[i].led;
            if (led != MuteLed::Off)
                put("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"5\" height=\"{}\"><title>mute LED: "
                    "{}</title></rect>\n",
                    led == MuteLed::SlowBlink ? "slow" : "fast", x,
                    headHeight + static_cast<int>(i) * rowHeight + rowHeight / 2,
                    static_cast<int>(end - i) * rowHeight, name(led));
            i = end;
        }
    }

    void row(const LadderRow& row, int y)
    {
        const std::string time = clockText(row.at);
        if (time != m_time)
            put("<text class=\"time\" x=\"{}\" y=\"{}\">{}</text>\n", timeWidth - 10, y + 17, time);
        m_time = time;
        switch (row.kind) {
        case LadderRow::Kind::Step:
            step(row, y);
            break;
        case LadderRow::Kind::Note:
            note(row, y);
            break;
        case LadderRow::Kind::Message:
        case LadderRow::Kind::Fold:
            message(row, y);
            break;
        }
    }

    void step(const LadderRow& row, int y)
    {
        const std::size_t room = lettersIn(laneX(m_ladder.lanes.size() - 1) + rightMargin - timeWidth - 30);
        put("<text class=\"step{}\" x=\"{}\" y=\"{}\">{}{}<title>{}</title></text>\n", row.bad ? " bad" : "",
            timeWidth, y + 17,
            row.bad    ? "\xe2\x9c\x97 "
            : row.good ? "\xe2\x9c\x93 "
                       : "",
            emulator::escapeXml(fitted(row.text, room)), emulator::escapeXml(row.text));
    }

    void note(const LadderRow& row, int y)
    {
        const int x = laneX(row.peer);
        put("<circle class=\"dot{}\" cx=\"{}\" cy=\"{}\" r=\"3.5\"/>\n", row.bad ? " bad" : "", x, y + 13);
        const bool phone = row.peer == 0;
        put("<text class=\"note{}{}\" x=\"{}\" y=\"{}\">{}<title>{}</title></text>\n", row.bad ? " bad" : "",
            phone ? " left" : "", phone ? x - 16 : x + 10, y + 17, emulator::escapeXml(fitted(row.text, 20)),
            emulator::escapeXml(row.text));
    }

    void message(const LadderRow& row, int y)
    {
        const int phone = laneX(0);
        const int peer = laneX(row.peer);
        const int line = y + 20;
        const bool fold = row.kind == LadderRow::Kind::Fold;
        const std::string kind = fmt::format("{}{}{}", row.layer, row.bad ? " bad" : "", fold ? " fold" : "");
        const int from = row.toPeer ? phone : peer;
        const int tip = row.toPeer ? peer : phone;
        put("<line class=\"arrow {}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", kind, from, line, tip,
            line);
        if (!fold) {
            const int back = row.toPeer ? -8 : 8;
            put("<path class=\"tip {}\" d=\"M{} {} l{} -4 v8 z\"/>\n", kind, tip, line, back);
        }
        put("<text class=\"label {}\" x=\"{}\" y=\"{}\">{}<title>{}</title></text>\n", kind, phone + 12,
            line - 5, emulator::escapeXml(fitted(row.text, lettersIn(peer - phone - 26))),
            emulator::escapeXml(row.text));
    }

    const Ladder& m_ladder;
    int m_gap = mostGap;
    std::string m_out;
    std::string m_time;
};

}  // namespace

Ladder ladderOf(const CaseResult& result, PhoneNumber phone, std::size_t maxRows)
{
    return Builder{result, phone, maxRows}.build();
}

std::string ladderSvg(const Ladder& ladder)
{
    return Drawing{ladder}.draw();
}

}  // namespace scenarios
