#include "hwbridge/decode/link_view.hpp"

#include "hwbridge/decode/big_endian.hpp"

#include <algorithm>

namespace hwbridge {

namespace {

constexpr std::uint16_t typeIpv4 = 0x0800;
constexpr std::uint16_t typeArp = 0x0806;
constexpr std::uint16_t typeIpv6 = 0x86dd;
constexpr std::uint16_t typeLldp = 0x88cc;
constexpr std::uint16_t leastEtherType = 0x0600;  // below: a length (IEEE 802.3)
constexpr int mostVlanTags = 4;                   // our choice: nobody stacks more

emulator::MacAddress macAt(std::string_view bytes, std::size_t at)
{
    emulator::MacAddress mac;
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), mac.octets.size(), mac.octets.begin());
    return mac;
}

bool isVlan(std::uint16_t type)
{
    return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

// IEEE 802.2: CDP is SNAP (aa aa 03) with Cisco's 00-00-0c and 0x2000; SNAP with 00-00-00 carries an EtherType.
void readLlc(LinkView& view);

void readType(LinkView& view, std::uint16_t type)
{
    while (isVlan(type)) {
        if (view.payload.size() < 4 || view.vlanTags == mostVlanTags) {
            view.protocol = NetworkProtocol::TooShort;
            return;
        }
        ++view.vlanTags;
        type = u16(view.payload, 2);
        view.payload.remove_prefix(4);
    }
    view.etherType = type;
    switch (type) {
    case typeIpv4:
        view.protocol = NetworkProtocol::Ipv4;
        return;
    case typeIpv6:
        view.protocol = NetworkProtocol::Ipv6;
        return;
    case typeArp:
        view.protocol = NetworkProtocol::Arp;
        return;
    case typeLldp:
        view.protocol = NetworkProtocol::Lldp;
        return;
    default:
        break;
    }
    if (type >= leastEtherType) {
        view.protocol = NetworkProtocol::OtherType;
        return;
    }
    view.payload = view.payload.substr(0, type);
    readLlc(view);
}

void readLlc(LinkView& view)
{
    view.protocol = NetworkProtocol::OtherLlc;
    constexpr std::size_t snapHeader = 8;
    if (view.payload.size() < snapHeader || !view.payload.starts_with("\xaa\xaa\x03"))
        return;
    const std::uint32_t organisation = u24(view.payload, 3);
    const std::uint16_t type = u16(view.payload, 6);
    if (organisation == 0x00000c && type == 0x2000) {
        view.payload.remove_prefix(snapHeader);
        view.etherType = type;
        view.protocol = NetworkProtocol::Cdp;
    } else if (organisation == 0 && type >= leastEtherType && !isVlan(type)) {
        view.payload.remove_prefix(snapHeader);
        readType(view, type);
    }
}

LinkView viewEthernet(std::string_view bytes)
{
    LinkView view;
    constexpr std::size_t header = 14;
    if (bytes.size() < header)
        return view;
    view.destination = macAt(bytes, 0);
    view.source = macAt(bytes, 6);
    view.payload = bytes.substr(header);
    readType(view, u16(bytes, 12));
    return view;
}

// www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html and …_SLL2.html
LinkView viewCooked(std::string_view bytes, bool second)
{
    LinkView view;
    const std::size_t header = second ? 20 : 16;
    if (bytes.size() < header)
        return view;
    constexpr std::uint16_t arphrdEther = 1;
    constexpr std::uint16_t arphrdLoopback = 772;
    const std::uint16_t hardware = u16(bytes, second ? 8 : 2);
    const std::uint16_t addressLength = second ? u8(bytes, 11) : u16(bytes, 4);
    if (hardware == arphrdEther && addressLength == 6)
        view.source = macAt(bytes, second ? 12 : 6);
    const std::uint16_t type = u16(bytes, second ? 0 : 14);
    view.payload = bytes.substr(header);
    constexpr std::uint16_t llc = 4;  // LINUX_SLL_P_802_2
    if (hardware != arphrdEther && hardware != arphrdLoopback && type < leastEtherType) {
        view.protocol = NetworkProtocol::OtherType;
        view.etherType = type;
    } else if (type == llc) {
        readLlc(view);
    } else if (type < leastEtherType) {
        view.protocol = NetworkProtocol::OtherType;
        view.etherType = type;
    } else {
        readType(view, type);
    }
    return view;
}

LinkView viewRaw(std::string_view bytes)
{
    LinkView view;
    view.payload = bytes;
    if (bytes.empty())
        return view;
    const int version = u8(bytes, 0) >> 4;
    view.protocol = version == 4   ? NetworkProtocol::Ipv4
                    : version == 6 ? NetworkProtocol::Ipv6
                                   : NetworkProtocol::OtherType;
    return view;
}

// The family is a number of the system that captured: 2 is IPv4 everywhere, IPv6 differs.
LinkView viewLoopback(std::string_view bytes, bool eitherOrder)
{
    LinkView view;
    if (bytes.size() < 4)
        return view;
    std::uint32_t family = u32(bytes, 0);
    if (eitherOrder && family > 0xffff)
        family = family >> 24 | (family >> 8 & 0xff00);
    view.payload = bytes.substr(4);
    const bool ipv6 = family == 10 || family == 24 || family == 28 || family == 30;
    view.protocol = family == 2 ? NetworkProtocol::Ipv4
                    : ipv6      ? NetworkProtocol::Ipv6
                                : NetworkProtocol::OtherType;
    return view;
}

}  // namespace

LinkView viewLink(LinkType link, std::string_view bytes)
{
    switch (link) {
    case LinkType::Ethernet:
        return viewEthernet(bytes);
    case LinkType::LinuxCooked:
        return viewCooked(bytes, false);
    case LinkType::LinuxCooked2:
        return viewCooked(bytes, true);
    case LinkType::RawIp:
    case LinkType::RawIpOld:
    case LinkType::RawIpOpenBsd:
    case LinkType::Ipv4:
    case LinkType::Ipv6:
        return viewRaw(bytes);
    case LinkType::Null:
        return viewLoopback(bytes, true);
    case LinkType::Loop:
        return viewLoopback(bytes, false);
    }
    LinkView view;
    view.protocol = NetworkProtocol::UnknownLink;
    return view;
}

}  // namespace hwbridge
