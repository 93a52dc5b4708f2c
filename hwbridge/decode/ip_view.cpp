#include "hwbridge/decode/ip_view.hpp"

#include "hwbridge/decode/big_endian.hpp"

#include <algorithm>

namespace hwbridge {

Fault viewIp(IpView& view, std::string_view bytes)
{
    constexpr std::size_t shortest = 20;
    if (bytes.size() < shortest)
        return "ip: found less than the 20 bytes of a header";
    if (u8(bytes, 0) >> 4 != 4)
        return "ip: found another version than 4";
    const std::size_t header = static_cast<std::size_t>(u8(bytes, 0) & 15) * 4;
    if (header < shortest)
        return "ip: found a header length below 20";
    if (header > bytes.size())
        return "ip: found a header longer than the packet";
    std::size_t total = u16(bytes, 2);
    if (total == 0)
        total = bytes.size();  // what the sending system hands its network card to cut up
    if (total < header)
        return "ip: found a total length below the header's";
    const std::uint16_t fragment = u16(bytes, 6);
    view.source = {u32(bytes, 12)};
    view.destination = {u32(bytes, 16)};
    view.protocol = u8(bytes, 9);
    view.identification = u16(bytes, 4);
    view.fragmentOffset = static_cast<std::uint32_t>(fragment & 0x1fff) * 8;
    view.moreFragments = (fragment & 0x2000) != 0;
    view.payload = bytes.substr(header, total - header);  // Ethernet pads short frames
    view.missing = total - header - view.payload.size();
    return {};
}

Fault viewUdp(UdpView& view, std::string_view bytes, std::size_t missing)
{
    constexpr std::size_t header = 8;
    if (bytes.size() < header)
        return "udp: found less than the 8 bytes of a header";
    const std::size_t length = u16(bytes, 4);
    if (length < header)
        return "udp: found a length below 8";
    if (length > bytes.size() + missing)
        return "udp: found a length beyond its IP packet";
    view.source = u16(bytes, 0);
    view.destination = u16(bytes, 2);
    view.payload = bytes.substr(header, length - header);
    view.missing = length - header - view.payload.size();
    return {};
}

Fault viewTcp(TcpView& view, std::string_view bytes, std::size_t missing)
{
    constexpr std::size_t shortest = 20;
    if (bytes.size() < shortest)
        return "tcp: found less than the 20 bytes of a header";
    const std::size_t header = static_cast<std::size_t>(u8(bytes, 12) >> 4) * 4;
    if (header < shortest)
        return "tcp: found a header length below 20";
    if (header > bytes.size() + missing)
        return "tcp: found a header longer than the packet";
    const std::uint8_t flags = u8(bytes, 13);
    view.source = u16(bytes, 0);
    view.destination = u16(bytes, 2);
    view.sequence = u32(bytes, 4);
    view.acknowledged = u32(bytes, 8);
    view.fin = (flags & 1) != 0;
    view.syn = (flags & 2) != 0;
    view.reset = (flags & 4) != 0;
    view.ack = (flags & 16) != 0;
    const std::size_t present = std::min(header, bytes.size());
    view.payload = bytes.substr(present);
    view.missing = missing - (header - present);
    return {};
}

}  // namespace hwbridge
