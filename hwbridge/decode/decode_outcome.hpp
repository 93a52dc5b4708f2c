#pragma once

#include <cstdint>

namespace hwbridge {

// What became of bytes that were to be described as a trace event.
enum class DecodeOutcome : std::uint8_t {
    Described,
    Malformed,  // kind is packet.malformed; the only new field `note`: which layer, what was read, what was expected
    Unknown,  // none of the protocols decoded here; the event is as it was
};

}  // namespace hwbridge
