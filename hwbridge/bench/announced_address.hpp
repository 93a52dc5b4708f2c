#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/mac_address.hpp"
#include "emulator/base/result.hpp"
#include "emulator/base/time_point.hpp"

#include <functional>
#include <string>

namespace hwbridge {

// How long is listened: until `limit` is over, or `stop`, asked ten times a second, says so.
struct Listening {
    emulator::Duration limit{};
    std::function<bool()> stop{};
};

// The address that a phone announces of itself by LLDP (its management address, else a chassis ID that is an address) or
// CDP (management address, else the first of its addresses), in a frame of its own MAC that is seen on `interface`.
// On the calling thread. Errors: those of LiveCapture; TimedOut: it announced none.
// Source: IEEE 802.1AB-2016, 8.5.2 and 8.5.9; phones send LLDP every 30 s, CDP every 60 s.
emulator::Result<emulator::IpAddress> announcedAddress(const std::string& interface,
                                                       const emulator::MacAddress& mac, const Listening& how);

}  // namespace hwbridge
