#pragma once

#include "hwbridge/compare/text_report.hpp"

#include <string>

namespace hwbridge {

// One JSON object; docs/comparison.md lists its keys. Keys are added, never renamed or removed.
std::string jsonReport(const ComparisonReport& report);

}  // namespace hwbridge
