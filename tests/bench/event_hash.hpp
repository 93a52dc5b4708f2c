#pragma once

#include "emulator/trace/trace_event.hpp"

#include <array>
#include <cstdint>

namespace bench {

// Hashes every event with all that it holds. The sum does not depend on the order of events, so that shards may
// hash their own; each event's own place in the run's order is part of its hash.
class EventHash : public emulator::TraceSink {
public:
    bool wants(emulator::EventKind) const override { return true; }
    void seen(const emulator::TraceEvent& event) override;

    std::uint64_t sum() const { return m_sum; }
    std::uint64_t events() const;
    std::uint64_t events(emulator::EventKind kind) const { return m_events[static_cast<std::size_t>(kind)]; }
    void add(const EventHash& other);

private:
    std::uint64_t m_sum = 0;
    std::array<std::uint64_t, static_cast<std::size_t>(emulator::EventKind::Count)> m_events{};
    std::array<char, 64> m_apart{};  // the next shard's hash is on another cache line
};

}  // namespace bench
