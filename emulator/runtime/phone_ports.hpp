#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/result.hpp"
#include "emulator/runtime/fleet_layout.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace emulator {

// The two ports of a phone: its pages' on TCP, its SIP side's on UDP.
enum class PortKind : std::uint8_t { Pages, Sip };

// The listening sockets behind the addresses of a fleet, one port for all. Owns their descriptors until a
// shard takes them.
struct PhonePorts {
    std::uint16_t port = 0;
    // Per shard: one wildcard socket, or, when somebody else listens on the port of one address, a socket for each
    // phone of the shard.
    std::vector<std::vector<int>> listeners;
    bool steered = true;  // false: the kernel deals connections out, shards pass on what is not theirs
    std::string notice;   // what to say once about a fall-back; empty: nothing

    PhonePorts() = default;
    PhonePorts(PhonePorts&& other) noexcept;
    PhonePorts& operator=(PhonePorts&& other) noexcept;
    ~PhonePorts();
};

// Binds and listens (design decision D3): the sockets are bound to one device, as a rule `lo`, so that nothing from
// elsewhere reaches them, and are one SO_REUSEPORT group, steered by a classic BPF program on the destination address.
// SIP sockets tell with each datagram which address it was sent to (IP_PKTINFO).
// Port 0: a free one. `descriptors`: how many sockets the fall-back may open.
// Errors: Unreachable, saying who has the port where that can be found out, and what was tried.
Result<PhonePorts> openPhonePorts(const FleetLayout& layout, PortKind kind, std::uint16_t port,
                                  std::size_t descriptors, const std::string& device = "lo");

// Who listens on that port: "nginx (pid 4711) on 127.78.0.9:8078", or "127.78.0.9:8078" when the process is
// somebody else's; empty when nobody does.
std::string whoListens(std::uint16_t port, PortKind kind = PortKind::Pages);

}  // namespace emulator
