#pragma once

#include "hwbridge/decode/description.hpp"

#include "emulator/runtime/traffic_trace.hpp"

namespace hwbridge {

// Whether these bytes begin as a BOOTP message with DHCP's magic cookie, whatever port they came to.
bool looksLikeDhcp(std::string_view payload);

// Describes a DHCPv4 message. Unknown: BOOTP without message type (option 53), and types beyond inform.
// Texts of options pass through `secrets`: 66, 67, 159 and 160 may hold URLs with passwords.
// Source: RFC 2131, RFC 2132, RFC 3396, RFC 3925 (option 125), RFC 5859 (option 150); 159 and 160 are those in which
//         the guides of these phones have provisioning URLs.
DecodeOutcome describeDhcp(Description out, std::string_view payload, ExchangeTable& exchanges,
                           emulator::TrafficTrace& secrets);

}  // namespace hwbridge
