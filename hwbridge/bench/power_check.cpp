#include "hwbridge/bench/power_check.hpp"

#include "hwbridge/bench/power_factory.hpp"
#include "hwbridge/drive/web_client.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <filesystem>

namespace hwbridge {

using namespace std::chrono_literals;
using emulator::Result;

namespace {

constexpr auto pdudaemonLimit = 5s;

Result<PowerState> askPdudaemon(const PduSettings& settings)
{
    Result<WebClient> client =
        WebClient::open({.device = "pdudaemon", .url = settings.url, .timeout = pdudaemonLimit});
    if (client.has_error())
        return client.error();
    const Result<WebReply> reply = client->send({});
    return reply.has_error() ? Result<PowerState>{reply.error()} : PowerState::Unknown;
}

// What of the programs cannot be run, which is all that is known of those without a probe.
std::optional<Result<PowerState>> askPrograms(const CommandSettings& settings)
{
    for (const std::vector<std::string>* const program : {&settings.on, &settings.off})
        if (std::error_code ignored; !std::filesystem::is_regular_file(program->front(), ignored) ||
                                     ::access(program->front().c_str(), X_OK) != 0)
            return Result<PowerState>{emulator::fail(
                emulator::ErrorKind::NotFound,
                fmt::format("power: found {}, expected a program that can be run", program->front()))};
    return std::nullopt;
}

}  // namespace

std::optional<Result<PowerState>> askPower(const PowerSettings& settings)
{
    if (const auto* const pdu = std::get_if<PduSettings>(&settings))
        return askPdudaemon(*pdu);
    if (std::holds_alternative<PersonSettings>(settings))
        return std::nullopt;
    if (const auto* const programs = std::get_if<CommandSettings>(&settings)) {
        const auto unusable = askPrograms(*programs);
        if (unusable || programs->probe.empty())
            return unusable;
    }
    const Result<std::unique_ptr<PowerDriver>> driver = powerDriver(settings, {}, nullptr);
    return driver.has_error() ? Result<PowerState>{driver.error()} : (*driver)->probe();
}

}  // namespace hwbridge
