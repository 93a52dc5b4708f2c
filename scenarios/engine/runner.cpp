#include "scenarios/engine/runner.hpp"

#include "scenarios/engine/action_player.hpp"
#include "scenarios/engine/expectation_player.hpp"
#include "scenarios/engine/run_state.hpp"

#include <fmt/format.h>

#include <chrono>

namespace scenarios {

namespace {

using emulator::Duration;
using emulator::EventKind;
using emulator::FieldName;
using emulator::FieldValue;

constexpr Duration endOfFetches =
    std::chrono::seconds{2};  // our choice: servers that answer at all do it sooner

class Run {
public:
    explicit Run(RunState& run) : m_run{run} {}

    CaseResult play()
    {
        const auto began = std::chrono::steady_clock::now();
        describe();
        begin();
        try {
            playSteps();
            letFetchesEnd();
            m_run.stage.settle(m_run);
        } catch (const RunStopped& stopped) {
            breakOff(stopped.why);
        }
        judge();
        m_run.record.took = m_run.stage.now().time_since_epoch();
        m_run.record.wallTook =
            std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
        return std::move(m_run.record);
    }

private:
    void begin()
    {
        const std::string wall = emulator::printWallTime(m_run.record.wall);
        m_run.rigEvent(EventKind::RunBegin, {{FieldName::Schema, std::int64_t{1}},
                                             {FieldName::Version, std::string_view{m_run.options.version}},
                                             {FieldName::Seed, static_cast<std::int64_t>(m_run.options.seed)},
                                             {FieldName::Target, std::string_view{m_run.record.target}},
                                             {FieldName::Wall, std::string_view{wall}},
                                             {FieldName::Name, std::string_view{m_run.scenario.title}}});
    }

    void playSteps()
    {
        m_run.openWindow(m_run.scenario.steps, 0);
        bool going = true;
        for (std::size_t i = 0; i < m_run.scenario.steps.size(); ++i) {
            if (going)
                going = playStep(m_run.scenario.steps, i, false);
            else
                skip(m_run.scenario.steps[i], false);
        }
        m_run.openWindow(m_run.scenario.finally, 0);
        for (std::size_t i = 0; i < m_run.scenario.finally.size(); ++i)
            playStep(m_run.scenario.finally, i, true);
    }

    // The step that was playing says why it came to no end; those after it were not run.
    void breakOff(const std::string& why)
    {
        m_run.running = nullptr;
        if (m_playing) {
            StepResult& last = m_run.record.steps.back();
            last.status = StepStatus::NotRun;
            last.note = why;
            last.ended = m_run.stage.now();
        }
        const std::size_t steps = m_run.scenario.steps.size();
        for (std::size_t i = m_run.record.steps.size(); i < steps + m_run.scenario.finally.size(); ++i)
            skip(i < steps ? m_run.scenario.steps[i] : m_run.scenario.finally[i - steps], i >= steps);
        m_run.invalid.push_back(why);
    }

    bool playStep(const std::vector<Step>& steps, std::size_t index, bool finally)
    {
        const Step& step = steps[index];
        m_run.record.steps.push_back(resultFor(step, finally));
        StepResult& result = m_run.record.steps.back();
        m_playing = true;
        result.began = m_run.stage.now();
        if (!result.expectation) {
            for (PhoneFacts& facts : m_run.facts)
                facts.ledSeen.clear();
            m_run.openWindow(steps, index + 1);
        }
        const auto line = static_cast<std::int64_t>(result.place.line);
        m_run.rigEvent(EventKind::RigStep,
                       {{FieldName::Step, std::string_view{result.text}}, {FieldName::Line, line}});
        m_run.report(result, 0);
        if (const auto* const expectation = std::get_if<Expectation>(&step.what))
            playExpectation(m_run, step, *expectation, result);
        else
            playAction(m_run, step, result);
        result.ended = m_run.stage.now();
        if (result.expectation || result.status == StepStatus::Failed)
            sayVerdict(result);
        if (result.status == StepStatus::Failed)
            m_run.failures.push_back(fmt::format("{}:{}: {}: {}", m_run.scenario.file, result.place.line,
                                                 result.text, result.note.empty() ? "failed" : result.note));
        m_playing = false;
        return result.status != StepStatus::Failed;
    }

    void sayVerdict(const StepResult& result)
    {
        const auto line = static_cast<std::int64_t>(result.place.line);
        const std::pair<FieldName, FieldValue> step{FieldName::Step, std::string_view{result.text}};
        const std::pair<FieldName, FieldValue> place{FieldName::Line, line};
        const std::pair<FieldName, FieldValue> verdict{FieldName::Verdict, name(result.status)};
        if (result.note.empty())
            m_run.rigEvent(EventKind::RigVerdict, {step, place, verdict});
        else
            m_run.rigEvent(EventKind::RigVerdict,
                           {step, place, verdict, {FieldName::Note, std::string_view{result.note}}});
    }

    StepResult resultFor(const Step& step, bool finally) const
    {
        StepResult result;
        result.text = step.text;
        result.place = step.place;
        result.expectation = std::holds_alternative<Expectation>(step.what);
        result.finally = finally;
        result.phones = step.phones.phones->size();
        return result;
    }

    void skip(const Step& step, bool finally)
    {
        StepResult result = resultFor(step, finally);
        result.began = result.ended = m_run.stage.now();
        m_run.record.steps.push_back(std::move(result));
    }

    // Two runs of one seed would differ in where the end of the scenario cut off what phones had begun: it is seen to
    // its end, unless that takes long.
    void letFetchesEnd()
    {
        m_run.stage.waitUntil(
            m_run.stage.now() + endOfFetches, m_run, [](const ActionResult&) {},
            [&] { return m_run.fetching == 0; });
    }

    void describe()
    {
        m_run.record.file = m_run.scenario.file;
        m_run.record.title = m_run.scenario.title;
        m_run.record.covers = m_run.scenario.covers;
        m_run.record.tags = m_run.scenario.tags;
        m_run.record.target = m_run.stage.target();
        m_run.record.seed = m_run.options.seed;
        m_run.record.wall = m_run.stage.wallStart();
        m_run.record.phones = m_run.stage.phones();
        for (const ServerPlan& plan : m_run.scenario.servers)
            m_run.record.servers.push_back({plan.name, plan.kind, m_run.stage.server(plan.name)});
    }

    void judge()
    {
        for (const std::string& trouble : m_run.stage.troubles())
            m_run.invalid.push_back(trouble);
        m_run.record.notices = m_run.stage.notices();
        if (m_run.invalid.empty() && m_run.failures.empty() && m_run.record.evaluated == 0)
            m_run.invalid.emplace_back("no expectation was evaluated, so nothing was shown");
        m_run.record.verdict = !m_run.invalid.empty()    ? Verdict::Invalid
                               : !m_run.failures.empty() ? Verdict::Failed
                                                         : Verdict::Passed;
        m_run.record.causes = m_run.invalid;
        m_run.record.causes.insert(m_run.record.causes.end(), m_run.failures.begin(), m_run.failures.end());
        m_run.rigEvent(EventKind::RunEnd, {{FieldName::Verdict, name(m_run.record.verdict)}});
    }

    RunState& m_run;
    bool m_playing = false;  // a step, the last one of the record
};

CaseResult untouched(const Scenario& scenario, std::string target, Verdict verdict, std::string why)
{
    CaseResult result;
    result.file = scenario.file;
    result.title = scenario.title;
    result.covers = scenario.covers;
    result.tags = scenario.tags;
    result.target = std::move(target);
    result.verdict = verdict;
    result.causes.push_back(std::move(why));
    return result;
}

}  // namespace

CaseResult runScenario(const Scenario& scenario, Stage& stage, const RunOptions& options)
{
    RunState run{scenario, stage, options};
    return Run{run}.play();
}

std::string whyNot(const Scenario& scenario, std::string_view target,
                   const std::function<bool(Capability)>& can)
{
    for (const Capability need : scenario.needs)
        if (!can(need))
            return fmt::format("{} has no {}", target, name(need));
    return {};
}

CaseResult skippedCase(const Scenario& scenario, std::string target, std::string why)
{
    return untouched(scenario, std::move(target), Verdict::Skipped, std::move(why));
}

CaseResult invalidCase(const Scenario& scenario, std::string target, std::string why)
{
    return untouched(scenario, std::move(target), Verdict::Invalid, std::move(why));
}

}  // namespace scenarios
