#include "ui/cli/run_command.hpp"

#include "emulator/base/nearest_word.hpp"
#include "scenarios/engine/stage_factory.hpp"
#include "scenarios/report/scenario_capture.hpp"
#include "ui/cli/attended_stage.hpp"
#include "ui/cli/interruption.hpp"
#include "ui/cli/loopback_capture.hpp"
#include "ui/cli/report_files.hpp"
#include "ui/cli/run_progress.hpp"
#include "ui/cli/scenario_source.hpp"
#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>

namespace ui {

namespace {

using scenarios::CaseResult;
using scenarios::Scenario;
using scenarios::Stage;
using scenarios::Verdict;

constexpr std::string_view interruptedCause = "interrupted";

// Where it can be run at all. Empty: it can.
std::optional<ExitCode> refusedTarget(const std::string& target)
{
    if (target == "sim" || target == "net")
        return std::nullopt;
    if (target.starts_with("bench:") || target.starts_with("twin:")) {
        say(fmt::format(
            "run: --on {}: real phones come with the hardware bridge, which this version does not have; "
            "expected sim or net",
            target));
        return ExitCode::BenchUnavailable;
    }
    const std::string_view nearest = emulator::nearestWord(target, {"sim", "net"});
    say(fmt::format("run: --on: found {}, expected sim, net, bench:NAME or twin:NAME{}", target,
                    nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest)));
    return ExitCode::Usage;
}

// Reads everything that was asked for. Empty: something is wrong, and was said.
std::optional<std::vector<Scenario>> readAll(const RunOptions& options)
{
    const auto sources = scenarioSources(options.paths);
    if (!sources.has_value()) {
        say(fmt::format("run: {}", sources.error().detail));
        return std::nullopt;
    }
    std::vector<Scenario> all;
    bool right = true;
    for (const ScenarioSource& source : *sources) {
        scenarios::ScenarioReading reading = readSource(source, options.phones);
        for (const std::string& problem : reading.problems)
            writeAll(STDERR_FILENO, problem + '\n');
        if (reading.scenario)
            all.push_back(std::move(*reading.scenario));
        else
            right = false;
    }
    if (!right)
        return std::nullopt;
    return all;
}

std::vector<Scenario> chosen(std::vector<Scenario> all, const RunOptions& options)
{
    if (!options.tag.empty())
        std::erase_if(all, [&](const Scenario& scenario) {
            return std::find(scenario.tags.begin(), scenario.tags.end(), options.tag) == scenario.tags.end();
        });
    std::vector<Scenario> mine;
    for (std::size_t i = options.shard - 1; i < all.size(); i += options.shards)
        mine.push_back(std::move(all[i]));
    return mine;
}

// What crossed the wire while a scenario played; nothing where nobody wants it.
std::unique_ptr<scenarios::ScenarioCapture> captureOf(const Scenario& scenario, const RunOptions& options,
                                                      ReportFiles& reports)
{
    if (!reports.wantsPackets())
        return nullptr;
    return std::make_unique<scenarios::ScenarioCapture>(
        PHONERIG_VERSION, options.on == "net" ? "lo" : "sim", scenario.title,
        [&reports](std::string_view bytes) { reports.writePackets(bytes); });
}

CaseResult playOnStage(const std::unique_ptr<Stage>& stage, const Scenario& scenario,
                       const scenarios::RunOptions& runOptions, RunProgress& progress)
{
    AttendedStage attended{*stage, [&] { progress.attend(stage->liveFleet()); }};
    try {
        return scenarios::runScenario(scenario, attended, runOptions);
    } catch (const RunInterrupted&) {
        CaseResult result =
            scenarios::invalidCase(scenario, std::string{stage->target()}, std::string{interruptedCause});
        result.seed = runOptions.seed;
        result.wall = stage->wallStart();
        result.phones = stage->phones();
        return result;
    }
}

// One scenario on a stage of its own.
CaseResult play(const Scenario& scenario, const RunOptions& options, RunProgress& progress,
                ReportFiles& reports)
{
    const bool virtualTime = options.on == "sim";
    const auto can = virtualTime ? &scenarios::SimStage::targetCan : &scenarios::NetStage::targetCan;
    if (std::string why = scenarios::whyNot(scenario, options.on, can); !why.empty())
        return scenarios::skippedCase(scenario, options.on, std::move(why));

    scenarios::StageOptions stageOptions;
    stageOptions.seed = scenarios::seedFor(scenario, options.seed);
    stageOptions.threads = options.threads;
    stageOptions.alter = options.alter;
    stageOptions.net.webPort = 0;  // a free one: two runs, or a run beside `up`, do not meet
    const auto capture = captureOf(scenario, options, reports);
    stageOptions.packets = capture.get();
    auto stage = scenarios::makeStage(options.on, scenario, stageOptions);
    if (!stage.has_value())
        return scenarios::invalidCase(scenario, options.on, stage.error().detail);
    std::unique_ptr<hwbridge::LiveCapture> live;
    if (capture) {
        const std::vector<scenarios::StagePhone>& phones = (*stage)->phones();
        capture->name(phones);
        if (options.on == "net") {
            // Phones of all groups have neighbouring addresses, and none has power yet.
            auto started = captureLoopback(prefixesOf(phones.front().address, phones.size()), *capture);
            if (!started.has_value())
                return scenarios::invalidCase(scenario, options.on, started.error().detail);
            live = std::move(*started);
        }
    }

    scenarios::RunOptions runOptions;
    runOptions.strict = options.strict;
    runOptions.seed = stageOptions.seed;
    runOptions.version = PHONERIG_VERSION;
    runOptions.events = reports.events();
    runOptions.progress = [&](const scenarios::Progress& step) { progress.step(step); };
    CaseResult result = playOnStage(*stage, scenario, runOptions, progress);
    CaptureEnd end;
    if (live)
        end = endCapture(*live);
    if (!end.notice.empty())
        result.notices.push_back(std::move(end.notice));
    stage->reset();  // which hands over the last packets of virtual time
    if (capture)
        capture->end(result, end.dropped);
    return result;
}

std::string summary(const std::vector<CaseResult>& cases, const std::vector<Verdict>& verdicts,
                    const RunOptions& options)
{
    std::string text =
        fmt::format("{} scenario{} on {}:", cases.size(), cases.size() == 1 ? "" : "s", options.on);
    std::string_view separator = " ";
    for (const Verdict verdict : {Verdict::Passed, Verdict::Failed, Verdict::Invalid, Verdict::Skipped}) {
        const auto count = std::count(verdicts.begin(), verdicts.end(), verdict);
        if (count > 0) {
            fmt::format_to(std::back_inserter(text), "{}{} {}", separator, count, name(verdict));
            separator = ", ";
        }
    }
    text += '\n';
    // What it takes to see it again: scenarios with seeds of their own keep them unless told otherwise.
    for (const CaseResult& result : cases)
        if (result.verdict == Verdict::Failed || result.verdict == Verdict::Invalid)
            fmt::format_to(std::back_inserter(text), "again: phonerig run {} --on {} --seed {}\n",
                           result.file, options.on, result.seed);
    return text;
}

}  // namespace

ExitCode run(const RunOptions& options)
{
    if (const std::optional<ExitCode> refused = refusedTarget(options.on))
        return *refused;
    if (!options.pcap.empty() && options.on == "net")
        if (const auto may = mayCaptureLoopback(); may.has_error()) {
            say(fmt::format("run: --pcap: {}", may.error().detail));
            return ExitCode::Usage;
        }
    std::optional<std::vector<Scenario>> all = readAll(options);
    if (!all)
        return ExitCode::Usage;
    const std::vector<Scenario> mine = chosen(std::move(*all), options);
    if (mine.empty()) {
        say(options.tag.empty()
                ? fmt::format("run: shard {}/{} has no scenario", options.shard, options.shards)
                : fmt::format("run: no scenario here has the tag {}", options.tag));
        return ExitCode::Invalid;
    }
    ReportFiles reports{options};
    if (const auto opened = reports.open(); !opened.has_value()) {
        say(fmt::format("run: {}", opened.error().detail));
        return ExitCode::Usage;
    }

    watchForInterruption();
    RunProgress progress{{options.live && options.on == "net", options.verbose}, mine.size()};
    std::vector<CaseResult> cases;
    std::vector<Verdict> verdicts;
    for (const Scenario& scenario : mine) {
        if (interrupted())
            break;
        progress.begins(cases.size() + 1, scenario.title);
        cases.push_back(play(scenario, options, progress, reports));
        verdicts.push_back(cases.back().verdict);
        progress.ends(cases.back());
    }
    progress.finish();
    writeAll(STDOUT_FILENO, summary(cases, verdicts, options));
    const auto written = reports.write(cases);
    if (!written.has_value()) {
        say(fmt::format("run: {}", written.error().detail));
        return ExitCode::Usage;
    }
    for (const std::string& line : *written)
        writeAll(STDOUT_FILENO, line + '\n');
    if (interrupted())
        return ExitCode::Interrupted;
    return static_cast<ExitCode>(scenarios::exitStatus(verdicts));
}

}  // namespace ui
