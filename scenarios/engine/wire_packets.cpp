#include "scenarios/engine/wire_packets.hpp"

#include "emulator/base/chance.hpp"

#include <algorithm>

namespace scenarios {

using emulator::WireMessage;
using hwbridge::TcpSegment;
using Kind = WireMessage::Kind;

namespace {

hwbridge::PacketPath pathOf(const WireMessage& message, bool fromPhone)
{
    const hwbridge::PacketEnd phone{message.mac, message.phoneEnd};
    const hwbridge::PacketEnd peer{hwbridge::madeUpMac(message.peer.address), message.peer};
    return fromPhone ? hwbridge::PacketPath{phone, peer} : hwbridge::PacketPath{peer, phone};
}

}  // namespace

WirePackets::WirePackets(emulator::WallTime start, std::string_view story, hwbridge::PacketSink& sink)
    : m_start{start},
      m_sink{sink}
{
    for (const char letter : story)
        m_story = emulator::mixBits(m_story * 256 + static_cast<unsigned char>(letter));
}

std::uint32_t WirePackets::firstSequence(const WireMessage& message) const
{
    const auto at = static_cast<std::uint64_t>(message.at.time_since_epoch().count());
    return static_cast<std::uint32_t>(emulator::mixBits(
        m_story ^ message.mac.number() ^ emulator::mixBits(at * 65536 + message.phoneEnd.port)));
}

void WirePackets::crossed(const WireMessage& message)
{
    const hwbridge::PacketPath path = pathOf(message, message.fromPhone);
    if (message.kind == Kind::Datagram) {
        for (const std::string& frame : hwbridge::udpFrames(path, nextId(message), message.bytes))
            packet(message, frame);
    } else if (message.kind == Kind::Unreachable) {
        packet(message, hwbridge::unreachableFrame(path, nextId(message), message.bytes));
    } else {
        tcp(message);
    }
}

void WirePackets::tcp(const WireMessage& message)
{
    const Key key{message.phoneEnd, message.peer};
    if (message.kind == Kind::Open) {
        const std::uint32_t first = firstSequence(message);
        m_connections[key] = {first, ~first};
    }
    const auto found = m_connections.find(key);
    if (found == m_connections.end())
        return;  // reset before: what still was on its way does not matter
    Connection& connection = found->second;
    const bool phone = message.fromPhone;
    switch (message.kind) {
    case Kind::Open:
        send(message, phone, connection, TcpSegment::Syn);
        break;
    case Kind::Accept:
        send(message, phone, connection, TcpSegment::Syn | TcpSegment::Ack);
        connection.accepted = true;
        break;
    case Kind::Bytes:
        segments(message, connection);
        break;
    case Kind::Finish:
        send(message, phone, connection, TcpSegment::Fin | TcpSegment::Ack);
        ++connection.finished;
        break;
    case Kind::Reset:
        send(message, phone, connection, TcpSegment::Rst | TcpSegment::Ack);
        m_connections.erase(found);
        break;
    default:
        send(message, phone, connection, TcpSegment::Ack);
        if (connection.finished == 2)
            m_connections.erase(found);
        break;
    }
}

void WirePackets::segments(const WireMessage& message, Connection& connection)
{
    const std::string_view bytes{message.bytes};
    int unacknowledged = 0;
    for (std::size_t at = 0; at < bytes.size(); at += hwbridge::segmentMost) {
        const std::string_view data = bytes.substr(at, hwbridge::segmentMost);
        const bool last = at + data.size() == bytes.size();
        send(message, message.fromPhone, connection,
             static_cast<std::uint8_t>(TcpSegment::Ack | (last ? TcpSegment::Psh : 0)), data);
        if (!message.fromPhone && (last || ++unacknowledged == 2)) {
            send(message, true, connection, TcpSegment::Ack);
            unacknowledged = 0;
        }
    }
}

void WirePackets::send(const WireMessage& message, bool fromPhone, Connection& connection, std::uint8_t flags,
                       std::string_view data)
{
    std::uint32_t& own = fromPhone ? connection.phoneNext : connection.peerNext;
    const std::uint32_t other = fromPhone ? connection.peerNext : connection.phoneNext;
    // A reset that refuses a connection has no sequence of its own (RFC 9293 section 3.5.2).
    const bool refuses = (flags & TcpSegment::Rst) != 0 && !connection.accepted;
    packet(message, hwbridge::tcpFrame(pathOf(message, fromPhone), nextId(message),
                                       {refuses ? 0 : own, other, flags, data}));
    own += static_cast<std::uint32_t>(data.size()) +
           ((flags & (TcpSegment::Syn | TcpSegment::Fin)) != 0 ? 1u : 0u);
}

void WirePackets::packet(const WireMessage& message, std::string_view frame)
{
    hwbridge::Packet packet;
    packet.number = ++m_packets;
    packet.at = m_start + message.at.time_since_epoch();
    packet.wireLength = static_cast<std::uint32_t>(frame.size());
    packet.bytes = frame;
    m_sink.packetSeen(packet);
}

}  // namespace scenarios
