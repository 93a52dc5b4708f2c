#include "hwbridge/bench/power_check.hpp"

#include "hwbridge/bench/power_factory.hpp"
#include "hwbridge/drive/web_client.hpp"

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

}  // namespace

std::optional<Result<PowerState>> askPower(const PowerSettings& settings)
{
    if (const auto* const pdu = std::get_if<PduSettings>(&settings))
        return askPdudaemon(*pdu);
    if (!std::holds_alternative<PoeSettings>(settings))
        return std::nullopt;
    const Result<std::unique_ptr<PowerDriver>> driver = powerDriver(settings, {}, nullptr);
    return driver.has_error() ? Result<PowerState>{driver.error()} : (*driver)->probe();
}

}  // namespace hwbridge
