#pragma once

#include "emulator/base/embedded_file.hpp"

#include <span>

namespace hwbridge {

// bench.schema.json, as compiled in.
std::span<const emulator::EmbeddedFile> benchFiles();

}  // namespace hwbridge
