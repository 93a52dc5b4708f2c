#pragma once

#include "emulator/base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace emulator {

// All bytes of a file, or of a pipe to its end.
// Errors: NotFound, Refused, TooLarge. The detail is the reason alone ("Is a directory", "more than 4096 bytes"): who asks
//         knows what the file should hold, and says so.
Result<std::string> readWholeInput(const std::filesystem::path& path, std::size_t mostBytes);

}  // namespace emulator
