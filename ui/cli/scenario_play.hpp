#pragma once

#include "scenarios/engine/runner.hpp"
#include "scenarios/engine/stage.hpp"
#include "scenarios/report/scenario_capture.hpp"
#include "ui/cli/report_files.hpp"
#include "ui/cli/run_command.hpp"
#include "ui/cli/run_control.hpp"
#include "ui/cli/run_progress.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace ui {

// One scenario of a run, and what all targets need to play it. References to what outlives it.
struct ScenarioPlay {
    const scenarios::Scenario& scenario;
    const RunOptions& options;
    RunProgress& progress;
    ReportFiles& reports;
    RunControl* control = nullptr;  // null: no window may look

    std::uint64_t seed() const;
    // What crosses the wire while it plays; nothing where nobody wants it.
    std::unique_ptr<scenarios::ScenarioCapture> capture(std::string_view interface) const;
    // `events`: gets what is seen; may be null. `attend`: called whenever the stage looks around; may throw RunStopped.
    scenarios::CaseResult onStage(scenarios::Stage& stage, emulator::TraceSink* events,
                                  const std::function<void()>& attend) const;
    // It could not be started.
    scenarios::CaseResult invalid(std::string target, std::string why) const;
};

}  // namespace ui
