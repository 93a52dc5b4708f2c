#pragma once

#include "scenarios/engine/net_stage.hpp"
#include "scenarios/engine/runner.hpp"
#include "scenarios/engine/sim_stage.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace scenarios {

struct StageOptions {
    std::uint64_t seed = 1;
    unsigned threads = 0;                         // 0: one per core
    emulator::NetOptions net;                     // of `net`; seed and threads above win
    emulator::IpAddress firstPhone{0x7f4e0001};   // of `net`
    std::function<void(emulator::Fleet&)> alter;  // called before phones are made of it; empty: it stays
    hwbridge::PacketSink* packets = nullptr;      // of `sim`: gets what crosses the wire; null: nobody does
    TimeGate* gate = nullptr;                     // of `sim`: holds time back; null: nothing does
};

// The seed that a scenario runs with: the option's, else its own, else 1.
std::uint64_t seedFor(const Scenario& scenario, std::optional<std::uint64_t> option);

// Errors: Unsupported for another target than sim and net; what the target could not open.
emulator::Result<std::unique_ptr<Stage>> makeStage(std::string_view target, const Scenario& scenario,
                                                   const StageOptions& options);

// One scenario on one target, from nothing to its result. Skipped where the target cannot play it; invalid where the
// stage could not be made.
CaseResult playOn(std::string_view target, const Scenario& scenario, const StageOptions& stage,
                  RunOptions options);

}  // namespace scenarios
