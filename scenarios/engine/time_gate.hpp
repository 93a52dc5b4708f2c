#pragma once

#include "scenarios/engine/pace.hpp"

#include <mutex>
#include <optional>

namespace scenarios {

// Holds the virtual time of a run back, as somebody outside orders. What happens in the run, and in which order, stays the
// same: it only comes later. Orders may come on any thread.
class TimeGate {
public:
    struct State {
        emulator::TimePoint now{};
        bool paused = false;
        bool held = false;               // nothing happens before another order
        std::optional<unsigned> factor;  // of real time; empty: as fast as it goes
        bool over = false;               // the run has ended
    };

    // `ending`: a descriptor that is readable once the process is told to end; from then on nothing is held back. -1: none.
    explicit TimeGate(bool paused, int ending = -1);
    ~TimeGate();
    TimeGate(const TimeGate&) = delete;
    TimeGate& operator=(const TimeGate&) = delete;

    // On the run's thread: returns when the moment may pass.
    void pass(emulator::TimePoint moment);
    // The run looks around at this time, at which nothing happens: it is told to nobody, so it is not held back.
    void lookAround(emulator::TimePoint now);
    // No moment is to come.
    void end();

    void pause();
    void step();
    void go(std::optional<unsigned> factor);
    State state() const;

private:
    template <class Order>
    void order(Order order);
    void awaitOrder(std::optional<Pace::RealTime> until);

    mutable std::mutex m_mutex;
    Pace m_pace;
    bool m_over = false;
    bool m_open = false;  // nothing is held back any more
    int m_ending;
    int m_orders;  // readable when there is a new one
};

}  // namespace scenarios
