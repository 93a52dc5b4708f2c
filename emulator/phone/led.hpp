#pragma once

#include "emulator/base/time_point.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace emulator {

// What the mute key's LED says about provisioning.
// Source: "Cisco SPA300/SPA500 Series and WIP310 IP Phone Administration Guide, Provisioning": slow while the server
//         is contacted or cannot be reached, fast for file not found or a corrupt file. Printed for that family only;
//         on the CP-78xx it is an option of the model data, on by default (design decision D15).
enum class MuteLed : std::uint8_t {
    Off,
    SlowBlink,  // 1.0 s on, 1.0 s off
    FastBlink,  // 0.2 s on, 0.2 s off, 0.2 s on, 1.4 s off
};
std::string_view name(MuteLed led);  // "off", "slow blink", "fast blink"
std::optional<MuteLed> muteLedNamed(std::string_view name);
std::string_view color(MuteLed led);  // "red" (LED-COLOR: red or orange, by model; our choice); empty: off

// Whether the LED is lit at `at`, its pattern having begun with its first "on" at `since`. A pure function: any
// view may sample it at any rate.
bool isLit(MuteLed led, TimePoint since, TimePoint at);

}  // namespace emulator
