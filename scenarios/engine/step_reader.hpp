#pragma once

#include "scenarios/engine/step_context.hpp"

namespace scenarios {

// Reads the steps of a scenario whose phones and servers are known already.
std::vector<Step> readSteps(StepContext& context, const YamlNode& list);

}  // namespace scenarios
