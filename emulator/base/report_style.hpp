#pragma once

#include <string_view>

namespace emulator {

// The style sheet that every HTML report begins with: colours for light and dark, type, cards, tables, cases that open.
std::string_view reportStyle();

// Opens the case that the address names, and every case before printing.
std::string_view reportScript();

}  // namespace emulator
