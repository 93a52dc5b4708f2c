#pragma once

#include "scenarios/engine/stage_plan.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios {

// The servers of a scenario on real sockets, all on one thread: what net and bench have in common.
class RigServers {
public:
    RigServers(emulator::TraceSink& sink, fixtures::ServerHost::PhoneAt phoneAt,
               fixtures::ServerHost::Clock clock);

    // Listens at that address, each server on its own port or a free one, and fills in the files.
    // Errors: as fixtures::ServerHost::add().
    emulator::Result<void> open(const Scenario& scenario, emulator::IpAddress address);

    emulator::Endpoint at(std::string_view name) const;
    // Unknown names change nothing: the reader has checked them.
    void script(const ServerScript& script);
    void put(const PutFile& file);
    void remove(const RemoveFile& file);
    // `done`: on the servers' thread, with the phone's answer.
    void notify(const std::string& server, fixtures::NotifyPlan plan,
                std::function<void(const fixtures::NotifyResult&)> done);
    std::uint64_t dropped() { return m_host->dropped(); }

private:
    struct Server {
        std::string name;
        emulator::Endpoint at;
        fixtures::ServerCore* core = nullptr;  // owned by the host
        std::shared_ptr<fixtures::MemoryFiles> files;
    };
    Server* find(std::string_view name);

    std::vector<Server> m_servers;
    std::unique_ptr<fixtures::ServerHost> m_host;
};

}  // namespace scenarios
