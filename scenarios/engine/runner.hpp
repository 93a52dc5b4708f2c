#pragma once

#include "scenarios/engine/run_result.hpp"

#include <functional>
#include <string>

namespace scenarios {

// How far a run is, for a terminal or a window. Values only.
struct Progress {
    std::size_t step = 0;  // from 1
    std::size_t steps = 0;
    std::string text;         // of the step
    std::size_t decided = 0;  // phones
    std::size_t phones = 0;
};

struct RunOptions {
    bool strict = false;                                // what cannot be observed fails
    std::uint64_t seed = 0;                             // that the stage was made with; reports quote it
    std::string version = "0";                          // of phonerig; reports quote it
    std::size_t maxEvents = EventArchive::defaultMost;  // kept for the report
    emulator::TraceSink* events = nullptr;              // gets every event as it comes
    std::function<void(const Progress&)> progress;
};

// Plays a scenario on a stage, from its first step to its verdict.
// Meaning of expectations: docs/scenarios.md. Verdicts: design decision D8.
CaseResult runScenario(const Scenario& scenario, Stage& stage, const RunOptions& options);

// Why a target cannot play a scenario; empty when it can. `can`: as Stage::can.
std::string whyNot(const Scenario& scenario, std::string_view target,
                   const std::function<bool(Capability)>& can);

// The record of a scenario that was not run.
CaseResult skippedCase(const Scenario& scenario, std::string target, std::string why);

// The same for one that could not be started: the rig's fault, hence invalid.
CaseResult invalidCase(const Scenario& scenario, std::string target, std::string why);

}  // namespace scenarios
