#include "scenarios/control/event_history.hpp"

#include "emulator/trace/ndjson.hpp"

#include <algorithm>

namespace scenarios::control {

namespace {

constexpr std::size_t longestEvent = 4096;
constexpr std::size_t mostAnswered = 3u << 20;  // bytes: half of them may need a backslash

}  // namespace

void EventHistory::seen(const emulator::TraceEvent& event)
{
    if (!event.phone)
        return;
    std::string line;
    emulator::appendNdjson(line, event, m_last + 1);
    line.pop_back();  // the line's end
    if (line.size() > longestEvent)
        return;  // a file or a form: it is in the phone's parameters, and the request around it has events of its own
    line.shrink_to_fit();
    const std::lock_guard lock{m_mutex};
    m_bytes += line.capacity() + sizeof(Kept);
    m_events.push_back({++m_last, event.phone->number(), std::move(line)});
    while (m_bytes > mostBytes) {
        m_bytes -= m_events.front().line.capacity() + sizeof(Kept);
        m_events.pop_front();
    }
}

Events EventHistory::of(const emulator::MacAddress& phone, std::uint64_t after) const
{
    const std::lock_guard lock{m_mutex};
    Events events;
    events.last = after;
    std::size_t bytes = 0;
    const auto take = [&](const Kept& kept) {
        if (kept.phone != phone.number())
            return true;
        bytes += kept.line.size();
        if (bytes > mostAnswered || events.lines.size() == eventsPerAnswer)
            return false;
        events.last = std::max(events.last, kept.number);
        events.lines.push_back(kept.line);
        return true;
    };
    if (after == 0) {
        for (auto kept = m_events.rbegin(); kept != m_events.rend() && take(*kept); ++kept)
            continue;
        std::reverse(events.lines.begin(), events.lines.end());
    } else {
        const auto next = std::upper_bound(m_events.begin(), m_events.end(), after,
                                           [](std::uint64_t n, const Kept& kept) { return n < kept.number; });
        for (auto kept = next; kept != m_events.end() && take(*kept); ++kept)
            continue;
    }
    return events;
}

}  // namespace scenarios::control
