#include "emulator/runtime/fleet.hpp"

namespace emulator {

std::size_t Fleet::size() const
{
    std::size_t phones = 0;
    for (const FleetGroup& group : groups)
        phones += group.count;
    return phones;
}

}  // namespace emulator
