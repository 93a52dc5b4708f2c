#pragma once

#include "emulator/base/chance.hpp"
#include "emulator/base/time_point.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace emulator {

// The next timed resync, by Resync_At__HHmm_ and Resync_At_Random_Delay.
// Shape:  four digits 0000 to 2400 with minutes below 60; 2400 is midnight. Anything else: nothing, and
//         Resync_Periodic stays in force (RSYNC-AT-INVALID).
// Units:  `randomDelay` in seconds; the window after the time of day is (randomDelay + 30) / 60 whole minutes
//         (RSYNC-AT-FORMULA), with `roundsUp` the delay's minutes rounded up, as the words beside the formula say;
//         for values below 600 it is 600 s (RSYNC-AT-RND-BELOW).
// Our choice where the guides are silent: the time of day is UTC.
std::optional<WallTime> nextResyncAt(WallTime now, std::string_view hhmm, std::uint32_t randomDelay,
                                     Chance& chance, bool roundsUp = false);

}  // namespace emulator
