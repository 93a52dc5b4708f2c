#pragma once

#include <string_view>

namespace hwbridge {

// What the HTML report of a comparison adds to emulator::reportStyle(): values side by side, twin ladders.
std::string_view comparisonStyle();

}  // namespace hwbridge
