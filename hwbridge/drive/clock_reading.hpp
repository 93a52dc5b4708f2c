#pragma once

#include "emulator/base/time_point.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hwbridge {

// What a phone's own clock says.
struct ClockReading {
    emulator::WallTime wall{};  // to the second
    bool zoned = false;         // it is UTC; else the local time of a zone that is not said
    std::string shown;          // as the phone has it: "11/27/2026 17:45:13 UTC"
};

// The Date field of an HTTP answer: "Fri, 27 Nov 2026 17:45:13 GMT".
// Source: RFC 9110, 5.6.7, its preferred form; the two obsolete ones are not read.
std::optional<ClockReading> readHttpDate(std::string_view text);

// Current Time of a status page: "11/27/2026 17:45:13", "27/11/26 5:45 p.m.", with or without "UTC" or "GMT" behind it. Phones
// write it as Date_Format and Time_Format say. Our choice: where day and month could be either, the date nearer to `now`.
// Source: "Cisco IP Phone 7800 Series Multiplatform Phones Administration Guide", Phone Status; no guide has its form.
std::optional<ClockReading> readCurrentTime(std::string_view text, emulator::WallTime now);

// How far a phone's clock is ahead of ours, which read `before` and `after` when the phone was asked: to the second. Of a
// local time what is left beside whole quarters of an hour, as time zones are: -450 to 449 s.
std::chrono::seconds offsetOf(const ClockReading& reading, emulator::WallTime before,
                              emulator::WallTime after);

}  // namespace hwbridge
