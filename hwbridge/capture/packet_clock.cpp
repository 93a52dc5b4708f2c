#include "hwbridge/capture/packet_clock.hpp"

#include <limits>

namespace hwbridge {

namespace {

__extension__ using Wide = __int128;
__extension__ using WideUnsigned = unsigned __int128;

constexpr std::uint64_t nanosecondsPerSecond = 1'000'000'000;

WallNanoseconds wallTime(Wide seconds, std::uint64_t nanoseconds)
{
    constexpr Wide least = std::numeric_limits<std::int64_t>::min();
    constexpr Wide most = std::numeric_limits<std::int64_t>::max();
    const Wide sum = seconds * static_cast<Wide>(nanosecondsPerSecond) + static_cast<Wide>(nanoseconds);
    const Wide held = sum < least ? least : sum > most ? most : sum;
    return WallNanoseconds{std::chrono::nanoseconds{static_cast<std::int64_t>(held)}};
}

}  // namespace

PacketClock::PacketClock(std::uint8_t resolution, std::int64_t offset)
    : m_resolution{resolution},
      m_offset{offset}
{
    m_nanosecondsPerTick = 0;
    if (offset != 0 || resolution > 9)
        return;
    m_nanosecondsPerTick = 1;
    for (unsigned i = resolution; i < 9; ++i)
        m_nanosecondsPerTick *= 10;
    m_mostTicks = static_cast<std::uint64_t>(INT64_MAX) / m_nanosecondsPerTick;
}

WallNanoseconds PacketClock::farAt(std::uint64_t ticks) const
{
    WideUnsigned perSecond = 1;
    constexpr unsigned powerOfTwo = 0x80;
    constexpr unsigned mostDigits = 38;  // beyond that a tick is less than any time there is
    const unsigned exponent = m_resolution & 0x7fu;
    if ((m_resolution & powerOfTwo) != 0) {
        if (exponent > 64)
            return wallTime(m_offset, 0);
        perSecond <<= exponent;
    } else {
        for (unsigned i = 0; i < exponent && i < mostDigits; ++i)
            perSecond *= 10;
    }
    const WideUnsigned whole = ticks / perSecond;
    const WideUnsigned rest = ticks % perSecond;
    return wallTime(static_cast<Wide>(whole) + m_offset,
                    static_cast<std::uint64_t>(rest * nanosecondsPerSecond / perSecond));
}

}  // namespace hwbridge
