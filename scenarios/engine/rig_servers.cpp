#include "scenarios/engine/rig_servers.hpp"

#include <algorithm>
#include <utility>

namespace scenarios {

RigServers::RigServers(emulator::TraceSink& sink, fixtures::ServerHost::PhoneAt phoneAt,
                       fixtures::ServerHost::Clock clock)
    : m_host{fixtures::ServerHost::make(sink, std::move(phoneAt), std::move(clock))}
{}

emulator::Result<void> RigServers::open(const Scenario& scenario, emulator::IpAddress address)
{
    // All listen before any file is filled in: files may name every server. Cores take their files late.
    const ServerPlace place = [this](const std::string& name) { return at(name); };
    const auto origins = std::make_shared<Origins>();
    for (const ServerPlan& plan : scenario.servers) {
        ServerPlan empty = plan;
        empty.files.clear();
        ServerMade made = makeServer(empty, scenario, place, origins);
        fixtures::ServerCore* const core = made.core.get();
        const auto where = m_host->add(plan.name, std::move(made.core), {address, plan.port});
        if (where.has_error())
            return where.error();
        m_servers.push_back({plan.name, *where, core, made.files});
        if (core->http() != nullptr)
            m_host->change([&] { origins->push_back({*where, namesOf(plan), core->http()}); });
    }
    for (const ServerPlan& plan : scenario.servers) {
        const ServerMade filled = makeServer(plan, scenario, place, nullptr);
        for (const PlannedFile& file : plan.files)
            if (const auto bytes = filled.files->read(file.path); bytes.has_value())
                find(plan.name)->files->put(file.path, **bytes);
    }
    return {};
}

RigServers::Server* RigServers::find(std::string_view name)
{
    const auto found =
        std::find_if(m_servers.begin(), m_servers.end(), [&](const Server& s) { return s.name == name; });
    return found == m_servers.end() ? nullptr : &*found;
}

emulator::Endpoint RigServers::at(std::string_view name) const
{
    const auto found =
        std::find_if(m_servers.begin(), m_servers.end(), [&](const Server& s) { return s.name == name; });
    return found == m_servers.end() ? emulator::Endpoint{} : found->at;
}

void RigServers::script(const ServerScript& script)
{
    if (Server* const server = find(script.server))
        m_host->change([&] { server->core->script(script.fault); });
}

void RigServers::put(const PutFile& file)
{
    if (Server* const server = find(file.server))
        m_host->change([&] { server->files->put(file.path, file.bytes); });
}

void RigServers::remove(const RemoveFile& file)
{
    if (Server* const server = find(file.server))
        m_host->change([&] { server->files->remove(file.path); });
}

void RigServers::notify(const std::string& server, fixtures::NotifyPlan plan,
                        std::function<void(const fixtures::NotifyResult&)> done)
{
    const auto result = std::make_shared<fixtures::NotifyResult>();
    const emulator::Endpoint phone = plan.phone;
    m_host->converse(server, phone, fixtures::makeNotifySession(std::move(plan), result),
                     [result, done = std::move(done)] { done(*result); });
}

}  // namespace scenarios
