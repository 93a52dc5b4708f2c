#pragma once

#include "emulator/runtime/trace_queue.hpp"

#include <functional>

namespace scenarios {

// How a stage on real sockets lets time pass.
struct RealTime {
    emulator::TraceQueue& queue;
    std::function<emulator::TimePoint()> now;
    std::function<void()> takeAnswers;  // what actions have brought; before the events
    std::function<void()> handOver;     // it, to the run; after them
};

// Waits until `deadline` or until `stop`, handing events to `sink` as they come. Answers first, events then: what a
// phone did before it answered is known when its answer is. Returns how late the rig itself was at most.
emulator::Duration passRealTime(const RealTime& how, emulator::TimePoint deadline, emulator::TraceSink& sink,
                                const std::function<bool()>& stop);

}  // namespace scenarios
