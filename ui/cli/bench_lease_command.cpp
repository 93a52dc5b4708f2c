#include "hwbridge/bench/held_lease.hpp"
#include "ui/cli/bench_door.hpp"
#include "ui/cli/interruption.hpp"
#include "ui/cli/leased_process.hpp"
#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

namespace ui {

using namespace std::chrono_literals;
using emulator::ErrorKind;
using emulator::Result;
using hwbridge::BenchClient;
using hwbridge::HeldLease;

namespace {

constexpr emulator::Duration slice = 50ms;

Result<hwbridge::LeaseRequest> request(const BenchOptions& options)
{
    hwbridge::LeaseRequest request;
    request.wanted = {options.phone, options.tag, options.model};
    if (request.wanted == hwbridge::PhoneSelector{})
        return emulator::fail(ErrorKind::Malformed, "expected a phone's NAME, --tag or --model");
    request.duration = 1h;
    if (!options.duration.empty()) {
        const std::optional<emulator::Duration> duration = emulator::parseDuration(options.duration);
        if (!duration || *duration <= emulator::Duration::zero() || *duration > 168h)
            return emulator::fail(
                ErrorKind::Malformed,
                fmt::format("--for: found {}, expected a duration such as 90s, 30m or 2h", options.duration));
        request.duration = *duration;
    }
    request.reason = options.reason;
    request.wait = options.wait;
    return request;
}

// Until Ctrl-C, or until the lease is lost.
void hold(HeldLease& lease)
{
    while (!interrupted() && !lease.lost())
        if (const std::optional<std::string> news = lease.keep(slice))
            say(*news);
}

// Until the command ends, which it is asked to when the lease is lost or the user wants it. Its exit code.
Result<ExitCode> runUnder(HeldLease& lease, const std::vector<std::string>& command)
{
    Result<LeasedProcess> process = LeasedProcess::start(
        command, {{"PHONERIG_PHONE", lease.grant().phone},
                  {"PHONERIG_LEASE", std::to_string(static_cast<std::uint64_t>(lease.grant().lease))}});
    if (process.has_error())
        return process.error();
    for (;;) {
        if (const std::optional<int> status = process->status())
            return static_cast<ExitCode>(*status);
        if (interrupted() || lease.lost())
            process->end();
        if (lease.lost()) {
            process->await(std::chrono::ceil<std::chrono::milliseconds>(slice));
            continue;
        }
        if (const std::optional<std::string> news = lease.keep(slice))
            say(*news);
        if (!lease.lost())
            process->resume();
    }
}

}  // namespace

ExitCode benchLease(const BenchOptions& options)
{
    const Result<hwbridge::LeaseRequest> wish = request(options);
    if (wish.has_error())
        return benchRefused("lease", wish.error());
    const Result<hwbridge::BenchAddress> address = benchAddress(options.door);
    if (address.has_error())
        return benchRefused("lease", address.error());
    watchForInterruption();
    const std::string holder = benchHolder();
    Result<std::unique_ptr<BenchClient>> client = BenchClient::connect(*address, holder);
    if (client.has_error())
        return benchRefused("lease", client.error());
    const Result<hwbridge::BenchGrant> grant = (*client)->lease(
        *wish,
        [](std::uint64_t place) { say(fmt::format("bench lease: waiting, number {} in the queue", place)); },
        interrupted);
    if (grant.has_error()) {
        if (interrupted())
            return ExitCode::Interrupted;
        return benchRefused("lease", grant.error());
    }
    HeldLease lease{*address, holder, std::move(*client), *grant};
    if (options.json)
        writeAll(STDOUT_FILENO, print(hwbridge::ServerMessage{0, *grant}) + "\n");
    else if (options.command.empty())
        writeAll(STDOUT_FILENO,
                 fmt::format("lease {}: {} until {}\n", static_cast<std::uint64_t>(grant->lease),
                             grant->phone, emulator::printWallTime(grant->until)));
    Result<ExitCode> outcome = ExitCode::Passed;
    if (options.command.empty())
        hold(lease);
    else
        outcome = runUnder(lease, options.command);
    if (lease.lost()) {
        say("bench lease: " + *lease.lost());
        return ExitCode::BenchUnavailable;
    }
    if (const Result<void> released = lease.release(); released.has_error())
        say("bench lease: " + released.error().detail);
    if (outcome.has_error())
        return benchRefused("lease", outcome.error());
    return *outcome;
}

ExitCode benchRelease(const BenchOptions& options)
{
    const Result<hwbridge::BenchAddress> address = benchAddress(options.door);
    if (address.has_error())
        return benchRefused("release", address.error());
    const Result<std::unique_ptr<BenchClient>> client = BenchClient::connect(*address, benchHolder());
    if (client.has_error())
        return benchRefused("release", client.error());
    const Result<BenchClient::Answer> answer =
        options.kick
            ? (*client)->ask(hwbridge::LeaseEvent{hwbridge::PhoneKick{{}, options.phone, {}, options.reason}})
            : (*client)->ask(hwbridge::LeaseEvent{hwbridge::PhoneRelease{{}, options.phone, {}}});
    if (answer.has_error())
        return benchRefused("release", answer.error());
    return ExitCode::Passed;
}

}  // namespace ui
