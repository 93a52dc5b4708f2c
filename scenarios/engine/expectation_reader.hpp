#pragma once

#include "scenarios/engine/step_context.hpp"

namespace scenarios {

// Reads what stands behind "expect:", for those phones. Nothing: it is wrong, and the problems of `context` say how.
std::optional<Expectation> readExpectation(StepContext& context, const YamlNode& map,
                                           const Selection& phones);

}  // namespace scenarios
