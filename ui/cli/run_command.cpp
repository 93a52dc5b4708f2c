#include "ui/cli/run_command.hpp"

#include "emulator/base/nearest_word.hpp"
#include "scenarios/engine/stage_factory.hpp"
#include "scenarios/library/scenario_source.hpp"
#include "ui/cli/bench_play.hpp"
#include "ui/cli/interruption.hpp"
#include "ui/cli/loopback_capture.hpp"
#include "ui/cli/own_network.hpp"
#include "ui/cli/scenario_play.hpp"
#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <utility>

namespace ui {

namespace {

using scenarios::CaseResult;
using scenarios::Scenario;
using scenarios::ScenarioSource;
using scenarios::Stage;
using scenarios::Verdict;

// Files that were not named are in the folder for all of them.
RunOptions withArtefacts(RunOptions options)
{
    if (options.artefacts.empty())
        return options;
    const std::filesystem::path folder{options.artefacts};
    for (const auto& [path, name] : {std::pair{&options.junit, "junit.xml"},
                                     {&options.html, "report.html"},
                                     {&options.events, "events.ndjson"},
                                     {&options.pcap, "packets.pcapng"}})
        if (path->empty())
            *path = (folder / name).string();
    return options;
}

bool isOnBench(const std::string& target)
{
    return target.starts_with("bench:") || target.starts_with("twin:");
}

// Where it can be run at all. Empty: it can.
std::optional<ExitCode> refusedTarget(const std::string& target)
{
    if (target == "sim" || target == "net" || isOnBench(target))
        return std::nullopt;
    const std::string_view nearest = emulator::nearestWord(target, {"sim", "net"});
    say(fmt::format("run: --on: found {}, expected sim, net, bench:NAME or twin:NAME{}", target,
                    nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest)));
    return ExitCode::Usage;
}

// Only time of our own making can be held back. Empty: nothing is wrong.
std::string refusedControl(const RunOptions& options, std::size_t scenarios)
{
    if (options.control.empty())
        return options.paused
                   ? "--paused: found no --control, expected --control SOCKET, through which time is let pass"
                   : "";
    if (options.on != "sim")
        return fmt::format("--control: found --on {}, expected --on sim: only virtual time can be held back",
                           options.on);
    if (scenarios != 1)
        return fmt::format("--control: found {} scenarios, expected one", scenarios);
    return {};
}

// Reads everything that was asked for. Empty: something is wrong, and was said.
std::optional<std::vector<Scenario>> readAll(const RunOptions& options)
{
    const auto sources = scenarios::scenarioSources(options.paths);
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

// One scenario on emulated phones, on a stage of its own.
CaseResult playEmulated(const ScenarioPlay& play)
{
    const Scenario& scenario = play.scenario;
    const RunOptions& options = play.options;
    const bool virtualTime = options.on == "sim";
    const auto can = virtualTime ? &scenarios::SimStage::targetCan : &scenarios::NetStage::targetCan;
    if (std::string why = scenarios::whyNot(scenario, options.on, can); !why.empty())
        return scenarios::skippedCase(scenario, options.on, std::move(why));

    scenarios::StageOptions stageOptions;
    stageOptions.seed = play.seed();
    stageOptions.threads = options.threads;
    stageOptions.alter = options.alter;
    stageOptions.net.webPort = 0;  // a free one: two runs, or a run beside `up`, do not meet
    const auto capture = play.capture(options.on == "net" ? "lo" : "sim");
    stageOptions.packets = capture.get();
    if (play.control != nullptr)
        stageOptions.gate = &play.control->gate();
    auto stage = scenarios::makeStage(options.on, scenario, stageOptions);
    if (!stage.has_value())
        return play.invalid(options.on, stage.error().detail);
    std::unique_ptr<hwbridge::LiveCapture> live;
    if (capture) {
        const std::vector<scenarios::StagePhone>& phones = (*stage)->phones();
        capture->name(phones);
        if (options.on == "net") {
            // Phones of all groups have neighbouring addresses, and none has power yet.
            auto started = captureLoopback(prefixesOf(phones.front().address, phones.size()), *capture);
            if (!started.has_value())
                return play.invalid(options.on, started.error().detail);
            live = std::move(*started);
        }
    }

    Stage& playing = **stage;
    const auto attend = [&] { play.progress.attend(playing.liveFleet()); };
    emulator::TraceSink* const events = play.reports.events();
    CaseResult result =
        play.onStage(playing, play.control != nullptr ? play.control->events(events) : events, attend);
    if (play.control != nullptr)
        play.control->gate().end();
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

// As a shell takes it for one word.
std::string oneWord(const std::string& text)
{
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+=,-";
    if (!text.empty() && text.find_first_not_of(plain) == std::string::npos)
        return text;
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return quoted + "'";
}

// The words that repeat a case: scenarios with seeds of their own keep them unless told otherwise.
std::string again(const CaseResult& result, const RunOptions& options)
{
    // Where the program is not run beside the library, it has the library in itself.
    const std::filesystem::path file = result.file;
    std::error_code ignored;
    const std::string name = std::filesystem::exists(file, ignored) ? file.string() : file.stem().string();
    std::string words = fmt::format("again: phonerig run {} --on {} --seed {}", oneWord(name),
                                    oneWord(options.on), result.seed);
    if (options.phones)
        words += fmt::format(" --phones {}", *options.phones);
    if (options.strict)
        words += " --strict";
    if (!options.inventory.empty())
        words += " --inventory " + oneWord(options.inventory);
    return words + '\n';
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
    for (const CaseResult& result : cases)
        if (result.verdict == Verdict::Failed || result.verdict == Verdict::Invalid)
            text += again(result, options);
    return text;
}

// A twin has no purpose without the run that asked for it, which holds the other end of its input.
void endWithParent()
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, 0) > 0 && (input.revents & POLLHUP) != 0)
        ::_exit(EXIT_FAILURE);  // it was killed before that could be asked for
}

// On the terminal, and in the reports as a notice of the last scenario that was played: only then is it known.
void sayGone(const KnownDeviations& known, std::vector<CaseResult>& cases)
{
    const auto last = std::find_if(cases.rbegin(), cases.rend(),
                                   [](const CaseResult& one) { return one.verdict != Verdict::Skipped; });
    for (const std::string& gone : known.gone()) {
        writeAll(STDOUT_FILENO, gone + '\n');
        if (last != cases.rend())
            last->notices.push_back(gone);
    }
}

}  // namespace

ExitCode run(const RunOptions& asked)
{
    const RunOptions options = withArtefacts(asked);
    if (!options.twinOf.empty()) {
        if (const auto alone = enterOwnNetwork(); alone.has_error()) {
            say(fmt::format("run: {}", alone.error().detail));
            return ExitCode::Usage;
        }
        endWithParent();  // only now: the kernel forgets it with a change of rights
    }
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
    if (const std::string wrong = refusedControl(options, mine.size()); !wrong.empty()) {
        say("run: " + wrong);
        return ExitCode::Usage;
    }
    ReportFiles reports{options};
    if (const auto opened = reports.open(); !opened.has_value()) {
        say(fmt::format("run: {}", opened.error().detail));
        return ExitCode::Usage;
    }

    std::optional<BenchSession> bench;
    if (isOnBench(options.on)) {
        auto opened = BenchRun::open(options.on, options.door, options.inventory, options.wait);
        if (opened.has_error()) {
            say(fmt::format("run: {}", opened.error().detail));
            return opened.error().kind == emulator::ErrorKind::Unreachable ? ExitCode::BenchUnavailable
                                                                           : ExitCode::Usage;
        }
        bench.emplace(BenchSession{*std::move(opened), {}, {}});
        if (!options.known.empty()) {
            auto known = KnownDeviations::read(options.known);
            if (known.has_error()) {
                say(fmt::format("run: --known: {}", known.error().detail));
                return ExitCode::Usage;
            }
            bench->known = *std::move(known);
        }
    }
    watchForInterruption();
    std::unique_ptr<RunControl> control;
    if (!options.control.empty()) {
        auto opened = RunControl::open(options.control, options.paused, mine.front());
        if (opened.has_error()) {
            say("run: --control: " + opened.error().detail);
            return ExitCode::Usage;
        }
        control = std::move(*opened);
        say(fmt::format("{}{}", scenarios::control::invitation, options.control));
    }
    RunProgress progress{{options.live && options.on == "net", options.verbose}, mine.size()};
    std::vector<CaseResult> cases;
    std::vector<Verdict> verdicts;
    for (const Scenario& scenario : mine) {
        if (interrupted() || (bench && !bench->unavailable.empty())) {
            cases.push_back(scenarios::skippedCase(
                scenario, options.on, interrupted() ? "interrupted before it began" : bench->unavailable));
            verdicts.push_back(cases.back().verdict);
            continue;
        }
        progress.begins(cases.size() + 1, scenario.title);
        const ScenarioPlay play{scenario, options, progress, reports, control.get()};
        cases.push_back(!options.twinOf.empty() ? playAsTwin(play)
                        : bench                 ? playOnBench(play, *bench)
                                                : playEmulated(play));
        verdicts.push_back(cases.back().verdict);
        progress.ends(cases.back());
    }
    progress.finish();
    writeAll(STDOUT_FILENO, summary(cases, verdicts, options));
    if (bench && bench->known)
        sayGone(*bench->known, cases);
    const auto written = reports.write(cases);
    if (!written.has_value()) {
        say(fmt::format("run: {}", written.error().detail));
        return ExitCode::Usage;
    }
    for (const std::string& line : *written)
        writeAll(STDOUT_FILENO, line + '\n');
    if (interrupted())
        return ExitCode::Interrupted;
    if (bench && !bench->unavailable.empty()) {
        say(fmt::format("run: {}", bench->unavailable));
        return ExitCode::BenchUnavailable;
    }
    return static_cast<ExitCode>(scenarios::exitStatus(verdicts));
}

}  // namespace ui
