#include "emulator/base/chance.hpp"

namespace emulator {

// The finaliser of SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators").
std::uint64_t mixBits(std::uint64_t value)
{
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

Chance::Chance(Seed seed, const MacAddress& mac)
    : m_key{mixBits(static_cast<std::uint64_t>(seed)) ^ mac.number()}
{}

std::uint64_t Chance::next()
{
    return mixBits(mixBits(m_key) + m_drawn++);
}

std::uint64_t Chance::upTo(std::uint64_t most)
{
    // The high half of a 64 by 64 bit product: even enough for delays, no division, no loop.
    __extension__ using Wide = unsigned __int128;
    const std::uint64_t drawn = next();
    if (most == UINT64_MAX)
        return drawn;
    return static_cast<std::uint64_t>(static_cast<Wide>(drawn) * (most + 1) >> 64);
}

}  // namespace emulator
