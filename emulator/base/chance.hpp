#pragma once

#include "emulator/base/mac_address.hpp"

#include <cstdint>

namespace emulator {

enum class Seed : std::uint64_t {};  // one per run; a failing run prints it

// Mixes 64 bits so that each input bit changes about half of the output bits.
std::uint64_t mixBits(std::uint64_t value);

// One phone's luck: a hash of (seed, MAC, how many were drawn), never a shared stream. Adding a phone leaves
// the others as they were (design decision D6).
class Chance {
public:
    Chance(Seed seed, const MacAddress& mac);

    std::uint64_t next();
    // Evenly in 0 to `most`, both included.
    std::uint64_t upTo(std::uint64_t most);

private:
    std::uint64_t m_key;
    std::uint64_t m_drawn = 0;
};

}  // namespace emulator
