#pragma once

#include "hwbridge/decode/description.hpp"

namespace hwbridge {

// Describes an ICMP message. One that reports an error shows the ends of the datagram it quotes.
// Source: RFC 792, RFC 1191 (next-hop MTU), RFC 1256, RFC 1812, and the registry of ICMP types and codes.
struct QuotedDatagram {
    std::uint8_t protocol = 0;
    emulator::Endpoint from;
    emulator::Endpoint to;
    std::string_view payload;  // behind the UDP header, as far as it is quoted
};

DecodeOutcome describeIcmp(Description out, std::string_view packet, ExchangeTable& exchanges,
                           std::optional<QuotedDatagram>& quoted);

}  // namespace hwbridge
