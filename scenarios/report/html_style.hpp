#pragma once

#include <string_view>

namespace scenarios {

// The style sheet of the HTML report, and the few lines of script that print what is folded.
std::string_view htmlReportStyle();
std::string_view htmlReportScript();

}  // namespace scenarios
