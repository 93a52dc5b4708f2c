#include "hwbridge/bench/bench_daemon.hpp"
#include "hwbridge/bench/page_restorer.hpp"
#include "ui/cli/bench_door.hpp"
#include "ui/cli/bench_inventory.hpp"
#include "ui/cli/interruption.hpp"
#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cstdlib>
#include <utility>
#include <vector>

namespace ui {

using emulator::ErrorKind;
using emulator::Result;
using hwbridge::BenchDaemonOptions;

namespace {

// Where daemons keep what they remember. Source: XDG Base Directory Specification, "Environment variables".
Result<std::string> stateFolder(const std::string& bench)
{
    const char* const state = std::getenv("XDG_STATE_HOME");
    const char* const home = std::getenv("HOME");
    if (state != nullptr && *state == '/')
        return fmt::format("{}/phonerig/bench/{}", state, bench);
    if (home != nullptr && *home == '/')
        return fmt::format("{}/.local/state/phonerig/bench/{}", home, bench);
    return emulator::fail(
        ErrorKind::Malformed,
        "found neither --state nor XDG_STATE_HOME nor HOME, expected one of them to say where leases "
        "are remembered");
}

Result<std::optional<BenchDaemonOptions::Tcp>> tcp(const BenchOptions& options)
{
    if (options.listen.empty()) {
        if (!options.certificate.empty() || !options.key.empty() || !options.door.tokenFile.empty())
            return emulator::fail(
                ErrorKind::Malformed,
                "found --tls-cert, --tls-key or --token-file, expected --listen ADDR:PORT with them");
        return std::optional<BenchDaemonOptions::Tcp>{};
    }
    if (options.certificate.empty() || options.key.empty() || options.door.tokenFile.empty())
        return emulator::fail(
            ErrorKind::Malformed,
            "--listen opens the bench to other machines: expected --tls-cert, --tls-key and "
            "--token-file with it, all three");
    BenchDaemonOptions::Tcp wish;
    const Result<emulator::Endpoint> at = emulator::Endpoint::parse(options.listen, 0);
    if (at.has_error() || options.listen.find(':') == std::string::npos)
        return emulator::fail(
            ErrorKind::Malformed,
            fmt::format("--listen: found {}, expected ADDR:PORT such as 192.0.2.1:7878", options.listen));
    const Result<std::string> token = benchToken(options.door.tokenFile);
    if (token.has_error())
        return token.error();
    wish.at = *at;
    wish.tls = {options.certificate, options.key};
    wish.token = *token;
    return std::optional{std::move(wish)};
}

// The secrets that restoring a phone takes, with what they are.
std::vector<std::pair<std::string, hwbridge::SecretReference>> secretsOf(const hwbridge::BenchPhone& phone)
{
    std::vector<std::pair<std::string, hwbridge::SecretReference>> secrets;
    if (phone.web.password)
        secrets.emplace_back("the password", *phone.web.password);
    const auto* const poe = phone.power ? std::get_if<hwbridge::PoeSettings>(&*phone.power) : nullptr;
    if (poe == nullptr)
        return secrets;
    if (const auto* const plain = std::get_if<hwbridge::PoeSettings::Version2c>(&poe->version)) {
        secrets.emplace_back("the switch's community", plain->community);
    } else {
        const auto& secured = std::get<hwbridge::PoeSettings::Version3>(poe->version);
        secrets.emplace_back("the switch's authentication_password", secured.authenticationPassword);
        secrets.emplace_back("the switch's privacy_password", secured.privacyPassword);
    }
    return secrets;
}

// A bench with a phone that cannot be put back is still one for its other phones; and a file may come later.
void sayMissingSecrets(const hwbridge::Inventory& inventory)
{
    for (const hwbridge::BenchPhone& phone : inventory.phones)
        for (const auto& [what, reference] : secretsOf(phone))
            if (const Result<std::string> secret = reference.read(); secret.has_error())
                say(fmt::format(
                    "bench serve: {} of {}: {}; until then the daemon cannot put back what is changed there",
                    what, phone.name, secret.error().detail));
}

}  // namespace

ExitCode benchServe(const BenchOptions& options)
{
    std::optional<hwbridge::Inventory> inventory = readInventoryFile("bench serve", options.inventory);
    if (!inventory)
        return ExitCode::Usage;
    if (!options.bench.empty() && options.bench != inventory->bench)
        return benchRefused("serve",
                            emulator::fail(ErrorKind::NotFound,
                                           fmt::format("found {}, expected {}, the bench of the inventory",
                                                       options.bench, inventory->bench)));
    BenchDaemonOptions daemonOptions;
    const Result<std::string> socket = benchSocket(options.door.socket);
    if (socket.has_error()) {
        say("bench serve: " + socket.error().detail);
        return ExitCode::Usage;
    }
    daemonOptions.socket = *socket;
    const Result<std::string> state =
        options.state.empty() ? stateFolder(inventory->bench) : Result<std::string>{options.state};
    if (state.has_error())
        return benchRefused("serve", state.error());
    daemonOptions.state = *state;
    Result<std::optional<BenchDaemonOptions::Tcp>> wish = tcp(options);
    if (wish.has_error())
        return benchRefused("serve", wish.error());
    daemonOptions.tcp = std::move(*wish);

    sayMissingSecrets(*inventory);
    watchForInterruption();
    const std::string bench = inventory->bench;
    const std::size_t phones = inventory->phones.size();
    hwbridge::PageRestorer restorer;
    const auto daemon = hwbridge::BenchDaemon::start(std::move(*inventory), daemonOptions, &restorer);
    if (daemon.has_error()) {
        say("bench serve: " + daemon.error().detail);
        return ExitCode::Usage;
    }
    for (const std::string& notice : (*daemon)->notices())
        say(notice);
    for (const std::string& where : (*daemon)->where())
        writeAll(STDERR_FILENO, fmt::format("serving {} ({} phone{}) at {}\n", bench, phones,
                                            phones == 1 ? "" : "s", where));
    const Result<void> ended = (*daemon)->run(interrupted);
    return ended.has_error() ? benchRefused("serve", ended.error()) : ExitCode::Passed;
}

}  // namespace ui
