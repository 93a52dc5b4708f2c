// phonerig_bench: measures the rows of docs/performance.md. Called as itself with --role it is one of the processes
// that are measured.

#include "tests/bench/child.hpp"
#include "tests/bench/machine.hpp"
#include "tests/bench/plan.hpp"
#include "tests/bench/roles.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace bench {

bool Plan::wants(std::string_view key) const
{
    return only.empty() || std::any_of(only.begin(), only.end(),
                                       [&](const std::string& prefix) { return key.starts_with(prefix); });
}

void progress(std::string_view text)
{
    fmt::print(stderr, "bench: {}\n", text);
}

namespace {

int play(const std::string& role, const Arguments& arguments)
{
    if (role == "fetching-fleet")
        return fetchingFleet(arguments);
    if (role == "virtual-day")
        return virtualDay(arguments);
    if (role == "idle-fleet")
        return idleFleet(arguments);
    if (role == "profile-server")
        return profileServer(arguments);
    if (role == "decode-capture")
        return decodeCapture(arguments);
    if (role == "live-capture")
        return liveCapture(arguments);
    if (role == "capture-ring")
        return captureRing(arguments);
    return 2;
}

// Exit status: 0 all rows were measured, 2 one could not be, 130 interrupted.
int measure(const Plan& plan, const std::string& jsonFile)
{
    catchInterrupts();
    const std::string load = loadAverage();
    fmt::print("{}; load {} at the start; {} rounds of {} s\n", machineName(), load, plan.rounds,
               plan.seconds);
    std::fflush(stdout);
    std::string rows;
    const RowSink done = [&](const Row& row) {
        fmt::print("{}", text(row));
        std::fflush(stdout);
        rows += (rows.empty() ? "\n  " : ",\n  ") + json(row);
    };
    // Looked at now, because the rows take minutes; what it holds stays until they are there.
    if (!jsonFile.empty() && !std::ofstream{jsonFile, std::ios::app}) {
        progress("cannot write " + jsonFile);
        return 2;
    }
    int status = 0;
    for (const auto& topic : {measureHttp, measureVirtualTime, measureMemory, measureProfile, measureCapture,
                              measureDecoding, measureCompare}) {
        const emulator::Result<void> measured = topic(plan, done);
        if (interrupted()) {
            progress("interrupted");
            return 130;
        }
        if (measured.has_error()) {
            progress(measured.error().detail);
            status = 2;
        }
    }
    if (!jsonFile.empty()) {
        std::ofstream file{jsonFile};
        file << fmt::format(
            "{{\"machine\":\"{}\",\"load_at_start\":\"{}\",\"load_at_end\":\"{}\",\"rounds\":{},"
            "\"seconds\":{},\"rows\":[{}\n]}}\n",
            machineName(), load, loadAverage(), plan.rounds, plan.seconds, rows);
        if (!file.flush()) {
            progress("cannot write " + jsonFile);
            status = 2;
        }
    }
    return status;
}

}  // namespace

}  // namespace bench

int main(int argc, char** argv)
{
    if (argc > 2 && std::string_view{argv[1]} == "--role")
        return bench::play(argv[2], {argv + 3, argv + argc});

    CLI::App app{"Measures phonerig beside its peers; docs/performance.md says what each row is."};
    bench::Plan plan;
    std::string jsonFile;
    app.add_option("--json", jsonFile, "also write the rows to this file, as JSON")->type_name("FILE");
    app.add_option("--rounds", plan.rounds, "how often each is measured, in turns with its peers")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app.add_option("--seconds", plan.seconds, "how long each time")
        ->check(CLI::Range(0.2, 3600.0))
        ->capture_default_str();
    app.add_option("--phones", plan.phones,
                   "phones of the virtual day and the memory row; goals hold for the default")
        ->check(CLI::Range(2, 1'000'000))
        ->capture_default_str();
    app.add_option("--only", plan.only,
                   fmt::format("only rows whose key begins so: {}", fmt::join(bench::Plan::keys, ", ")))
        ->type_name("KEY")
        ->check([](const std::string& prefix) {
            const bool known = std::any_of(bench::Plan::keys.begin(), bench::Plan::keys.end(),
                                           [&](std::string_view key) { return key.starts_with(prefix); });
            return known ? std::string{} : "no row's key begins with \"" + prefix + "\"";
        });
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        return app.exit(success);  // help
    } catch (const CLI::ParseError& error) {
        fmt::print(stderr, "bench: {}; see ./rig bench --help\n", error.what());
        return 2;
    }
    return bench::measure(plan, jsonFile);
}
