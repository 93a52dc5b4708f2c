#pragma once

#include "emulator/base/mac_address.hpp"
#include "hwbridge/capture/packet.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace hwbridge {

// What a packet carries, by its link layer.
enum class NetworkProtocol : std::uint8_t {
    Ipv4,
    Ipv6,
    Arp,
    Lldp,
    Cdp,
    OtherLlc,    // IEEE 802.2 that is not CDP: spanning tree and the like
    OtherType,   // another EtherType
    TooShort,    // the link header itself is cut off
    UnknownLink  // a link type nobody here reads
};

// The link layer of a packet, read in place: Ethernet II and 802.3 with LLC/SNAP, any number of VLAN tags up to four
// (802.1Q, 802.1ad, the older 0x9100), Linux cooked capture v1 and v2, raw IP, BSD loopback of either byte order.
struct LinkView {
    NetworkProtocol protocol = NetworkProtocol::TooShort;
    std::uint16_t etherType = 0;
    std::uint8_t vlanTags = 0;
    std::string_view payload;  // behind all link headers; of Ethernet with its padding
    // Of Ethernet both; of Linux cooked capture the sender's; else none.
    std::optional<emulator::MacAddress> source;
    std::optional<emulator::MacAddress> destination;
};

LinkView viewLink(LinkType link, std::string_view bytes);

}  // namespace hwbridge
