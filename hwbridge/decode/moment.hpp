#pragma once

#include "emulator/base/time_point.hpp"

#include <cstdint>

namespace hwbridge {

// The packet that is being read: its number in the capture and its time since the capture's first.
struct Moment {
    std::uint64_t packet = 0;
    emulator::TimePoint at{};
};

// One end of a connection as an index: the sender of a segment, a half of a conversation.
enum class Side : std::uint8_t { A, B };

inline Side otherSide(Side side)
{
    return side == Side::A ? Side::B : Side::A;
}

inline std::size_t index(Side side)
{
    return static_cast<std::size_t>(side);
}

}  // namespace hwbridge
