#include "ui/cli/random_seed.hpp"

#include <random>

namespace ui {

emulator::Seed randomSeed()
{
    std::random_device device;
    return emulator::Seed{device() & 0xffffffffu};
}

}  // namespace ui
