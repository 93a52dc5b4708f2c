#pragma once

#include "scenarios/report/ladder.hpp"

#include <string>

namespace scenarios {

// The ladder as an SVG file of its own, in the report's colours for light rooms, on its ground. Without variables of CSS,
// which drawing programs do not know.
std::string ladderSvgFile(const Ladder& ladder);

}  // namespace scenarios
