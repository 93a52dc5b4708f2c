#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace emulator {

// Text from outside as it may stand in a log line or message: every byte that is not printable ASCII becomes '?',
// longer text is cut.
std::string printable(std::string_view text, std::size_t limit = 120);

}  // namespace emulator
