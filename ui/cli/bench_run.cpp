#include "ui/cli/bench_run.hpp"

#include "emulator/base/nearest_word.hpp"
#include "ui/cli/bench_door.hpp"
#include "ui/cli/bench_inventory.hpp"
#include "ui/cli/interruption.hpp"
#include "ui/cli/restored_phone.hpp"
#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace ui {

using emulator::ErrorKind;
using emulator::Result;
using hwbridge::BenchClient;
using hwbridge::BenchPhone;
using scenarios::Scenario;

namespace {

bool isKnownAs(const BenchPhone& phone, std::string_view name)
{
    return phone.model == name || std::find(phone.tags.begin(), phone.tags.end(), name) != phone.tags.end();
}

// Whether NAME is a phone, else those with that tag or model.
std::vector<std::size_t> phonesCalled(std::string_view name, const std::vector<BenchPhone>& phones)
{
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < phones.size(); ++i) {
        if (phones[i].name == name)
            return {i};
        if (isKnownAs(phones[i], name))
            found.push_back(i);
    }
    return found;
}

emulator::Error unknownName(std::string_view target, std::string_view name,
                            const std::vector<BenchPhone>& phones)
{
    std::vector<std::string_view> names;
    for (const BenchPhone& phone : phones) {
        names.emplace_back(phone.name);
        names.emplace_back(phone.model);
        names.insert(names.end(), phone.tags.begin(), phone.tags.end());
    }
    const std::string_view nearest = emulator::nearestWord(name, names);
    return emulator::fail(
        ErrorKind::NotFound,
        fmt::format("--on: found {}, expected the name, tag or model of a phone of the inventory{}", target,
                    nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest)));
}

}  // namespace

BenchRun::BenchRun(std::string kind, hwbridge::Inventory inventory, hwbridge::BenchAddress address, bool wait)
    : m_kind{std::move(kind)},
      m_inventory{std::move(inventory)},
      m_address{std::move(address)},
      m_wait{wait}
{}

Result<BenchRun> BenchRun::open(const std::string& target, const BenchDoorOptions& door,
                                const std::string& inventory, bool wait)
{
    const std::string file = inventory.empty() ? std::string{usualInventory} : inventory;
    if (inventory.empty() && !std::filesystem::exists(file))
        return emulator::fail(
            ErrorKind::Unreachable,
            fmt::format("--on {}: found no {} here, expected --inventory F, which says what "
                        "phones there are",
                        target, file));
    std::optional<hwbridge::Inventory> read = readInventoryFile("run", file);
    if (!read)
        return emulator::fail(ErrorKind::Malformed, fmt::format("{} cannot be used", file));
    Result<hwbridge::BenchAddress> address = benchAddress(door);
    if (address.has_error())
        return address.error();
    const std::size_t colon = target.find(':');
    const std::string name = target.substr(colon + 1);
    BenchRun run{target.substr(0, colon), *std::move(read), *std::move(address), wait};
    run.m_candidates = phonesCalled(name, run.m_inventory.phones);
    if (run.m_candidates.empty())
        return unknownName(target, name, run.m_inventory.phones);
    return run;
}

std::string BenchRun::targetOf(const BenchPhone& phone) const
{
    return fmt::format("{}:{}", m_kind, phone.name);
}

scenarios::BenchOffer BenchRun::offerOf(const BenchPhone& phone) const
{
    const bool person = phone.power && std::holds_alternative<hwbridge::PersonSettings>(*phone.power);
    return {.target = targetOf(phone),
            .name = phone.name,
            .model = phone.model,
            .firmware = phone.firmware,
            .power = phone.power && (!person || ::isatty(STDIN_FILENO) == 1),
            .capture = phone.capture.has_value(),
            .servers = phone.servers.has_value(),
            .mayUpgrade = phone.mayUpgrade,
            .mayFactoryReset = phone.mayFactoryReset};
}

std::string BenchRun::whyNot(const Scenario& scenario) const
{
    std::string first;
    for (const std::size_t number : m_candidates) {
        std::string why = whyNotOnBench(scenario, offerOf(m_inventory.phones[number]));
        if (why.empty())
            return {};
        if (first.empty())
            first = std::move(why);
    }
    return first;
}

Result<std::unique_ptr<hwbridge::LeaseKeeper>> BenchRun::hold(const BenchPhone& phone,
                                                              const std::string& reason) const
{
    const std::string holder = benchHolder();
    Result<std::unique_ptr<BenchClient>> client = BenchClient::connect(m_address, holder);
    if (client.has_error())
        return client.error();
    if (!(*client)->welcome().restores)
        return emulator::fail(
            ErrorKind::Refused,
            "the bench daemon puts nothing back, and a phone is only touched where it does");
    hwbridge::LeaseRequest request;
    request.wanted.name = phone.name;
    request.duration = m_inventory.longestLease;
    request.reason = reason;
    request.wait = m_wait;
    const Result<hwbridge::BenchGrant> grant = (*client)->lease(
        request,
        [&](std::uint64_t place) {
            say(fmt::format("run: waiting for {}, number {} in the queue", phone.name, place));
        },
        interrupted);
    if (grant.has_error())
        return grant.error();
    return std::make_unique<hwbridge::LeaseKeeper>(
        hwbridge::HeldLease{m_address, holder, *std::move(client), *grant},
        [](const std::string& news) { say("run: " + news); });
}

Result<std::unique_ptr<LeasedPhone>> BenchRun::lease(const Scenario& scenario) const
{
    Result<std::unique_ptr<LeasedPhone>> outcome =
        emulator::fail(ErrorKind::NotFound, "no phone can play this");
    for (const std::size_t number : m_candidates) {
        const BenchPhone& phone = m_inventory.phones[number];
        if (!whyNotOnBench(scenario, offerOf(phone)).empty())
            continue;
        auto lease = hold(phone, fmt::format("phonerig run: {}", scenario.title));
        if (lease.has_error()) {
            outcome = lease.error();
            continue;
        }
        auto leased = std::make_unique<LeasedPhone>(phone, *std::move(lease));
        const Result<void> prepared = leased->prepare(targetOf(phone));
        if (prepared.has_value())
            return leased;
        (void)leased->release();
        return prepared.error();
    }
    return outcome;
}

Result<void> BenchRun::giveBack(LeasedPhone& phone) const
{
    if (const Result<void> released = phone.release(); released.has_error())
        return released;
    const Result<std::unique_ptr<BenchClient>> client = BenchClient::connect(m_address, benchHolder());
    if (client.has_error())
        return client.error();
    return whenRestored(**client, phone.phone().name);
}

}  // namespace ui
