#include "ui/desktop/ladder_rows.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/trace/event_layer.hpp"
#include "scenarios/engine/event_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <sstream>

namespace ui {

using namespace std::chrono_literals;
using emulator::Duration;
using emulator::EventKind;
using emulator::FieldName;
using emulator::MuteLed;
using emulator::TimePoint;
using emulator::TraceEvent;
using hwbridge::StoredEvent;

namespace {

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), emulator::lowerAscii);
    return text;
}

LadderRows::Kind kindOf(const TraceEvent& event)
{
    if (scenarios::isMessage(event))
        return LadderRows::Kind::Message;
    if (event.kind == EventKind::PhoneDisplay)
        return LadderRows::Kind::Display;
    const std::string_view layer = emulator::layerOf(event.kind);
    return layer == "rig" || layer == "run" ? LadderRows::Kind::Step : LadderRows::Kind::Note;
}

std::string stepText(const TraceEvent& event)
{
    switch (event.kind) {
    case EventKind::RunBegin:
        return fmt::format("run of {} begins {}", event.text(FieldName::Target), event.text(FieldName::Name));
    case EventKind::RunEnd:
        return fmt::format("run ends {}", event.text(FieldName::Verdict));
    case EventKind::RigStep:
        return std::string{event.text(FieldName::Step)};
    case EventKind::RigVerdict:
        return fmt::format("{}: {}", event.text(FieldName::Verdict), event.text(FieldName::Step));
    default:
        return fmt::format("{}: {}", name(event.kind), scenarios::eventText(event));
    }
}

}  // namespace

std::string clockText(TimePoint at)
{
    const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
    return fmt::format("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
}

void LadderRows::begin(std::shared_ptr<const hwbridge::TraceStore> trace, LadderSubject subject)
{
    m_trace = std::move(trace);
    m_subject = std::move(subject);
    beginAnew();
}

void LadderRows::beginAnew()
{
    m_lanes = scenarios::LadderLanes{m_subject.phone, m_subject.address, mostLanes};
    for (const auto& [endpoint, name] : m_subject.servers)
        m_lanes.addServer(endpoint, name);
    m_rows.clear();
    m_leds.resize(1);
    m_hasDisplay = false;
}

void LadderRows::setFilter(std::string_view text, bool syslogOnly)
{
    m_wanted.clear();
    m_unwanted.clear();
    m_syslogOnly = syslogOnly;
    std::istringstream words{lowered(std::string{text})};
    for (std::string word; words >> word;)
        if (word.size() > 1 && word.front() == '-')
            m_unwanted.push_back(word.substr(1));
        else
            m_wanted.push_back(word);
}

void LadderRows::add(std::uint32_t number)
{
    const TraceEvent event = m_trace->event(m_trace->events()[number]);
    Row row;
    row.event = number;
    row.kind = kindOf(event);
    m_hasDisplay = m_hasDisplay || row.kind == Kind::Display;
    const bool ofPhone = emulator::layerOf(event.kind) == "phone";
    const bool aside = row.kind == Kind::Step || event.kind == EventKind::ServerFault || ofPhone;
    if (!aside && event.by != m_subject.by)
        return;
    if (row.kind == Kind::Message) {
        row.toPeer = m_lanes.isToPeer(event);
        row.lane = static_cast<std::uint16_t>(m_lanes.laneOf(event, row.toPeer ? event.to : event.from));
        row.lost = !event.text(FieldName::Error).empty();
    } else if (event.kind == EventKind::ServerFault) {
        row.lane = static_cast<std::uint16_t>(m_lanes.laneOf(event, event.from));
    }
    row.bad = scenarios::isBad(event) || event.kind == EventKind::RigLag ||
              (event.kind == EventKind::RigVerdict && event.text(FieldName::Verdict) == "failed");
    if (event.kind == EventKind::PhoneLed)
        if (const std::optional<MuteLed> led = emulator::muteLedNamed(event.text(FieldName::State)))
            m_leds.push_back({number, *led, event.at});
    if (!passes(row, event))
        return;
    addPause(number);
    m_rows.push_back(row);
}

// Before the row of this event.
void LadderRows::addPause(std::uint32_t number)
{
    if (m_rows.empty())
        return;
    Row row = m_rows.back();
    const Duration time = m_trace->events()[number].at - m_trace->events()[row.event].at;
    if (time < leastPause)
        return;
    const LedChange& last = m_leds.back();
    const LedChange& before = last.event == number && m_leds.size() > 1 ? m_leds[m_leds.size() - 2] : last;
    const bool blinks = before.led != MuteLed::Off;
    const auto seconds = static_cast<std::size_t>((time + 1s - 1us) / 1s);
    row = {row.event, 0, Kind::Pause};
    for (std::size_t i = 0; i < (blinks ? std::min(seconds, mostPauseRows) : 1); ++i) {
        row.second = static_cast<std::uint8_t>(i);
        m_rows.push_back(row);
    }
}

bool LadderRows::passes(const Row& row, const TraceEvent& event) const
{
    if (m_syslogOnly && event.kind != EventKind::SyslogMessage)
        return false;
    if (m_wanted.empty() && m_unwanted.empty())
        return true;
    std::string said = textOf(row, event);
    said.append(1, '\n').append(name(event.kind)).append(1, '\n').append(clockText(event.at));
    if (row.lane > 0)
        said.append(1, '\n').append(m_lanes.titles()[row.lane]);
    said = lowered(std::move(said));
    const auto has = [&](const std::string& word) { return said.find(word) != std::string::npos; };
    return std::all_of(m_wanted.begin(), m_wanted.end(), has) &&
           std::none_of(m_unwanted.begin(), m_unwanted.end(), has);
}

std::string LadderRows::textOf(const Row& row, const TraceEvent& event) const
{
    switch (row.kind) {
    case Kind::Message:
        return scenarios::messageLabel(event);
    case Kind::Step:
        return stepText(event);
    case Kind::Display:
        return std::string{event.text(FieldName::Text)};
    default:
        break;
    }
    std::string text = scenarios::eventText(event);
    switch (event.kind) {
    case EventKind::PhoneLed:
        return "LED " + text;
    case EventKind::ServerFault:
        return "fault: " + text;
    case EventKind::PhoneState:
    case EventKind::PhoneParam:
        return text;
    default:
        return fmt::format("{} {}", name(event.kind), text);
    }
}

std::string LadderRows::text(std::size_t row) const
{
    if (m_rows[row].kind == Kind::Pause)
        return {};
    return textOf(m_rows[row], m_trace->event(eventOf(row)));
}

Duration LadderRows::pause(std::size_t row) const
{
    std::size_t next = row;
    while (m_rows[next].kind == Kind::Pause)
        ++next;
    return eventOf(next).at - eventOf(row).at;
}

std::pair<TimePoint, TimePoint> LadderRows::span(std::size_t row) const
{
    const TimePoint at = eventOf(row).at;
    const Row& one = m_rows[row];
    if (one.kind != Kind::Pause)
        return {at, at};
    const TimePoint end = at + pause(row);
    const bool last = m_rows[row + 1].kind != Kind::Pause;
    const TimePoint from = at + one.second * 1s;
    // The last of many seconds is the end of the pause.
    if (last && end - from > 1s)
        return {end - 1s, end};
    return {from, std::min(end, from + 1s)};
}

const LadderRows::LedChange& LadderRows::changeAt(std::size_t row, TimePoint at) const
{
    const std::uint32_t own = m_rows[row].event;
    std::uint32_t until = own;
    if (m_rows[row].kind == Kind::Pause) {
        while (m_rows[row].kind == Kind::Pause)
            ++row;
        until = m_rows[row].event;
    }
    auto change =
        std::upper_bound(m_leds.begin() + 1, m_leds.end(), until,
                         [](std::uint32_t event, const LedChange& one) { return event < one.event; });
    --change;
    while (change->event > own && change->at > at)
        --change;
    return *change;
}

bool LadderRows::isLit(std::size_t row, TimePoint at) const
{
    const LedChange& change = changeAt(row, at);
    return emulator::isLit(change.led, change.at, at);
}

MuteLed LadderRows::led(std::size_t row) const
{
    return changeAt(row, span(row).first).led;
}

std::optional<std::size_t> LadderRows::rowOf(std::uint32_t event) const
{
    const auto at = std::lower_bound(m_rows.begin(), m_rows.end(), event,
                                     [](const Row& row, std::uint32_t wanted) { return row.event < wanted; });
    if (at == m_rows.end())
        return std::nullopt;
    return static_cast<std::size_t>(at - m_rows.begin());
}

scenarios::Ladder LadderRows::ladder() const
{
    using Drawn = scenarios::LadderRow;
    scenarios::Ladder ladder;
    ladder.lanes = lanes();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Row& row = m_rows[i];
        if (row.kind == Kind::Pause)
            continue;
        Drawn& drawn = ladder.rows.emplace_back();
        drawn.kind = row.kind == Kind::Message ? Drawn::Kind::Message
                     : row.kind == Kind::Step  ? Drawn::Kind::Step
                                               : Drawn::Kind::Note;
        drawn.at = eventOf(i).at;
        drawn.text = text(i);
        drawn.peer = row.lane;
        drawn.toPeer = row.toPeer;
        drawn.lost = row.lost;
        drawn.bad = row.bad;
        drawn.layer = emulator::layerOf(eventOf(i).kind);
        const LedChange& change = changeAt(i, drawn.at);
        drawn.led = change.led;
        drawn.ledSince = change.at;
    }
    return ladder;
}

LadderRows LadderRows::over(std::shared_ptr<const hwbridge::TraceStore> trace) const
{
    LadderRows copy = *this;
    copy.m_trace = std::move(trace);
    return copy;
}

std::string detailOf(const hwbridge::TraceStore& trace, std::uint32_t number)
{
    const StoredEvent& stored = trace.events()[number];
    const TraceEvent event = trace.event(stored);
    const auto us = event.at.time_since_epoch().count();
    std::string text = fmt::format("{}\nat {}.{:06} s, seen by {}\n", name(event.kind), us / 1'000'000,
                                   us % 1'000'000, name(event.by));
    if (event.from != emulator::Endpoint{} || event.to != emulator::Endpoint{})
        text += fmt::format("{} \xe2\x86\x92 {}\n", event.from.text(), event.to.text());
    if (event.phone)
        text += fmt::format("phone {}\n", event.phone->colons());
    if (stored.line > 0)
        text += fmt::format("line {} of the file\n", stored.line);
    text += '\n';
    for (const emulator::Field& field : event.fields) {
        const auto* const amount = std::get_if<std::int64_t>(&field.value);
        const std::string value = amount != nullptr ? std::to_string(*amount)
                                                    : std::string{std::get<std::string_view>(field.value)};
        const bool lines = value.find('\n') != std::string::npos;
        fmt::format_to(std::back_inserter(text), "{}:{}{}\n", name(field.name), lines ? "\n" : " ", value);
    }
    return text;
}

}  // namespace ui
