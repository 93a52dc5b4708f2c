#pragma once

#include "hwbridge/decode/description.hpp"

namespace hwbridge {

// Describes a message of the Cisco Discovery Protocol. What stands several times is shown as it stands first.
// Source: Cisco's description of the frame format (LAN troubleshooting guide, CDP), and what Wireshark knows of it;
//         there is no standard.
DecodeOutcome describeCdp(Description out, std::string_view message);

}  // namespace hwbridge
