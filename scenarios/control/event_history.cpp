#include "scenarios/control/event_history.hpp"

#include "emulator/trace/ndjson.hpp"

#include <algorithm>

namespace scenarios::control {

namespace {

constexpr std::size_t longestEvent = 4096;
constexpr std::size_t mostAnswered = 3u << 20;  // bytes: half of them may need a backslash

}  // namespace

// Takes events while an answer has room for them.
class EventHistory::Filler {
public:
    explicit Filler(std::optional<std::uint64_t> phone, std::uint64_t after) : m_phone{phone}
    {
        events.last = after;
    }

    // False when there is no room for it.
    bool take(const Kept& kept)
    {
        if (m_phone && kept.phone != m_phone)
            return true;
        m_bytes += kept.line.size();
        if (m_bytes > mostAnswered || events.lines.size() == eventsPerAnswer)
            return false;
        events.last = std::max(events.last, kept.number);
        events.lines.push_back(kept.line);
        return true;
    }

    Events events;

private:
    std::optional<std::uint64_t> m_phone;  // empty: all
    std::size_t m_bytes = 0;
};

void EventHistory::seen(const emulator::TraceEvent& event)
{
    std::string line;
    emulator::appendNdjson(line, event, m_last + 1);
    line.pop_back();  // the line's end
    if (line.size() > longestEvent)
        return;  // a file or a form: it is in the phone's parameters, and the request around it has events of its own
    line.shrink_to_fit();
    const std::lock_guard lock{m_mutex};
    m_bytes += line.capacity() + sizeof(Kept);
    m_events.push_back(
        {++m_last, event.phone ? std::optional{event.phone->number()} : std::nullopt, std::move(line)});
    while (m_bytes > mostBytes) {
        m_bytes -= m_events.front().line.capacity() + sizeof(Kept);
        m_events.pop_front();
    }
}

Events EventHistory::of(const emulator::MacAddress& phone, std::uint64_t after) const
{
    const std::lock_guard lock{m_mutex};
    Filler filler{phone.number(), after};
    if (after != 0)
        return next(after, filler);
    for (auto kept = m_events.rbegin(); kept != m_events.rend() && filler.take(*kept); ++kept)
        continue;
    std::reverse(filler.events.lines.begin(), filler.events.lines.end());
    return std::move(filler.events);
}

Events EventHistory::all(std::uint64_t after) const
{
    const std::lock_guard lock{m_mutex};
    Filler filler{std::nullopt, after};
    return next(after, filler);
}

Events EventHistory::next(std::uint64_t after, Filler& filler) const
{
    auto kept = std::upper_bound(m_events.begin(), m_events.end(), after,
                                 [](std::uint64_t n, const Kept& one) { return n < one.number; });
    while (kept != m_events.end() && filler.take(*kept))
        ++kept;
    return std::move(filler.events);
}

std::uint64_t EventHistory::last() const
{
    const std::lock_guard lock{m_mutex};
    return m_last;
}

}  // namespace scenarios::control
