#pragma once

#include "hwbridge/decode/description.hpp"

#include "emulator/runtime/traffic_trace.hpp"

namespace hwbridge {

// Whether a datagram begins with "<PRI>" and text behind it, whatever port it came to.
bool looksLikeSyslog(std::string_view datagram);

// Describes a syslog message, one without PRI too (RFC 3164 section 4.3.3). Beside what the rig's own server tells,
// the time stamp where it stands in the form of RFC 3164 or RFC 5424, and the head of the latter.
DecodeOutcome describeSyslog(Description out, std::string_view datagram, ExchangeTable& exchanges,
                             emulator::TrafficTrace& secrets);

}  // namespace hwbridge
