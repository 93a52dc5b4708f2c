#pragma once

#include "emulator/protocol/dns_message.hpp"
#include "emulator/runtime/event_loop.hpp"

#include <memory>
#include <string>

namespace scenarios {

// The name server of a run on real sockets: knows the rig's servers and nobody else.

using RigNames = emulator::DnsNames;

// Answers on a free loopback port, on that loop's thread. Errors: Unreachable.
class RigNameServer : private emulator::SocketUser {
public:
    static emulator::Result<std::unique_ptr<RigNameServer>> open(emulator::EventLoop& loop, RigNames names);
    emulator::Endpoint at() const { return m_at; }
    void listen(emulator::EventLoop& loop);  // on the loop's thread
    ~RigNameServer() override;

private:
    RigNameServer(int descriptor, emulator::Endpoint at, RigNames names);
    void readable() override;

    int m_descriptor;
    emulator::Endpoint m_at;
    RigNames m_names;
    emulator::Watch m_watch;
};

}  // namespace scenarios
