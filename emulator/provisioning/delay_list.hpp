#pragma once

#include "emulator/base/chance.hpp"
#include "emulator/base/result.hpp"
#include "emulator/base/time_point.hpp"

#include <boost/container/static_vector.hpp>

#include <optional>
#include <string_view>

namespace emulator {

// The waits of Resync_Periodic, Resync_Error_Retry_Delay and Upgrade_Error_Retry_Delay.
// Shape:  "3600"; "600,1200,300": one step further each time, the last one repeats (RSYNC-PERIODIC-LIST-END);
//         "2400+30": 2400 s and a random 0 to 30 s more. White space around commas and '+' is tolerated.
//         "" and "0" alone: never (RSYNC-PERIODIC-ZERO, RSYNC-ERROR-ZERO).
// Units:  seconds.
// Source: "Cisco IP Phone MPP Administration Guide, Provisioning Methods", profile resync parameters.
struct DelayList {
    struct Step {
        std::uint32_t seconds = 0;
        std::uint32_t spread = 0;
    };
    static constexpr std::size_t maxSteps = 64;             // our choice
    boost::container::static_vector<Step, maxSteps> steps;  // empty: never

    // Errors: Malformed; TooLarge for more than maxSteps.
    static Result<DelayList> parse(std::string_view text);

    // The wait after `done` earlier ones; nothing: never.
    std::optional<Duration> wait(std::size_t done, Chance& chance) const;
};

}  // namespace emulator
