#pragma once

#include "hwbridge/decode/description.hpp"

namespace hwbridge {

// Describes an LLDP data unit. What stands several times is shown as it stands first.
// Source: IEEE 802.1AB-2016 section 8; IEEE 802.1Q annex D (port VLAN); ANSI/TIA-1057 (LLDP-MED: network policy of
//         voice, power, inventory).
DecodeOutcome describeLldp(Description out, std::string_view unit);

}  // namespace hwbridge
