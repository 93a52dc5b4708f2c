#pragma once

#include "hwbridge/decode/description.hpp"

#include "emulator/runtime/traffic_trace.hpp"

namespace hwbridge {

// Whether the first line is one of SIP/2.0, whatever port it came to.
bool looksLikeSip(std::string_view datagram);

// Describes a SIP message by its first line and head: the fields that TrafficTrace::describeSip tells, and `headers`,
// every line of the head as it stood on the wire (compact names too), folded lines joined, each ended by a line end.
// It reads in place, for a capture may hold little else. Credentials are replaced by pseudonyms, and so are passwords
// inside URIs.
DecodeOutcome describeSip(Description out, std::string_view message, ExchangeTable& exchanges,
                          emulator::TrafficTrace& secrets);

}  // namespace hwbridge
