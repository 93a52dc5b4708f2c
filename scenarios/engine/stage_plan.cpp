#include "scenarios/engine/stage_plan.hpp"

#include "scenarios/engine/macros.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace scenarios {

namespace {

using fixtures::ServerKind;

constexpr std::string_view syslogParameter = "Syslog_Server";

std::string fillServers(std::string_view text, const Scenario& scenario, const ServerPlace& place)
{
    const auto filled = fillMacros(text, [&](std::string_view name) -> std::optional<std::string> {
        const std::size_t dot = name.find('.');
        const ServerPlan* const plan = scenario.server(name.substr(0, dot));
        if (plan == nullptr)
            return std::nullopt;
        return serverText(*plan, place(plan->name),
                          dot == std::string_view::npos ? "" : name.substr(dot + 1));
    });
    return filled.has_value() ? *filled : std::string{text};  // the reader has checked every macro
}

emulator::Result<void> addPreset(emulator::FleetGroup& group, std::string_view name, const std::string& value)
{
    const auto& schema = *group.model->schema;
    const auto id = schema.find(name);
    if (!id)
        return emulator::fail(emulator::ErrorKind::Malformed,
                              fmt::format("the {} has no parameter {}", group.model->productName, name));
    auto checked = emulator::checkedValue(schema.at(*id), value);
    if (checked.has_error())
        return emulator::fail(checked.error().kind, fmt::format("{}: {}", name, checked.error().detail));
    group.set.emplace_back(*id, *std::move(checked));
    return {};
}

emulator::Result<void> checkMacs(const emulator::Fleet& fleet)
{
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
    for (const emulator::FleetGroup& group : fleet.groups)
        ranges.emplace_back(group.firstMac.number(), group.firstMac.number() + group.count);
    std::sort(ranges.begin(), ranges.end());
    for (std::size_t i = 1; i < ranges.size(); ++i)
        if (ranges[i].first < ranges[i - 1].second)
            return emulator::fail(emulator::ErrorKind::Malformed,
                                  "two groups of phones have MAC addresses in common");
    return {};
}

fixtures::HttpOptions httpOptions(const ServerPlan& plan, std::shared_ptr<const Origins> origins)
{
    fixtures::HttpOptions options = plan.http;
    if (plan.proxy)
        options.upstream = [origins = std::move(origins)](
                               std::string_view host, std::uint16_t port) -> const emulator::HttpService* {
            for (const Origin& one : *origins)
                if (one.at.port == port &&
                    (one.at.address.text() == host ||
                     std::find(one.names.begin(), one.names.end(), host) != one.names.end()))
                    return one.service;
            return nullptr;
        };
    return options;
}

}  // namespace

std::uint16_t defaultPort(ServerKind kind)
{
    switch (kind) {
    case ServerKind::Tftp:
        return 69;
    case ServerKind::Http:
        return 80;
    case ServerKind::Syslog:
        return 514;
    case ServerKind::Sip:
        return 5060;
    }
    return 0;
}

std::string serverText(const ServerPlan& plan, const emulator::Endpoint& at, std::string_view part)
{
    if (part == "host")
        return at.address.text();
    if (part == "port")
        return fmt::format("{}", at.port);
    return at.port == defaultPort(plan.kind) ? at.address.text() : at.text();
}

std::vector<std::pair<std::string, std::string>> presetsOf(const Scenario& scenario, const PhoneGroup& group,
                                                           const ServerPlace& place)
{
    std::vector<std::pair<std::string, std::string>> presets;
    bool named = false;
    for (const auto& [name, value] : group.set) {
        named = named || name == syslogParameter;
        presets.emplace_back(name, fillServers(value, scenario, place));
    }
    const auto logs =
        std::find_if(scenario.servers.begin(), scenario.servers.end(), [](const ServerPlan& server) {
            return server.kind == ServerKind::Syslog && server.point;
        });
    if (logs != scenario.servers.end() && !named && group.model->schema->find(syslogParameter))
        presets.emplace_back(syslogParameter, serverText(*logs, place(logs->name)));
    return presets;
}

emulator::Result<emulator::Fleet> planFleet(const Scenario& scenario, const ServerPlace& place,
                                            emulator::IpAddress first, emulator::Seed seed)
{
    emulator::Fleet fleet;
    fleet.seed = seed;
    fleet.start = scenario.start;
    fleet.bootTime = scenario.bootTime;
    emulator::MacAddress mac{{0x00, 0x0e, 0x08, 0x00, 0x00, 0x01}};
    for (const PhoneGroup& planned : scenario.groups) {
        emulator::FleetGroup group;
        group.model = planned.model;
        group.count = planned.count;
        group.firstMac = planned.firstMac.value_or(mac);
        group.firstAddress = first;
        group.provisioningServer = fillServers(planned.provisioningServer, scenario, place);
        group.uniqueCertificate = planned.uniqueCertificate;
        for (const auto& [name, value] : presetsOf(scenario, planned, place))
            if (const auto added = addPreset(group, name, value); added.has_error())
                return added.error();
        first.value += static_cast<std::uint32_t>(planned.count);
        mac = group.firstMac.plus(planned.count);
        fleet.groups.push_back(std::move(group));
    }
    if (const auto checked = checkMacs(fleet); checked.has_error())
        return checked.error();
    return fleet;
}

std::vector<StagePhone> planPhones(const Scenario& scenario, const emulator::Fleet& fleet)
{
    const std::vector<Scenario::PhoneName> names = scenario.phoneNames();
    std::vector<StagePhone> phones;
    phones.reserve(names.size());
    std::size_t k = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        k = i > 0 && names[i].group == names[i - 1].group ? k + 1 : 0;
        const emulator::FleetGroup& group = fleet.groups[names[i].group];
        phones.push_back({names[i].name, scenario.groups[names[i].group].name, group.model->productName,
                          group.firstMac.plus(k),
                          emulator::IpAddress{group.firstAddress.value + static_cast<std::uint32_t>(k)}});
    }
    return phones;
}

ServerMade makeServer(const ServerPlan& plan, const Scenario& scenario, const ServerPlace& place,
                      const std::shared_ptr<const Origins>& origins)
{
    ServerMade made;
    made.files = std::make_shared<fixtures::MemoryFiles>();
    for (const PlannedFile& file : plan.files)
        made.files->put(
            file.path,
            wrapped(file.macros ? fillServers(file.bytes, scenario, place) : file.bytes, file.wraps));
    switch (plan.kind) {
    case ServerKind::Tftp:
        made.core = fixtures::makeTftpServer(made.files);
        break;
    case ServerKind::Http:
        made.core = fixtures::makeHttpServer(made.files, httpOptions(plan, origins));
        break;
    case ServerKind::Syslog:
        made.core = fixtures::makeSyslogServer();
        break;
    case ServerKind::Sip:
        made.core = fixtures::makeSipServer();
        break;
    }
    return made;
}

std::vector<std::string> namesOf(const ServerPlan& plan)
{
    std::vector<std::string> names{plan.name + ".rig.test"};
    names.insert(names.end(), plan.names.begin(), plan.names.end());
    return names;
}

}  // namespace scenarios
