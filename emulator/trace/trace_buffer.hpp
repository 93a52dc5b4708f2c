#pragma once

#include "emulator/trace/trace_event.hpp"

#include <deque>
#include <string>
#include <vector>

namespace emulator {

// Keeps events with their texts, in the order they came. Views handed out stay valid until clear(), which keeps the
// memory for the next round.
class TraceBuffer {
public:
    void add(const TraceEvent& event);
    const std::vector<TraceEvent>& events() const { return m_events; }
    std::size_t bytes() const { return m_textBytes + m_events.size() * sizeof(TraceEvent); }
    void clear();

private:
    std::string_view keep(std::string_view text);

    static constexpr std::size_t chunkBytes = 64u << 10;
    std::vector<TraceEvent> m_events;
    std::deque<std::string> m_chunks;  // texts; a chunk never grows beyond its first capacity
    std::size_t m_chunk = 0;           // the one being filled
    std::size_t m_textBytes = 0;
};

}  // namespace emulator
