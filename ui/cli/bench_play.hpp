#pragma once

#include "ui/cli/bench_run.hpp"
#include "ui/cli/scenario_play.hpp"
#include "ui/cli/twin_run.hpp"

#include <optional>
#include <set>
#include <string>

namespace ui {

// What a run on a bench is about besides one scenario.
struct BenchSession {
    BenchRun run;
    std::string unavailable;  // why nothing more can be played on it; empty: it can
    std::optional<KnownDeviations> known;
    std::set<std::string> artefacts{};  // names of those that are written
};

// Plays a scenario on a real phone that is leased for it, and on `twin:` then on its twin as well.
scenarios::CaseResult playOnBench(const ScenarioPlay& play, BenchSession& bench);

// The twin's side of that, in a process that has a network of its own. Source: RunOptions::twinOf.
scenarios::CaseResult playAsTwin(const ScenarioPlay& play);

}  // namespace ui
