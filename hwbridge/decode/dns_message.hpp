#pragma once

#include "hwbridge/decode/description.hpp"

namespace hwbridge {

// Describes a DNS message: its first question, and of an answer the records of the answer section. Those of the other
// sections are only checked.
// Shape:  names as on the wire, without the dot at the end ("." is the root); '.' and '\' inside a label as "\." and
//         "\\", what is not printable as "\" and three decimal digits (RFC 1035 section 5.1). Answers are
//         "name TYPE data" as in a zone file, "; " between; TTLs are left out, the smallest is `ttl`.
// Limits: a compression pointer leads back, never forth, so that every name ends; at most 255 bytes (RFC 1035).
// Source: RFC 1035, RFC 3596 (AAAA), RFC 2782 (SRV), RFC 3403 (NAPTR).
DecodeOutcome describeDns(Description out, std::string_view message, ExchangeTable& exchanges);

// What a DNS question is told by, also when only the start of a datagram is known.
ExchangeKey dnsKey(const emulator::Endpoint& a, const emulator::Endpoint& b, std::uint16_t id);

}  // namespace hwbridge
