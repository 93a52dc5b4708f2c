#include "ui/cli/fleet_plan.hpp"
#include "ui/cli/number_options.hpp"
#include "ui/cli/run_command.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>

namespace ui {

void addRun(CLI::App& program, RunOptions& options, std::function<ExitCode()>& chosen)
{
    CLI::App& app =
        *program.add_subcommand("run", "Runs scenarios and says whether their expectations were met");
    app.add_option(
           "PATH", options.paths,
           "Scenario files, folders (every *.yaml below), or names and requirement ids of the library")
        ->required()
        ->option_text("...");
    app.add_option("--on", options.on,
                   "Where: sim (virtual time), net (real sockets, the default), bench:NAME: a real phone, by "
                   "its name, tag or\nmodel in the inventory, or twin:NAME: the same, compared with its "
                   "emulated twin")
        ->option_text("TARGET");
    addNumber(app, "--seed", options.seed, 0, largestSeed,
              "Makes chance repeat; default: the scenario's, else 1")
        ->option_text("N");
    addThreads(app, options.threads);
    addNumber(app, "--phones", options.phones, 1, maxPhones,
              "So many phones, where a scenario has one group without a count and selects none of them")
        ->option_text("N");
    app.add_option("--tag", options.tag, "Only scenarios with this tag")->option_text("T");
    app.add_flag("--strict", options.strict, "What a target cannot observe fails instead of not counting");
    app.add_option("--junit", options.junit, "Writes JUnit XML")->option_text("F");
    app.add_option("--html", options.html, "Writes a self-contained HTML report with a ladder per scenario")
        ->option_text("F");
    app.add_option("--events", options.events, "Writes every trace event as NDJSON")->option_text("F");
    app.add_option("--steps", options.steps,
                   "Writes each step and its verdict as NDJSON, as soon as they are known")
        ->option_text("F");
    app.add_option(
           "--pcap", options.pcap,
           "Writes what crossed the wire as pcapng, for Wireshark and phonerig decode; secrets are in it")
        ->option_text("F");
    app.add_option("--artefacts", options.artefacts,
                   "Writes all of these into one folder: junit.xml, report.html, events.ndjson, "
                   "packets.pcapng; on twin also a\ncomparison per scenario")
        ->option_text("DIR");
    app.add_option("--inventory", options.inventory,
                   "The phones of the bench; default: bench.yaml here (bench and twin)")
        ->option_text("F");
    addBenchDoor(app, options.door);
    app.add_option("--known", options.known,
                   "Differences from the twin that are known, with their reasons (twin)")
        ->option_text("F");
    app.add_option("--twin-of", options.twinOf)->group("");  // how `run --on twin:NAME` starts the other side
    app.add_flag("--wait", options.wait, "Waits until the phone is free (bench and twin)");
    app.add_option("--results", options.results, "Writes verdicts as JSON, for the requirement coverage")
        ->option_text("F");
    app.add_option_function<std::string>(
           "--shard",
           [&options](const std::string& text) {
               const auto wrong = CLI::ValidationError(
                   "--shard",
                   fmt::format("found {}, expected I/N such as 2/3, the second of three parts", text));
               const std::size_t slash = text.find('/');
               if (slash == std::string::npos)
                   throw wrong;
               const auto number = [&](std::string_view part) {
                   std::size_t value = 0;
                   const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
                   if (error != std::errc{} || end != part.data() + part.size() || value == 0)
                       throw wrong;
                   return value;
               };
               options.shard = number(std::string_view{text}.substr(0, slash));
               options.shards = number(std::string_view{text}.substr(slash + 1));
               if (options.shard > options.shards)
                   throw wrong;
           },
           "Runs every N-th scenario from the I-th on")
        ->option_text("I/N");
    app.add_option(
           "--control", options.control,
           "Lets windows of this user pause time, step, and see what happens, through this Unix socket "
           "(one scenario,\nsim)")
        ->option_text("SOCKET");
    app.add_flag("--paused", options.paused,
                 "Waits before the first event for what a window orders (--control)");
    app.add_flag("--live,!--no-live", options.live, "Shows the phones while they run (net, on a terminal)");
    app.add_flag("--verbose", options.verbose, "Shows every step, not only what went wrong");
    app.footer("Exit codes: 0 passed, 1 failed, 2 wrong usage or scenario, 3 invalid or nothing evaluated,\n"
               "4 bench unavailable, 130 interrupted.\n\n"
               "Examples:\n"
               "  phonerig run scenarios/library --on sim\n"
               "  phonerig run ex-tftp-resync --phones 16 --live\n"
               "  phonerig run mine.yaml --on net --junit results.xml --html report.html\n"
               "  phonerig run scenarios/library --on bench:alice --inventory bench.yaml --artefacts out\n"
               "  phonerig run ex-tftp-resync --on twin:alice --inventory bench.yaml --artefacts out");
    app.callback([&] { chosen = [&] { return run(options); }; });
}

}  // namespace ui
