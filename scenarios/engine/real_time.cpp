#include "scenarios/engine/real_time.hpp"

#include <algorithm>
#include <chrono>

namespace scenarios {

using namespace std::chrono_literals;
using emulator::Duration;
using emulator::TimePoint;

namespace {

constexpr std::chrono::milliseconds realTimeLook = 5ms;

}  // namespace

Duration passRealTime(const RealTime& how, TimePoint deadline, emulator::TraceSink& sink,
                      const std::function<bool()>& stop)
{
    Duration late{};
    while (true) {
        how.takeAnswers();
        how.queue.drain(sink, 0ms);
        how.handOver();
        if (stop() || how.now() >= deadline)
            return late;
        const auto rest = std::chrono::ceil<std::chrono::milliseconds>(deadline - how.now());
        const auto asked = std::clamp<std::chrono::milliseconds>(rest, 1ms, realTimeLook);
        const TimePoint before = how.now();
        // A wait that took longer than asked for, with nothing to do, is the rig's own lateness.
        if (how.queue.drain(sink, asked) == 0)
            late = std::max(late, how.now() - before - Duration{asked});
    }
}

}  // namespace scenarios
