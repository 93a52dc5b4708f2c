#pragma once

#include "scenarios/engine/run_result.hpp"

#include <span>
#include <string>

namespace scenarios {

// A run as JUnit XML, for CI servers: one testsuite per target, one testcase per scenario.
// Shape:  Failed is <failure>, Invalid is <error>, Skipped is <skipped>; covered ids and the seed are properties, the
//         steps are <system-out>. Times in seconds on the host's clock.
std::string junitXml(std::span<const CaseResult> cases);

}  // namespace scenarios
