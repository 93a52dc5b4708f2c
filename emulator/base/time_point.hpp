#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace emulator {

// A tag without now(): the core cannot ask what time it is.
struct PhoneClock {
    using duration = std::chrono::microseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<PhoneClock, duration>;
};

using Duration = std::chrono::microseconds;
using TimePoint = std::chrono::time_point<PhoneClock, Duration>;  // since the run began

// The wall time at which a run began: TimePoint{} on a calendar. UTC, no leap seconds.
using WallTime = std::chrono::sys_time<Duration>;

inline WallTime wallTime(WallTime start, TimePoint at)
{
    return start + at.time_since_epoch();
}

// Year, month, day and time of day of a wall time, in UTC.
struct CivilTime {
    int year = 0;
    unsigned month = 0;  // 1 to 12
    unsigned day = 0;    // 1 to 31
    int hour = 0;
    int minute = 0;
    int second = 0;
    int microsecond = 0;
};
CivilTime civilTime(WallTime wall);

// "2026-01-01T00:00:00Z", the form of a scenario's `start:`. Errors: empty when it is not that.
std::optional<WallTime> parseWallTime(std::string_view text);
std::string printWallTime(WallTime wall);

// Durations as users write them: "250ms", "2s", "90" (seconds), "5m", "1h", "7d", "1.5s". Empty when it is not that.
std::optional<Duration> parseDuration(std::string_view text);

}  // namespace emulator
