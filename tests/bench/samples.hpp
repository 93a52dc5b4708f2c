#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/runtime/fleet.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

inline constexpr std::size_t smallProfileBytes = 4000;

// A profile that names the first parameters of a schema but those that steer provisioning and logging, each with a
// value it may have, until it has `elements` elements or, if that is 0, `bytes` bytes. With both, free texts are
// lengthened until the profile has that size.
std::string sampleProfile(const emulator::ParameterSchema& schema, std::size_t elements, std::size_t bytes);

using Settings = std::vector<std::pair<std::string_view, std::string>>;

// Phones of one model that were told `set` before their first power-on.
emulator::Fleet aFleet(std::size_t phones, std::string_view model, const Settings& set);

// What one phone sends for one resync of a profile at a server: how the peers get requests and lines of its size.
struct ResyncSample {
    std::string request;                 // the bytes of the GET
    std::vector<std::size_t> datagrams;  // the sizes of its syslog lines
};
ResyncSample sampleResync(const Settings& set, const emulator::Endpoint& server,
                          const emulator::Endpoint& syslog);

// The settings of a phone that fetches that URL path from a server; with `syslog` it tells what it does.
Settings resyncSettings(const emulator::Endpoint& server, const emulator::Endpoint* syslog);

}  // namespace bench
