#include "scenarios/engine/notify_action.hpp"

#include <fmt/format.h>

namespace scenarios {

fixtures::NotifyPlan completeNotify(fixtures::NotifyPlan plan, ActionId id, const emulator::Endpoint& proxy,
                                    const emulator::Endpoint& phone)
{
    plan.proxy = proxy;
    plan.phone = phone;
    plan.callId =
        fmt::format("{}-{}@{}", static_cast<std::uint64_t>(id), phone.address.text(), proxy.address.text());
    return plan;
}

emulator::Result<emulator::HttpResponse> notifyAnswer(const fixtures::NotifyResult& result)
{
    if (result.status == 0)
        return emulator::fail(emulator::ErrorKind::TimedOut, "the phone did not answer the NOTIFY");
    emulator::HttpResponse response;
    response.status = result.status;
    response.reason = result.reason;
    return response;
}

}  // namespace scenarios
