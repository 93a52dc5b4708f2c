#pragma once

#include "hwbridge/capture/phone_address.hpp"
#include "hwbridge/drive/web_access.hpp"
#include "hwbridge/power/power_driver.hpp"
#include "scenarios/engine/stage.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace scenarios {

// One real phone as a stage needs to know it, and how it is reached. Nothing here knows what the phone is made of: an
// emulated twin is driven in the same way.
struct BenchPlace {
    std::string target;  // "bench:alice"
    std::string name;    // "alice"
    std::string model;   // "CP-7832-3PCC"
    emulator::MacAddress mac;
    emulator::IpAddress address;
    hwbridge::WebAccess web;
    std::uint16_t sipPort = 5060;
    emulator::IpAddress servers;  // where the rig's own listen
    std::string interface;        // whose packets are seen
    bool direct = false;          // the phone's own cable ends in it
    std::vector<hwbridge::PhoneAddress> filter;
    std::optional<emulator::Endpoint> unrecorded;  // what is said to and by this end makes no events
    hwbridge::PowerDriver* power = nullptr;        // outlives the stage; null: the phone is always on
    bool confirmed = true;  // power actions are confirmed on the wire; a twin's driver knows what it did
    // Why the phone must not be touched any more: its lease is lost, or the user wants an end. Asked before every action and
    // ten times a second while something is waited for, from any thread.
    std::function<std::optional<std::string>()> lost;
};

}  // namespace scenarios
