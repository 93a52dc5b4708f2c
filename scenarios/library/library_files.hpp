#pragma once

#include "fixtures/embedded.hpp"

namespace fixtures {

// The files of this folder, as compiled in.
std::span<const EmbeddedFile> libraryFiles();

}  // namespace fixtures
