#pragma once

#include "hwbridge/decode/description.hpp"

namespace hwbridge {

// Describes an NTP or SNTP message by mode, version and stratum.
// Source: RFC 5905 section 7.3; control messages (mode 6) RFC 9327; mode 7 is ntpd's own.
DecodeOutcome describeNtp(Description out, std::string_view payload, ExchangeTable& exchanges);

}  // namespace hwbridge
