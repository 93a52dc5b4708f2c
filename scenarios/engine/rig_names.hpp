#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/runtime/event_loop.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios {

// The name server of a run on real sockets: knows the rig's servers and nobody else.

// The answer to one DNS query; empty for what is none.
// Shape:  one question (RFC 1035 section 4); A records for known names in any case, no records for other types of
//         them, NXDOMAIN for unknown names.
using RigNames = std::map<std::string, std::vector<emulator::IpAddress>>;  // names in lower case
std::string answerDns(std::string_view query, const RigNames& names);

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
