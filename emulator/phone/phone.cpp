#include "emulator/phone/phone.hpp"

#include "emulator/base/overloaded.hpp"
#include "emulator/phone/phone_logic.hpp"
#include "emulator/phone/phone_macros.hpp"

#include <fmt/format.h>

namespace emulator {

std::string_view name(RebootReason reason)
{
    switch (reason) {
    case RebootReason::None:
        return "None";
    case RebootReason::Upgrade:
        return "Upgrade";
    case RebootReason::Provisioning:
        return "Provisioning";
    case RebootReason::SipTriggered:
        return "SIP Triggered";
    case RebootReason::RemoteCustomization:
        return "RC";
    case RebootReason::UserTriggered:
        return "User Triggered";
    }
    return "";
}

std::string_view name(PhoneState state)
{
    switch (state) {
    case PhoneState::Off:
        return "off";
    case PhoneState::Booting:
        return "booting";
    case PhoneState::Waiting:
        return "waiting";
    case PhoneState::Contacting:
        return "contacting";
    case PhoneState::Upgrading:
        return "upgrading";
    case PhoneState::Idle:
        return "idle";
    case PhoneState::Onboarding:
        return "onboarding";
    }
    return "";
}

Effects PhoneLogic::take(const Event& event)
{
    perform(event);
    wakeAtNextDeadline();
    return std::move(m_out);
}

void PhoneLogic::perform(const Event& event)
{
    std::visit(Overloaded{
                   [&](const PowerApplied&) { applyPower(); },
                   [&](const PowerRemoved&) { removePower(); },
                   [&](const Woken&) { wake(); },
                   [&](const FetchAddressed& e) { addressed(e); },
                   [&](const FetchFinished& e) { finished(e); },
                   [&](const ResyncCommanded& e) { command(e); },
                   [&](const UpgradeCommanded& e) { command(e); },
                   [&](const RebootCommanded& e) { commandReboot(e); },
                   [&](const ReportCommanded& e) { command(e); },
                   [&](const CallBegan& e) { callBegan(e); },
                   [&](const CallEnded& e) { callEnded(e); },
                   [&](const KeysPressed& e) { press(e); },
                   [&](const ParametersSubmitted& e) { submit(e); },
                   [&](const FactoryResetCommanded& e) { factoryReset(e); },
               },
               event);
}

void PhoneLogic::enter(PhoneState state)
{
    if (m.m_state == state)
        return;
    m.m_state = state;
    m_out.push_back(StateEntered{state});
}

void PhoneLogic::show(MuteLed led)
{
    if (!m.model().muteLedPatterns || m.m_led == led)
        return;
    m.m_led = led;
    m.m_ledSince = m_now;
    m_out.push_back(ShowLed{led});
}

Phone::Phone(const PhoneSurroundings& surroundings, const MacAddress& mac, IpAddress address,
             AppliedState initial)
    : m_surroundings{&surroundings},
      m_parameters{*surroundings.model->schema, std::move(initial)},
      m_chance{surroundings.seed, mac},
      m_mac{mac},
      m_address{address}
{}

Phone::~Phone() = default;
Phone::Phone(Phone&&) noexcept = default;
Phone& Phone::operator=(Phone&&) noexcept = default;
Phone::Phone(const Phone&) = default;
Phone& Phone::operator=(const Phone&) = default;

Effects Phone::handle(TimePoint now, const Event& event)
{
    return PhoneLogic{*this, now}.take(event);
}

std::string Phone::serialNumber() const
{
    // 12 alphanumerics like 88012BA01234: a fixed year and plant, then the lower MAC half (our choice).
    return fmt::format("88012B{}", m_mac.upper().substr(6));
}

const FirmwareVersion& Phone::firmware() const
{
    return m_firmware && m_firmware->running ? *m_firmware->running : m_surroundings->model->firmware;
}

std::string_view Phone::inactiveLoad() const
{
    return m_firmware ? std::string_view{m_firmware->inactive} : std::string_view{};
}

TimePoint Phone::nextResync() const
{
    return m_resyncAt;
}

int Phone::resyncStatus() const
{
    switch (m_resyncCause) {
    case Cause::PowerUp:
    case Cause::Restarted:
    case Cause::Submitted:
    case Cause::Applied:
    case Cause::Upgraded:
        return 0;
    case Cause::Periodic:
        return 1;
    case Cause::Retry:
        return 2;
    case Cause::Commanded:
        return -1;
    }
    return 0;
}

std::string_view Phone::lastUpgradeFailure() const
{
    if (!m_history || m_history->upgrades.empty())
        return {};
    return m_history->upgrades.front().reason;
}

std::vector<ProvisioningOutcome> Phone::outcomes() const
{
    std::vector<ProvisioningOutcome> all;
    if (m_history) {
        all.assign(m_history->resyncs.begin(), m_history->resyncs.end());
        all.insert(all.end(), m_history->upgrades.begin(), m_history->upgrades.end());
    }
    return all;
}

std::vector<std::pair<WallTime, RebootReason>> Phone::reboots() const
{
    if (!m_history)
        return {};
    return {m_history->reboots.begin(), m_history->reboots.end()};
}

std::string Phone::userAgent() const
{
    PhoneMacros macros{*this, TimePoint{}};
    macros.withVersion = true;
    return expandMacros(m_parameters.value(m_surroundings->ids.httpUserAgentName), macros);
}

}  // namespace emulator
