#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/mac_address.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// Makes Ethernet frames of what ends say to each other: IPv4 with UDP, TCP or ICMP, all lengths and checksums right.
// Pure: bytes in, bytes out.

inline constexpr std::size_t frameMtu = 1500;            // bytes of an IPv4 packet in one frame
inline constexpr std::size_t segmentMost = 1460;         // bytes of data in one TCP segment of such a packet
inline constexpr std::size_t datagramMost = 65535 - 28;  // bytes of data in one UDP datagram

struct PacketEnd {
    emulator::MacAddress mac;
    emulator::Endpoint at;
};
struct PacketPath {
    PacketEnd from;
    PacketEnd to;
};

// A made-up address of a host whose own is not known: locally administered, from its IPv4 address, so that one host
// has one. 192.0.2.10 is 02:00:c0:00:02:0a.
emulator::MacAddress madeUpMac(emulator::IpAddress host);

// One UDP datagram; more than one frame when it has to be cut into fragments (RFC 791 section 3.2), which `id` joins.
// Data beyond datagramMost is left out.
std::vector<std::string> udpFrames(const PacketPath& path, std::uint16_t id, std::string_view data);

struct TcpSegment {
    enum Flags : std::uint8_t { Fin = 1, Syn = 2, Rst = 4, Psh = 8, Ack = 16 };
    std::uint32_t sequence = 0;
    std::uint32_t acknowledged = 0;  // only with Ack
    std::uint8_t flags = 0;          // a Syn also says the largest segment and the window's scale
    std::string_view data{};         // at most segmentMost bytes
};
std::string tcpFrame(const PacketPath& path, std::uint16_t id, const TcpSegment& segment);

// "Port unreachable" from `path.from`, quoting the datagram that `path.to` had sent there (RFC 792).
std::string unreachableFrame(const PacketPath& path, std::uint16_t id, std::string_view data);

}  // namespace hwbridge
