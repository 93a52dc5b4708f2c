#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hwbridge {

// What became of a packet: each has exactly one.
enum class PacketFate : std::uint8_t {
    Event,         // made an event by itself
    Malformed,     // made a packet.malformed event
    Fragment,      // one of several IP fragments, but not the one that completed them
    TcpControl,    // TCP without payload: handshakes, acknowledgements, ends
    TcpMessage,    // payload of a recognised protocol
    TcpUnknown,    // payload of a protocol nobody here knows
    TcpEncrypted,  // payload behind a TLS handshake
    TcpAgain,      // payload that was there before
    UdpUnknown,    // a datagram of a protocol nobody here knows
    IpOther,       // another IP protocol
    Ipv6,          //
    OtherType,     // another EtherType or loopback family
    OtherLlc,      // IEEE 802.2 that is not CDP
    Cut,           // the capture cut it before what could be decoded
    UnknownLink,   // a link type nobody here reads
    Count,
};
std::string_view name(PacketFate fate);     // as a JSON key: "tcp_control"
std::string_view wording(PacketFate fate);  // for a person

// How many packets had which fate, and what else was left behind. Sums up: all fates together are all packets.
struct DecodeCounters {
    std::array<std::uint64_t, static_cast<std::size_t>(PacketFate::Count)> packets{};
    std::uint64_t events = 0;
    std::uint64_t connections = 0;
    std::uint64_t connectionsEvicted = 0;  // still open when memory was needed for others
    std::uint64_t fragmentsLost = 0;       // of packets that never became complete
    std::uint64_t senselessBytes = 0;      // in streams of a recognised protocol, part of no message

    std::uint64_t of(PacketFate fate) const { return packets[static_cast<std::size_t>(fate)]; }
    void add(PacketFate fate) { ++packets[static_cast<std::size_t>(fate)]; }
    std::uint64_t all() const;
};

// Something that was counted, for a person.
struct Counted {
    std::string_view what;
    std::uint64_t count = 0;
};
// What was given up beside whole packets; nothing that is 0.
std::vector<Counted> givenUp(const DecodeCounters& counters);
// What a capture holds and no event tells: packets that nobody here reads, and what was given up. Handshakes, what was sent again
// and parts of messages belong to events that are there.
std::vector<Counted> leftBehind(const DecodeCounters& counters);

}  // namespace hwbridge
