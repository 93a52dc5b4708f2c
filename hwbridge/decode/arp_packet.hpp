#pragma once

#include "hwbridge/decode/description.hpp"

namespace hwbridge {

// Describes an ARP packet for IPv4 over Ethernet; Unknown for other networks and operations.
// Source: RFC 826; RFC 5227 for probes and announcements.
DecodeOutcome describeArp(Description out, std::string_view packet, ExchangeTable& exchanges);

}  // namespace hwbridge
