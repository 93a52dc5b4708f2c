#pragma once

#include "emulator/runtime/fleet.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace deviations {

// A named way in which a phone can be wrong, for tests of the comparison: does one thing that no phone does, and
// everything else right.
struct Deviation {
    std::string_view name;         // "wrong-user-agent"
    std::string_view scenario;     // of scenarios/, that shows it
    std::string_view description;  // one sentence
    std::function<void(emulator::Fleet&)> alter;
};
using Deviations = std::vector<Deviation>;

// One family each, in a file of its own.
Deviations httpRequestDeviations();       // what a request looks like
Deviations httpConversationDeviations();  // which requests follow which answers
Deviations tftpDeviations();
Deviations syslogDeviations();
Deviations dnsDeviations();
Deviations sipDeviations();
Deviations scheduleDeviations();  // when, and in which order

Deviations allDeviations();

}  // namespace deviations
