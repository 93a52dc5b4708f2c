#pragma once

#include "hwbridge/compare/text_report.hpp"

#include <string>

namespace hwbridge {

// One page that needs nothing beside it, light or dark: verdict, roots with what follows from them, fidelity, and both
// sides next to each other with their exchanges aligned; a difference leads from one to the other.
std::string htmlReport(const ComparisonReport& report);

}  // namespace hwbridge
