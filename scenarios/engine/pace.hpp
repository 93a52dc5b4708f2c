#pragma once

#include "emulator/base/time_point.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace scenarios {

// How fast virtual time passes: not at all, a moment at a time, so many times as fast as real time, or as fast as it
// goes. A moment is what may be stopped before: an event of the trace, or an instant that a step waited for. Reads no
// clock: real time comes in as an argument.
class Pace {
public:
    using RealTime = std::chrono::steady_clock::time_point;
    static constexpr unsigned mostFactor = 86'400;  // our choice: a day in a second

    explicit Pace(bool paused) : m_paused{paused} {}

    // Orders.
    void pause(RealTime now);
    void step(RealTime now);  // one more moment passes, at once; then it is paused
    void go(RealTime now, std::optional<unsigned> factor);  // empty: as fast as it goes

    // The run has come to this moment; it is not before the last one.
    void reach(emulator::TimePoint moment) { m_next = moment; }
    // When the moment that was reached may pass. Empty: not before another order.
    std::optional<RealTime> due() const;
    void pass();  // it does
    // It is this late in the run, by less than anybody would wait for.
    void skipTo(emulator::TimePoint now) { m_now = std::max(m_now, now); }

    bool isPaused() const { return m_paused; }
    bool isHeld() const { return m_next && !due(); }  // nothing happens before another order
    std::optional<unsigned> factor() const { return m_factor; }
    emulator::TimePoint now(RealTime now) const;  // never beyond the moment that was reached

private:
    emulator::TimePoint m_now{};
    std::optional<emulator::TimePoint> m_next;
    std::optional<unsigned> m_factor;
    emulator::TimePoint m_from{};  // what it was at m_since, when time began to pass by the factor
    RealTime m_since{};
    std::uint64_t m_steps = 0;  // still to be done
    bool m_paused;
};

}  // namespace scenarios
