#pragma once

#include "scenarios/engine/run_result.hpp"

#include <span>
#include <string>

namespace scenarios {

// What a report says about itself.
struct HtmlReportInfo {
    std::string version;  // of phonerig
    std::string title = "phonerig report";
};

// A run as one HTML file that needs nothing beside it: a summary, and for each scenario its steps with what was
// expected and seen, and ladders of what its phones said to the servers.
// Shape:  HTML 5 in UTF-8; light and dark as the reader's browser prefers; fit for printing. Every text is escaped.
std::string htmlReport(std::span<const CaseResult> cases, const HtmlReportInfo& info);

// Phones with a ladder, per scenario; those that failed something come first.
inline constexpr std::size_t maxLadderPhones = 16;

}  // namespace scenarios
