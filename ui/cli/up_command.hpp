#pragma once

#include "ui/cli/exit_code.hpp"
#include "ui/cli/fleet_plan.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace ui {

// `phonerig up`, as typed.
struct UpOptions {
    FleetWish fleet;
    std::uint16_t webPort = 8078;
    std::uint16_t sipPort = 5078;
    std::string dns;  // HOST[:PORT]; empty: the system's
    std::string source = "auto";
    std::string state;  // folder; empty: nothing is kept
    std::optional<std::uint64_t> seed;
    unsigned threads = 0;
    std::string serve;  // folder; empty: no servers
    bool json = false;
    std::optional<double> forSeconds;  // from "ready" on
    std::string metrics;               // ADDR:PORT; empty: none
    std::string pcap;                  // file; empty: none
    std::string control;               // socket for windows; empty: none
    std::function<void(emulator::Fleet&)>
        alter{};  // no option: programs of tests set it; as scenarios::StageOptions
};

// Declares the command's words; `chosen` becomes what they ask for.
void addUp(CLI::App& program, UpOptions& options, std::function<ExitCode()>& chosen);

// Emulates phones over real sockets until interrupted. docs/cli.md has it in words.
ExitCode up(const UpOptions& options);

}  // namespace ui
