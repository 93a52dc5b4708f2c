#pragma once

#include "emulator/base/time_point.hpp"
#include "emulator/runtime/wire_tap.hpp"
#include "hwbridge/capture/packet.hpp"
#include "hwbridge/capture/packet_builder.hpp"

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

namespace scenarios {

// Makes packets of what crosses the wire of a virtual run, as a capture at each phone's port would show them:
// Ethernet frames with the phones' own MACs, and made-up ones for everybody else. TCP has its handshake, segments of
// 1460 bytes of which the phone acknowledges every second and the last, and its end; nothing is ever lost on the way.
// Our choice: sequence numbers begin anywhere, but for one `story` always at the same; other stories in the same file
// begin elsewhere, so that nobody takes their connections for the same ones.
class WirePackets : public emulator::WireTap {
public:
    WirePackets(emulator::WallTime start, std::string_view story, hwbridge::PacketSink& sink);
    void crossed(const emulator::WireMessage& message) override;

private:
    // What the two ends of a connection send next.
    struct Connection {
        std::uint32_t phoneNext = 0;
        std::uint32_t peerNext = 0;
        bool accepted = false;
        int finished = 0;  // sides that are
    };
    using Key = std::pair<emulator::Endpoint, emulator::Endpoint>;  // of the phone and its peer

    void tcp(const emulator::WireMessage& message);
    void segments(const emulator::WireMessage& message, Connection& connection);
    void send(const emulator::WireMessage& message, bool fromPhone, Connection& connection,
              std::uint8_t flags, std::string_view data = {});
    void packet(const emulator::WireMessage& message, std::string_view frame);
    std::uint16_t nextId(const emulator::WireMessage& message) { return ++m_ids[message.phone]; }

    std::uint32_t firstSequence(const emulator::WireMessage& message) const;

    emulator::WallTime m_start;
    std::uint64_t m_story = 0;
    hwbridge::PacketSink& m_sink;
    std::uint64_t m_packets = 0;
    std::map<std::uint32_t, std::uint16_t> m_ids;  // of IPv4 packets at that phone's port, the last one given
    std::map<Key, Connection> m_connections;
};

}  // namespace scenarios
