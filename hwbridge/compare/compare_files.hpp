#pragma once

#include "emulator/base/embedded_file.hpp"

#include <span>

namespace hwbridge {

// default_rules.yaml, as compiled in.
std::span<const emulator::EmbeddedFile> compareFiles();

}  // namespace hwbridge
