#pragma once

#include "emulator/runtime/fleet.hpp"
#include "ui/cli/bench_command.hpp"
#include "ui/cli/exit_code.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace ui {

// `phonerig run`, as typed.
struct RunOptions {
    std::vector<std::string> paths;
    std::string on = "net";  // sim, net, bench:NAME, twin:NAME
    std::optional<std::uint64_t> seed;
    unsigned threads = 0;
    std::string tag;
    bool strict = false;
    std::string junit;  // files; empty: none
    std::string html;
    std::string events;
    std::string steps;
    std::string results;
    std::string pcap;
    std::string artefacts;  // folder for all of them, where they are not named
    BenchDoorOptions door;  // of bench and twin, as those below
    std::string inventory;
    bool wait = false;
    std::string known;      // of twin: file of known deviations; empty: none
    std::string twinOf;     // of the process that is a twin's side: file with who the real phone is
    std::size_t shard = 1;  // of `shards`, from 1
    std::size_t shards = 1;
    std::optional<std::size_t> phones;
    std::string control;  // of sim: socket that lets windows in; empty: none
    bool paused = false;  // of that: no event before a window says so
    bool live = false;
    bool verbose = false;
    std::function<void(emulator::Fleet&)>
        alter{};  // no option: programs of tests set it; as scenarios::StageOptions
};

// Declares the command's words; `chosen` becomes what they ask for.
void addRun(CLI::App& program, RunOptions& options, std::function<ExitCode()>& chosen);

// Runs scenarios one after the other, each on a stage of its own, and reports. docs/cli.md has it in words.
ExitCode run(const RunOptions& options);

}  // namespace ui
