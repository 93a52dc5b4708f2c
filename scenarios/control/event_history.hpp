#pragma once

#include "emulator/trace/trace_event.hpp"
#include "scenarios/control/control_message.hpp"

#include <deque>
#include <mutex>
#include <optional>
#include <string>

namespace scenarios::control {

// The last events of a fleet or of a run, for whoever opens a timeline. Bounded: the oldest leave first. Written by the
// thread that has the trace, read by the one that talks to windows.
class EventHistory : public emulator::TraceSink {
public:
    // Our choice: an hour of a small fleet, the last seconds of a hundred thousand busy phones.
    static constexpr std::size_t mostBytes = 64u << 20;
    static constexpr std::size_t eventsPerAnswer = 2000;

    bool wants(emulator::EventKind) const override { return true; }
    void seen(const emulator::TraceEvent& event) override;

    // The events of one phone after number `after`, oldest first; of more than fit into an answer the newest when
    // `after` is 0, else the next ones.
    Events of(const emulator::MacAddress& phone, std::uint64_t after) const;
    // Those of all phones and of none after number `after`, oldest first, as many as fit.
    Events all(std::uint64_t after) const;
    std::uint64_t last() const;  // the number of the last one; they count from 1

private:
    struct Kept {
        std::uint64_t number;
        std::optional<std::uint64_t> phone;  // MacAddress::number()
        std::string line;
    };
    class Filler;
    Events next(std::uint64_t after, Filler& filler) const;
    mutable std::mutex m_mutex;
    std::deque<Kept> m_events;
    std::size_t m_bytes = 0;
    std::uint64_t m_last = 0;
};

}  // namespace scenarios::control
