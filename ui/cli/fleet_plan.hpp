#pragma once

#include "emulator/runtime/net_fleet.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ui {

inline constexpr std::size_t maxPhones = 1'000'000;

// The phones that `up` was asked for, as typed.
struct FleetWish {
    std::size_t phones = 1;
    std::string model = "CP-7832-3PCC";
    std::string firmware;  // empty: the model's
    std::string first = "127.78.0.1";
    std::string device = "lo";  // the interface that has their addresses
    std::string mac = "00:0e:08:00:00:01";
    std::vector<std::string> set;  // "Name=Value"
};

// Checks it against the model's parameters and the address space.
// Errors: Malformed, Unsupported: one sentence that names the option, what was found and what was expected.
emulator::Result<emulator::FleetGroup> planFleet(const FleetWish& wish);

// Sets a parameter before power-on, unless it is set already. False when the model has no such parameter.
bool setUnlessNamed(emulator::FleetGroup& group, std::string_view parameter, std::string value);

// The phone of that address; none when it is nobody's.
std::optional<emulator::MacAddress> phoneAt(const emulator::FleetGroup& group, emulator::IpAddress address);

}  // namespace ui
