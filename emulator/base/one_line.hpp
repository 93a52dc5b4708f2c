#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace emulator {

// What somebody else said, as a part of a sentence of ours: control characters become spaces, bytes that are not UTF-8
// become '?', and it ends after at most so many bytes, not inside a letter.
std::string oneLine(std::string_view text, std::size_t most);

}  // namespace emulator
