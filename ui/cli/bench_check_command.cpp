#include "hwbridge/bench/phone_check.hpp"
#include "ui/cli/bench_door.hpp"
#include "ui/cli/bench_inventory.hpp"
#include "ui/cli/interruption.hpp"
#include "ui/cli/restored_phone.hpp"
#include "ui/cli/terminal.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <iterator>

namespace ui {

using namespace std::chrono_literals;
using emulator::ErrorKind;
using emulator::Result;
using hwbridge::BenchClient;
using hwbridge::BenchPhone;
using hwbridge::CheckFinding;
using hwbridge::LeaseEvent;

namespace {

struct CheckedPhone {
    std::string name;
    std::vector<CheckFinding> findings;
    std::string failure;  // empty: it passed
    std::string held;     // why it was not looked at
};

// Under a lease, which is renewed meanwhile. Errors: the daemon's, which then knows of no verdict. Interrupted: likewise.
Result<CheckedPhone> checkUnderLease(BenchClient& client, const BenchPhone& phone)
{
    hwbridge::LeaseRequest request;
    request.wanted.name = phone.name;
    request.duration = 10min;
    request.reason = "check";
    request.toCheck = true;
    const Result<hwbridge::BenchGrant> grant = client.lease(
        request, [](std::uint64_t) {}, interrupted);
    if (grant.has_error()) {
        if (grant.error().kind == ErrorKind::Refused && !client.ended())
            return CheckedPhone{phone.name, {}, {}, grant.error().detail};
        return grant.error();
    }
    std::atomic<bool> isOver{false};
    std::future<std::vector<CheckFinding>> looking = std::async(std::launch::async, [&phone, &isOver] {
        return hwbridge::checkPhone(phone, [&isOver] { return interrupted() || isOver; });
    });
    while (looking.wait_for(client.welcome().heartbeat / 3) != std::future_status::ready)
        if (const auto renewed = client.ask(LeaseEvent{hwbridge::LeaseRenewal{{}, grant->lease}});
            renewed.has_error()) {
            isOver = true;  // somebody else may have the phone
            return renewed.error();
        }
    CheckedPhone checked{phone.name, looking.get(), {}, {}};
    checked.failure = failureOf(checked.findings);
    std::vector<LeaseEvent> words;
    if (!interrupted())
        words.emplace_back(hwbridge::PhoneVerdict{{}, grant->lease, checked.failure});
    words.emplace_back(hwbridge::LeaseRelease{{}, grant->lease});
    for (const LeaseEvent& event : words)
        if (const auto said = client.ask(event); said.has_error())
            return said.error();
    if (!checked.failure.empty())
        return checked;
    // A phone to which something is owed has passed once that is put back.
    if (const Result<void> restored = whenRestored(client, phone.name); restored.has_error()) {
        if (restored.error().kind != ErrorKind::Refused)
            return restored.error();
        checked.findings.push_back({"restore", CheckFinding::Verdict::Bad, restored.error().detail});
        checked.failure = restored.error().detail;
    }
    return checked;
}

std::string verdictOf(const CheckedPhone& phone)
{
    return !phone.held.empty() ? "not checked" : phone.failure.empty() ? "passed" : "failed";
}

std::string checkText(const CheckedPhone& phone)
{
    std::string text =
        fmt::format("{}: {}{}\n", phone.name, verdictOf(phone), phone.held.empty() ? "" : ": " + phone.held);
    for (const CheckFinding& finding : phone.findings) {
        const std::string line =
            fmt::format("  {:<8}  {:<11}  {}", finding.what, name(finding.verdict), finding.text);
        text += cutToWidth(line, line.size()) + "\n";
    }
    return text;
}

std::string checkJson(const std::vector<CheckedPhone>& phones)
{
    boost::json::array list;
    for (const CheckedPhone& phone : phones) {
        boost::json::object object{{"phone", phone.name}, {"verdict", verdictOf(phone)}};
        if (!phone.held.empty())
            object["why"] = phone.held;
        boost::json::array findings;
        for (const CheckFinding& finding : phone.findings) {
            if (finding.clockOffset)
                object["clock_offset"] = finding.clockOffset->count();
            findings.push_back(boost::json::object{{"check", finding.what},
                                                   {"verdict", std::string{name(finding.verdict)}},
                                                   {"text", finding.text}});
        }
        object["checks"] = std::move(findings);
        list.push_back(std::move(object));
    }
    return boost::json::serialize(boost::json::object{{"phones", std::move(list)}}) + "\n";
}

}  // namespace

ExitCode benchCheck(const BenchOptions& options)
{
    std::optional<hwbridge::Inventory> inventory = readInventoryFile("bench check", options.inventory);
    if (!inventory)
        return ExitCode::Usage;
    if (!options.phone.empty()) {
        std::vector<std::string_view> names;
        for (const BenchPhone& phone : inventory->phones)
            names.push_back(phone.name);
        if (const Result<void> known = knownPhone(options.phone, names); known.has_error())
            return benchRefused("check", known.error());
        std::erase_if(inventory->phones,
                      [&](const BenchPhone& phone) { return phone.name != options.phone; });
    }
    const Result<hwbridge::BenchAddress> address = benchAddress(options.door);
    if (address.has_error())
        return benchRefused("check", address.error());
    watchForInterruption();
    const Result<std::unique_ptr<BenchClient>> client = BenchClient::connect(*address, benchHolder());
    if (client.has_error())
        return benchRefused("check", client.error());
    std::vector<CheckedPhone> checked;
    for (const BenchPhone& phone : inventory->phones) {
        if (interrupted())
            return ExitCode::Interrupted;
        Result<CheckedPhone> outcome = checkUnderLease(**client, phone);
        if (outcome.has_error())
            return benchRefused("check", outcome.error());
        if (interrupted())
            return ExitCode::Interrupted;
        if (!options.json)  // each as it is done: a bench is long
            writeAll(STDOUT_FILENO, checkText(*outcome));
        checked.push_back(std::move(*outcome));
    }
    if (options.json)
        writeAll(STDOUT_FILENO, checkJson(checked));
    const auto any = [&](auto is) { return std::any_of(checked.begin(), checked.end(), is); };
    if (any([](const CheckedPhone& phone) { return !phone.failure.empty(); }))
        return ExitCode::Failed;
    return any([](const CheckedPhone& phone) { return !phone.held.empty(); }) ? ExitCode::BenchUnavailable
                                                                              : ExitCode::Passed;
}

}  // namespace ui
