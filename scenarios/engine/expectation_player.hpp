#pragma once

#include "scenarios/engine/run_state.hpp"

namespace scenarios {

// Waits until the expectation is decided for every phone of the step, or its time is over, and says so in `result`.
// When the rig itself was late meanwhile, by more than a tenth of that time (at least 50 ms), the run is invalid.
void playExpectation(RunState& run, const Step& step, const Expectation& expectation, StepResult& result);

}  // namespace scenarios
