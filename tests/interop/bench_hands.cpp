// What tests against servers that others wrote have of hwbridge/drive and hwbridge/power: one call per run. It prints the
// result, or one sentence and exit status 1.

#include "hwbridge/capture/live_capture.hpp"
#include "hwbridge/drive/phone_driver.hpp"
#include "hwbridge/power/command_power.hpp"
#include "hwbridge/power/pdudaemon_power.hpp"
#include "hwbridge/power/poe_power.hpp"
#include "hwbridge/power/verified_power.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <functional>

namespace {

using namespace hwbridge;
using emulator::Result;

int refused(const emulator::Error& error)
{
    fmt::print(stderr, "{}\n", error.detail);
    return 1;
}

int told(const Result<std::string>& result)
{
    if (!result.has_value())
        return refused(result.error());
    fmt::print("{}\n", *result);
    return 0;
}

int done(const Result<void>& result)
{
    return result.has_value() ? 0 : refused(result.error());
}

int act(PowerDriver& driver, const std::string& action)
{
    if (action == "probe") {
        const Result<PowerState> state = driver.probe();
        return told(state.has_value() ? Result<std::string>{std::string{name(*state)}} : state.error());
    }
    return done(action == "on" ? driver.on() : driver.off());
}

int get(const WebAccess& access, const std::string& target)
{
    Result<WebClient> client = WebClient::open(access);
    if (!client.has_value())
        return refused(client.error());
    const Result<WebReply> reply = client->send({.target = target});
    return told(reply.has_value() ? Result<std::string>{fmt::format("{} {}", reply->status, reply->body)}
                                  : reply.error());
}

int verify(const std::string& action, const std::string& interface, const std::string& mac, bool linked,
           std::vector<std::string> command)
{
    const Result<emulator::MacAddress> phone = emulator::MacAddress::parse(mac);
    if (!phone.has_value())
        return refused(phone.error());
    PhoneWire wire{*phone, linked ? interface : ""};
    LiveOptions options;
    options.interface = interface;
    options.phones = {*phone};
    const auto capture = LiveCapture::start(options, wire);
    if (!capture.has_value())
        return refused(capture.error());
    (void)wire.await(wire.now() + std::chrono::seconds{20});  // until the phone was heard
    CommandPower driver{{.name = "the relay", .on = command, .off = command}};
    using namespace std::chrono_literals;
    VerifiedPower power{"CP7832-1", driver, wire, {.grace = 300ms, .quiet = 1s, .back = 20s}};
    return told(action == "off" ? power.off() : power.on());
}

}  // namespace

int main(int count, char** words)
{
    CLI::App app{"Drives a device once."};
    app.require_subcommand(1);

    WebAccess web{.device = "CP7832-1", .url = ""};
    std::string target;
    std::size_t milliseconds = 20'000;
    CLI::App* const getting = app.add_subcommand("get");
    getting->add_option("url", web.url)->required();
    getting->add_option("target", target)->required();
    getting->add_option("--user", web.user);
    getting->add_option("--password", web.password);
    getting->add_option("--authorities", web.certificates.authorities);
    getting->add_option("--pin", web.certificates.fingerprint);
    const CLI::Option* const any = getting->add_flag("--any");
    getting->add_option("--timeout", milliseconds);

    std::string action;
    SnmpAccess snmp;
    unsigned long group = 1;
    unsigned long port = 1;
    CLI::App* const poe = app.add_subcommand("poe");
    poe->add_option("action", action)->required();
    poe->add_option("address", snmp.address)->required();
    poe->add_option("group", group)->required();
    poe->add_option("port", port)->required();
    poe->add_option("--community", snmp.community);
    poe->add_option("--user", snmp.user);
    poe->add_option("--authentication", snmp.authentication);
    poe->add_option("--authentication-password", snmp.authenticationPassword);
    poe->add_option("--encryption-password", snmp.encryptionPassword);

    std::string unit;
    std::string socket;
    CLI::App* const pdu = app.add_subcommand("pdu");
    pdu->add_option("action", action)->required();
    pdu->add_option("url", web.url)->required();
    pdu->add_option("unit", unit)->required();
    pdu->add_option("socket", socket)->required();

    std::string interface;
    std::string mac;
    std::vector<std::string> command;
    CLI::App* const verified = app.add_subcommand("verify");
    verified->add_option("action", action)->required();
    verified->add_option("interface", interface)->required();
    verified->add_option("mac", mac)->required();
    const CLI::Option* const linked = verified->add_flag("--link");
    verified->add_option("command", command)->required();

    CLI11_PARSE(app, count, words);
    web.timeout = std::chrono::milliseconds{milliseconds};
    if (*any)
        web.certificates.kind = CertificatePolicy::Kind::Any;
    else if (!web.certificates.fingerprint.empty())
        web.certificates.kind = CertificatePolicy::Kind::Pinned;
    if (*getting)
        return get(web, target);
    if (*poe) {
        snmp.version = snmp.user.empty() ? SnmpAccess::Version::V2c : SnmpAccess::Version::V3;
        snmp.timeout = std::chrono::seconds{1};
        snmp.retries = 1;
        PoePower driver{snmp, group, port};
        return act(driver, action);
    }
    if (*pdu) {
        web.device = "pdudaemon";
        PdudaemonPower driver{web, unit, socket};
        return act(driver, action);
    }
    return verify(action, interface, mac, static_cast<bool>(*linked), command);
}
