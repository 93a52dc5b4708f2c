#pragma once

#include "hwbridge/capture/packet.hpp"

#include <cstdint>

namespace hwbridge {

// The clock of one interface of a pcapng file.
class PacketClock {
public:
    PacketClock() = default;  // microseconds since 1970
    // `resolution` as if_tsresol: 6 is microseconds, 9 nanoseconds; with the highest bit set a power of two.
    // `offset`: seconds that are added, as if_tsoffset. Source: draft-ietf-opsawg-pcapng, section 4.2.
    PacketClock(std::uint8_t resolution, std::int64_t offset);

    // Times that nanoseconds since 1970 cannot hold (before 1677, after 2262) become the first or last one they can.
    WallNanoseconds at(std::uint64_t ticks) const
    {
        if (m_nanosecondsPerTick != 0 && ticks <= m_mostTicks)
            return WallNanoseconds{
                std::chrono::nanoseconds{static_cast<std::int64_t>(ticks * m_nanosecondsPerTick)}};
        return farAt(ticks);
    }

private:
    WallNanoseconds farAt(std::uint64_t ticks) const;

    std::uint64_t m_nanosecondsPerTick = 1000;  // 0: the way that takes long
    std::uint64_t m_mostTicks = INT64_MAX / 1000;
    std::uint8_t m_resolution = 6;
    std::int64_t m_offset = 0;
};

}  // namespace hwbridge
