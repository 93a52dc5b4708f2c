#include "ui/cli/bench_play.hpp"

#include "scenarios/engine/bench_stage.hpp"
#include "scenarios/engine/twin_phone.hpp"
#include "ui/cli/both_sinks.hpp"
#include "ui/cli/event_lines.hpp"
#include "ui/cli/interruption.hpp"
#include "ui/cli/terminal.hpp"
#include "ui/cli/twin_identity_file.hpp"
#include "ui/cli/whole_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace ui {

using emulator::ErrorKind;
using scenarios::BenchStage;
using scenarios::CaseResult;

namespace {

constexpr std::string_view twinTarget = "twin";

// Whether an error is the scenario's, which another one may not have: a parameter that this phone's page lacks.
bool isOfScenario(ErrorKind kind)
{
    return kind == ErrorKind::NotFound || kind == ErrorKind::Malformed || kind == ErrorKind::Unsupported;
}

void giveBack(LeasedPhone& phone, BenchSession& bench)
{
    if (const auto plugged = phone.plugAgain(); plugged.has_error()) {
        if (interrupted())
            say("run: " + plugged.error().detail);
        else if (bench.unavailable.empty())
            bench.unavailable = plugged.error().detail;
        (void)phone.release();  // nobody waits for a phone without power
        return;
    }
    if (phone.lost())
        return;  // whoever ended the lease has it put back
    if (const auto back = bench.run.giveBack(phone); back.has_error() && bench.unavailable.empty())
        bench.unavailable = back.error().detail;
}

// On a stage that is ready.
CaseResult playOn(BenchStage& stage, const ScenarioPlay& play, scenarios::ScenarioCapture* capture,
                  emulator::TraceSink* events, const std::function<void()>& attend)
{
    if (capture != nullptr)
        capture->name(stage.phones());
    CaseResult result = play.onStage(stage, events, [&] {
        play.progress.attend(nullptr);
        attend();
    });
    const std::uint64_t lost = stage.endCapture();
    if (capture != nullptr)
        capture->end(result, lost);
    return result;
}

// On a phone that is leased. `events`: gets what is seen; may be null.
CaseResult playLeased(const ScenarioPlay& play, LeasedPhone& phone, BenchSession& bench,
                      emulator::TraceSink* events)
{
    const auto capture = play.capture(phone.place().interface);
    const auto stage = BenchStage::make(play.scenario, phone.place(), capture.get());
    if (stage.has_error()) {
        if (!isOfScenario(stage.error().kind))
            bench.unavailable = stage.error().detail;
        return play.invalid(phone.place().target, stage.error().detail);
    }
    CaseResult result = playOn(**stage, play, capture.get(), events, [&] {
        if (std::optional<std::string> lost = phone.lost())
            throw scenarios::RunStopped{*std::move(lost)};
    });
    if (std::optional<std::string> lost = phone.lost())
        bench.unavailable = *std::move(lost);
    return result;
}

scenarios::TwinIdentity identityOf(const LeasedPhone& phone, const hwbridge::PhoneExport& exported)
{
    scenarios::TwinIdentity identity;
    identity.model = phone.identity().product;
    identity.firmware = phone.identity().firmware;
    identity.mac = phone.identity().mac;
    identity.address = phone.place().address;
    identity.servers = phone.place().servers;
    for (const hwbridge::XmlLeaf& leaf : exported.values)
        identity.settings.emplace_back(leaf.name, leaf.value);
    if (!phone.place().web.password.empty()) {
        identity.user = phone.place().web.user;
        identity.password = phone.place().web.password;
    }
    identity.https = phone.place().unrecorded.has_value();
    return identity;
}

// Of this scenario's artefacts, without their endings; empty: none are wanted. "x-2" for the second x.yaml of a run.
std::string artefactsOf(const ScenarioPlay& play, BenchSession& bench)
{
    if (play.options.artefacts.empty())
        return {};
    const std::string stem = std::filesystem::path{play.scenario.file}.stem().string();
    std::string name = stem;
    for (int number = 2; !bench.artefacts.insert(name).second; ++number)
        name = fmt::format("{}-{}", stem, number);
    return (std::filesystem::path{play.options.artefacts} / name).string();
}

CaseResult playWithTwin(const ScenarioPlay& play, LeasedPhone& phone, BenchSession& bench)
{
    const auto exported = phone.configuration();
    auto folder = TwinFolder::make();
    auto file = folder.has_error() ? emulator::Result<WholeFile>{folder.error()}
                                   : WholeFile::open(folder->realEvents(), WholeFile::Readers::OwnerOnly);
    if (exported.has_error() || file.has_error()) {
        giveBack(phone, bench);
        if (exported.has_error() && !isOfScenario(exported.error().kind) && bench.unavailable.empty())
            bench.unavailable = exported.error().detail;
        return play.invalid(phone.place().target,
                            exported.has_error() ? exported.error().detail : file.error().detail);
    }
    const scenarios::TwinIdentity identity = identityOf(phone, *exported);
    EventLines lines{file->descriptor()};
    emulator::TraceSink* const asked = play.reports.events();
    BothSinks both{asked != nullptr ? *asked : emulator::noSink(), lines};
    CaseResult result = playLeased(play, phone, bench, &both);
    lines.flush();
    if (phone.place().unrecorded)
        result.notices.emplace_back(
            "not compared: what is said at the phone's pages: they are reached by https");
    giveBack(phone, bench);
    if (interrupted() || !bench.unavailable.empty() || result.steps.empty())
        return result;
    auto compared = file->finish();
    if (compared.has_value())
        compared = playTwin({play.scenario.file, play.seed(), play.options.strict, artefactsOf(play, bench),
                             bench.known ? &*bench.known : nullptr},
                            identity, *folder, result);
    if (compared.has_error()) {
        result.verdict = scenarios::Verdict::Invalid;
        result.causes.push_back(compared.error().detail);
    }
    return result;
}

}  // namespace

CaseResult playOnBench(const ScenarioPlay& play, BenchSession& bench)
{
    if (std::string why = bench.run.whyNot(play.scenario); !why.empty())
        return scenarios::skippedCase(play.scenario, play.options.on, std::move(why));
    const auto phone = bench.run.lease(play.scenario);
    if (phone.has_error()) {
        bench.unavailable = phone.error().detail;
        return play.invalid(play.options.on, phone.error().detail);
    }
    if (play.options.on.starts_with("twin:"))
        return playWithTwin(play, **phone, bench);
    CaseResult result = playLeased(play, **phone, bench, play.reports.events());
    giveBack(**phone, bench);
    return result;
}

CaseResult playAsTwin(const ScenarioPlay& play)
{
    const auto refused = [&](const emulator::Error& why) {
        return play.invalid(std::string{twinTarget}, why.detail);
    };
    const auto identity = readTwinIdentity(play.options.twinOf);
    if (identity.has_error())
        return refused(identity.error());
    std::error_code ignored;
    std::filesystem::remove(play.options.twinOf, ignored);  // it may hold a password
    const auto twin = scenarios::TwinPhone::make(*identity, emulator::Seed{play.seed()},
                                                 play.scenario.bootTime, play.options.alter);
    if (twin.has_error())
        return refused(twin.error());
    const auto capture = play.capture("lo");
    scenarios::BenchPlace place = (*twin)->place(std::string{twinTarget});
    place.lost = [] { return interrupted() ? std::optional<std::string>{"interrupted"} : std::nullopt; };
    const auto stage = BenchStage::make(play.scenario, std::move(place), capture.get());
    if (stage.has_error())
        return refused(stage.error());
    CaseResult result = playOn(**stage, play, capture.get(), play.reports.events(), [] {});
    for (const std::string& notice : (*twin)->notices())
        result.notices.push_back(notice);
    return result;
}

}  // namespace ui
