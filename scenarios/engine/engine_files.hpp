#pragma once

#include "fixtures/embedded.hpp"

namespace fixtures {

// scenario.schema.json: the JSON Schema of scenario files, as compiled in.
std::span<const EmbeddedFile> engineFiles();

}  // namespace fixtures
