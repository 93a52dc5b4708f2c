#pragma once

#include "emulator/runtime/fleet.hpp"
#include "scenarios/engine/scenario.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace scenarios {

// What `sim` and `net` build from a scenario alike.

// "${tftp}" as it stands in a URL or in Syslog_Server: HOST, or HOST:PORT when the port is not its protocol's own.
// `part`: empty, "host" or "port".
std::string serverText(const ServerPlan& plan, const emulator::Endpoint& at, std::string_view part = {});
std::uint16_t defaultPort(fixtures::ServerKind kind);

// The phones' fleet, its presets filled in with where the servers are. Syslog_Server points to the scenario's first
// syslog server, unless `set` names it or the server says `point: false`.
// Errors: Malformed for a value that the phone does not take, and for addresses or MACs of groups that overlap.
using ServerPlace = std::function<emulator::Endpoint(const std::string& name)>;
emulator::Result<emulator::Fleet> planFleet(const Scenario& scenario, const ServerPlace& place,
                                            emulator::IpAddress first, emulator::Seed seed);

// The values that a group's phones begin with, macros filled in: `set`, and Syslog_Server as above.
std::vector<std::pair<std::string, std::string>> presetsOf(const Scenario& scenario, const PhoneGroup& group,
                                                           const ServerPlace& place);

std::vector<StagePhone> planPhones(const Scenario& scenario, const emulator::Fleet& fleet);

// A rig server without sockets, its files served from memory.
struct ServerMade {
    std::unique_ptr<fixtures::ServerCore> core;
    std::shared_ptr<fixtures::MemoryFiles> files;
};
// Whom a proxy of the scenario reaches; filled in once all servers are there.
struct Origin {
    emulator::Endpoint at;
    std::vector<std::string> names;
    const emulator::HttpService* service = nullptr;
};
using Origins = std::vector<Origin>;
ServerMade makeServer(const ServerPlan& plan, const Scenario& scenario, const ServerPlace& place,
                      const std::shared_ptr<const Origins>& origins);

// The names by which DNS knows a server: NAME.rig.test and those of the scenario.
std::vector<std::string> namesOf(const ServerPlan& plan);

}  // namespace scenarios
