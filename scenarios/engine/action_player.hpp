#pragma once

#include "scenarios/engine/run_state.hpp"

namespace scenarios {

// Carries out a step that is no expectation: starts it at every phone it is for, waits for all, and says in `result`
// which refused. A phone that says nothing for longer than any answer takes has refused as well.
void playAction(RunState& run, const Step& step, StepResult& result);

}  // namespace scenarios
