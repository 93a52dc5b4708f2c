#include "hwbridge/bench/power_check.hpp"

#include "hwbridge/drive/web_client.hpp"
#include "hwbridge/power/poe_power.hpp"

#include <fmt/format.h>

#include <array>

namespace hwbridge {

using namespace std::chrono_literals;
using emulator::ErrorKind;
using emulator::Result;

namespace {

constexpr auto pdudaemonLimit = 5s;

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

Result<PowerState> askPdudaemon(const PduSettings& settings)
{
    Result<WebClient> client =
        WebClient::open({.device = "pdudaemon", .url = settings.url, .timeout = pdudaemonLimit});
    if (client.has_error())
        return client.error();
    const Result<WebReply> reply = client->send({});
    return reply.has_error() ? Result<PowerState>{reply.error()} : PowerState::Unknown;
}

}  // namespace

std::optional<Result<PowerState>> askPower(const PowerSettings& settings)
{
    if (const auto* const poe = std::get_if<PoeSettings>(&settings)) {
        Result<SnmpAccess> access = snmpAccess(*poe);
        if (access.has_error())
            return access.error();
        return PoePower{std::move(*access), poe->group, poe->port}.probe();
    }
    if (const auto* const pdu = std::get_if<PduSettings>(&settings))
        return askPdudaemon(*pdu);
    return std::nullopt;
}

}  // namespace hwbridge
