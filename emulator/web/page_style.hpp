#pragma once

#include <string_view>

namespace emulator {

// The style sheet of every page.
std::string_view pageStyle();

}  // namespace emulator
