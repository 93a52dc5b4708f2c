#pragma once

#include <string_view>

namespace scenarios {

// What the HTML report of a run adds to emulator::reportStyle(): steps, ladders.
std::string_view htmlReportStyle();

}  // namespace scenarios
