#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace hwbridge {

// What a packet begins with. Values are the LINKTYPE_ numbers that capture files carry (www.tcpdump.org/linktypes.html);
// others are kept as they are and said to be unknown.
enum class LinkType : std::uint16_t {
    Null = 0,  // BSD loopback: the address family in the writer's byte order
    Ethernet = 1,
    RawIpOld = 12,      // what libpcap wrote for 101 before it had numbers of its own; on OpenBSD
    RawIpOpenBsd = 14,  // this one
    RawIp = 101,
    Loop = 108,  // OpenBSD loopback: the address family in network byte order
    LinuxCooked = 113,
    Ipv4 = 228,
    Ipv6 = 229,
    LinuxCooked2 = 276,
};

using WallNanoseconds = std::chrono::sys_time<std::chrono::nanoseconds>;  // since 1970, UTC

// One packet as it crossed an interface, whoever captured it. `bytes` lives as long as the call that hands the packet
// over; who keeps it copies it.
struct Packet {
    std::uint64_t number = 0;  // in its capture, from 1, as Wireshark counts
    WallNanoseconds at{};
    LinkType link = LinkType::Ethernet;
    std::uint32_t wireLength =
        0;  // bytes on the wire, without FCS; more than bytes.size() when the capture cut it
    std::string_view bytes;
};

// Who takes packets: the pcapng writer, the decoder and the live view are sinks.
class PacketSink {
public:
    virtual ~PacketSink() = default;
    virtual void packetSeen(const Packet& packet) = 0;
};

}  // namespace hwbridge
