#include "ui/cli/scenario_play.hpp"

#include "scenarios/engine/stage_factory.hpp"
#include "ui/cli/attended_stage.hpp"

#include <utility>

namespace ui {

using scenarios::CaseResult;

std::uint64_t ScenarioPlay::seed() const
{
    return scenarios::seedFor(scenario, options.seed);
}

std::unique_ptr<scenarios::ScenarioCapture> ScenarioPlay::capture(std::string_view interface) const
{
    if (!reports.wantsPackets())
        return nullptr;
    return std::make_unique<scenarios::ScenarioCapture>(
        PHONERIG_VERSION, interface, scenario.title,
        [&files = reports](std::string_view bytes) { files.writePackets(bytes); });
}

CaseResult ScenarioPlay::onStage(scenarios::Stage& stage, emulator::TraceSink* events,
                                 const std::function<void()>& attend) const
{
    scenarios::RunOptions engine;
    engine.strict = options.strict;
    engine.seed = seed();
    engine.version = PHONERIG_VERSION;
    engine.events = events;
    engine.progress = [&](const scenarios::Progress& step) { progress.step(step); };
    AttendedStage attended{stage, attend};
    return scenarios::runScenario(scenario, attended, engine);
}

CaseResult ScenarioPlay::invalid(std::string target, std::string why) const
{
    CaseResult result = scenarios::invalidCase(scenario, std::move(target), std::move(why));
    result.seed = seed();
    return result;
}

}  // namespace ui
