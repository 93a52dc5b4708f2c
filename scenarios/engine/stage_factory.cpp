#include "scenarios/engine/stage_factory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace scenarios {

std::uint64_t seedFor(const Scenario& scenario, std::optional<std::uint64_t> option)
{
    return option.value_or(scenario.seed.value_or(1));
}

emulator::Result<std::unique_ptr<Stage>> makeStage(std::string_view target, const Scenario& scenario,
                                                   const StageOptions& options)
{
    const emulator::Seed seed{options.seed};
    if (target == "sim") {
        const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
        // Few phones are done before a second thread has woken up.
        constexpr std::size_t worthThreads = 64;
        const bool small = scenario.phoneNames().size() < worthThreads;
        auto stage = SimStage::make(scenario,
                                    options.threads != 0 ? options.threads
                                    : small              ? 1
                                                         : cores,
                                    seed, options.packets, options.alter);
        if (stage.has_error())
            return stage.error();
        if (options.gate != nullptr)
            (*stage)->holdBackBy(*options.gate);
        return std::unique_ptr<Stage>{*std::move(stage)};
    }
    if (target == "net") {
        NetStageOptions net{seed, options.net, options.firstPhone, options.alter};
        net.net.threads = options.threads;
        auto stage = NetStage::make(scenario, net);
        if (stage.has_error())
            return stage.error();
        return std::unique_ptr<Stage>{*std::move(stage)};
    }
    return emulator::fail(emulator::ErrorKind::Unsupported,
                          fmt::format("found target \"{}\", expected sim or net", target));
}

CaseResult playOn(std::string_view target, const Scenario& scenario, const StageOptions& stageOptions,
                  RunOptions options)
{
    options.seed = stageOptions.seed;
    if (target == "sim" || target == "net") {
        const auto can = target == "sim" ? &SimStage::targetCan : &NetStage::targetCan;
        if (std::string why = whyNot(scenario, target, can); !why.empty())
            return skippedCase(scenario, std::string{target}, std::move(why));
    }
    const auto stage = makeStage(target, scenario, stageOptions);
    if (stage.has_error())
        return invalidCase(scenario, std::string{target}, stage.error().detail);
    return runScenario(scenario, **stage, options);
}

}  // namespace scenarios
