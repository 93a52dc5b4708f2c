#include "hwbridge/capture/packet_builder.hpp"

#include <algorithm>

namespace hwbridge {

namespace {

constexpr std::size_t ipHeader = 20;
constexpr std::uint8_t icmp = 1;
constexpr std::uint8_t tcp = 6;
constexpr std::uint8_t udp = 17;
constexpr std::uint16_t dontFragment = 0x4000;
constexpr std::uint16_t moreFragments = 0x2000;
constexpr std::uint8_t windowScale = 8;  // with the widest window: 16 MiB, more than anything a phone is sent

void append8(std::string& out, unsigned value)
{
    out += static_cast<char>(value & 255);
}

void append16(std::string& out, unsigned value)
{
    append8(out, value >> 8);
    append8(out, value);
}

void append32(std::string& out, std::uint32_t value)
{
    append16(out, value >> 16);
    append16(out, value & 0xffff);
}

// The sum of RFC 1071, not yet folded, so that parts can be added. Parts but the last have an even length.
std::uint32_t sum(std::string_view bytes, std::uint32_t before = 0)
{
    for (std::size_t i = 0; i < bytes.size(); ++i)
        before += static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (i % 2 == 0 ? 8 : 0);
    return before;
}

std::uint16_t folded(std::uint32_t sum)
{
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum & 0xffff);
}

void put16(std::string& bytes, std::size_t at, std::uint16_t value)
{
    bytes[at] = static_cast<char>(value >> 8);
    bytes[at + 1] = static_cast<char>(value & 255);
}

std::uint32_t pseudoHeader(const PacketPath& path, std::uint8_t protocol, std::size_t length)
{
    std::string bytes;
    append32(bytes, path.from.at.address.value);
    append32(bytes, path.to.at.address.value);
    append16(bytes, protocol);
    append16(bytes, static_cast<unsigned>(length));
    return sum(bytes);
}

std::string ipPacket(emulator::IpAddress from, emulator::IpAddress to, std::uint8_t protocol,
                     std::uint16_t id, std::uint16_t flagsAndOffset, std::string_view content)
{
    std::string packet;
    packet.reserve(ipHeader + content.size());
    append16(packet, 0x4500);
    append16(packet, static_cast<unsigned>(ipHeader + content.size()));
    append16(packet, id);
    append16(packet, flagsAndOffset);
    append8(packet, 64);  // time to live
    append8(packet, protocol);
    append16(packet, 0);
    append32(packet, from.value);
    append32(packet, to.value);
    put16(packet, 10, folded(sum(packet)));
    packet += content;
    return packet;
}

std::string frame(const PacketPath& path, std::uint8_t protocol, std::uint16_t id,
                  std::uint16_t flagsAndOffset, std::string_view content)
{
    std::string bytes;
    for (const emulator::MacAddress& mac : {path.to.mac, path.from.mac})
        for (const std::uint8_t octet : mac.octets)
            append8(bytes, octet);
    append16(bytes, 0x0800);
    return bytes + ipPacket(path.from.at.address, path.to.at.address, protocol, id, flagsAndOffset, content);
}

std::string udpDatagram(const PacketPath& path, std::string_view data)
{
    data = data.substr(0, datagramMost);
    std::string datagram;
    datagram.reserve(8 + data.size());
    append16(datagram, path.from.at.port);
    append16(datagram, path.to.at.port);
    append16(datagram, static_cast<unsigned>(8 + data.size()));
    append16(datagram, 0);
    datagram += data;
    const std::uint16_t checksum = folded(sum(datagram, pseudoHeader(path, udp, datagram.size())));
    put16(datagram, 6, checksum == 0 ? 0xffff : checksum);  // 0 stands for none (RFC 768)
    return datagram;
}

}  // namespace

emulator::MacAddress madeUpMac(emulator::IpAddress host)
{
    const auto octet = [&](int shift) { return static_cast<std::uint8_t>(host.value >> shift & 255); };
    return {{0x02, 0x00, octet(24), octet(16), octet(8), octet(0)}};
}

std::vector<std::string> udpFrames(const PacketPath& path, std::uint16_t id, std::string_view data)
{
    const std::string datagram = udpDatagram(path, data);
    constexpr std::size_t most = (frameMtu - ipHeader) / 8 * 8;  // offsets count in eight bytes
    std::vector<std::string> frames;
    for (std::size_t at = 0; at < datagram.size(); at += most) {
        const bool last = at + most >= datagram.size();
        const auto offset = static_cast<std::uint16_t>((last ? 0u : moreFragments) | at / 8);
        frames.push_back(frame(path, udp, id, offset, std::string_view{datagram}.substr(at, most)));
    }
    return frames;
}

std::string tcpFrame(const PacketPath& path, std::uint16_t id, const TcpSegment& segment)
{
    std::string options;
    if ((segment.flags & TcpSegment::Syn) != 0) {
        append16(options, 0x0204);  // largest segment
        append16(options, segmentMost);
        append32(options, 0x01030300u | windowScale);  // after a no-operation
    }
    const std::string_view data = segment.data.substr(0, segmentMost);
    std::string bytes;
    append16(bytes, path.from.at.port);
    append16(bytes, path.to.at.port);
    append32(bytes, segment.sequence);
    append32(bytes, (segment.flags & TcpSegment::Ack) != 0 ? segment.acknowledged : 0);
    append8(bytes, static_cast<unsigned>((20 + options.size()) / 4 << 4));
    append8(bytes, segment.flags);
    append16(bytes, (segment.flags & TcpSegment::Rst) != 0 ? 0 : 0xffff);  // window
    append16(bytes, 0);
    append16(bytes, 0);
    bytes += options;
    bytes += data;
    put16(bytes, 16, folded(sum(bytes, pseudoHeader(path, tcp, bytes.size()))));
    return frame(path, tcp, id, dontFragment, bytes);
}

std::string unreachableFrame(const PacketPath& path, std::uint16_t id, std::string_view data)
{
    const PacketPath back{path.to, path.from};
    const std::string datagram = udpDatagram(back, data);
    std::string bytes;
    append16(bytes, 0x0303);
    append16(bytes, 0);
    append32(bytes, 0);
    // The quoted header is that of the whole datagram, or of its first fragment when it came in several.
    const std::size_t length = std::min(datagram.size(), (frameMtu - ipHeader) / 8 * 8);
    const std::uint16_t offset = length < datagram.size() ? moreFragments : std::uint16_t{0};
    bytes += ipPacket(back.from.at.address, back.to.at.address, udp, id, offset,
                      std::string_view{datagram}.substr(0, length))
                 .substr(0, ipHeader + 8);
    put16(bytes, 2, folded(sum(bytes)));
    return frame(path, icmp, id, 0, bytes);
}

}  // namespace hwbridge
