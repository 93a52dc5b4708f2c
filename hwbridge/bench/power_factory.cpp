#include "hwbridge/bench/power_factory.hpp"

#include "emulator/base/overloaded.hpp"
#include "hwbridge/power/command_power.hpp"
#include "hwbridge/power/pdudaemon_power.hpp"
#include "hwbridge/power/poe_power.hpp"

#include <fmt/format.h>

#include <array>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::Result;

namespace {

using MadeDriver = Result<std::unique_ptr<PowerDriver>>;

Result<std::string> powerSecret(const SecretReference& reference, std::string_view what)
{
    Result<std::string> secret = reference.read();
    if (secret.has_error())
        return emulator::fail(secret.error().kind, fmt::format("{}: {}", what, secret.error().detail));
    return secret;
}

Result<SnmpAccess> snmpAccess(const PoeSettings& settings)
{
    SnmpAccess access;
    access.address = settings.host;
    if (const auto* const plain = std::get_if<PoeSettings::Version2c>(&settings.version)) {
        Result<std::string> community = powerSecret(plain->community, "the switch's community");
        if (community.has_error())
            return community.error();
        access.community = std::move(*community);
        return access;
    }
    constexpr std::array<std::string_view, 4> hashes{"MD5", "SHA", "SHA-256", "SHA-512"};
    const auto& secured = std::get<PoeSettings::Version3>(settings.version);
    Result<std::string> authentication =
        powerSecret(secured.authenticationPassword, "the switch's authentication_password");
    if (authentication.has_error())
        return authentication.error();
    Result<std::string> privacy = powerSecret(secured.privacyPassword, "the switch's privacy_password");
    if (privacy.has_error())
        return privacy.error();
    access.version = SnmpAccess::Version::V3;
    access.user = secured.user;
    access.authentication = hashes.at(static_cast<std::size_t>(secured.authentication));
    access.authenticationPassword = std::move(*authentication);
    access.encryptionPassword = std::move(*privacy);
    return access;
}

MadeDriver poeDriver(const PoeSettings& settings)
{
    Result<SnmpAccess> access = snmpAccess(settings);
    if (access.has_error())
        return access.error();
    return MadeDriver{std::make_unique<PoePower>(std::move(*access), settings.group, settings.port)};
}

MadeDriver personDriver(const std::string& phone, PersonPrompt* prompt)
{
    if (prompt == nullptr)
        return emulator::fail(
            ErrorKind::Refused,
            fmt::format("the power of {} is switched by a person, and nobody is at a terminal", phone));
    return MadeDriver{std::make_unique<PersonPower>(*prompt, phone)};
}

}  // namespace

Result<std::unique_ptr<PowerDriver>> powerDriver(const PowerSettings& settings, const std::string& phone,
                                                 PersonPrompt* prompt)
{
    return std::visit(
        emulator::Overloaded{
            [](const PoeSettings& poe) { return poeDriver(poe); },
            [](const PduSettings& pdu) {
                return MadeDriver{std::make_unique<PdudaemonPower>(
                    WebAccess{.device = "pdudaemon", .url = pdu.url}, pdu.host, std::to_string(pdu.port))};
            },
            [&](const CommandSettings& command) {
                return MadeDriver{std::make_unique<CommandPower>(PowerCommands{
                    fmt::format("the power command of {}", phone), command.on, command.off, command.probe})};
            },
            [&](const PersonSettings&) { return personDriver(phone, prompt); },
        },
        settings);
}

}  // namespace hwbridge
