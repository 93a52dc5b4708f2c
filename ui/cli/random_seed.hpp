#pragma once

#include "emulator/base/chance.hpp"

namespace ui {

// A seed nobody chose; short enough to be typed again.
emulator::Seed randomSeed();

}  // namespace ui
