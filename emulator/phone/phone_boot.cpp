#include "emulator/phone/phone_logic.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emulator {

namespace {

bool contains(const std::vector<ParamId>& ids, ParamId id)
{
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

void PhoneLogic::applyPower()
{
    if (isOn())
        return;
    boot(Cause::PowerUp);
}

void PhoneLogic::removePower()
{
    if (!isOn())
        return;
    stopWork();
    m.m_report.reset();
    endCalls();
    m.m_awaitsCode = false;
    m.m_bootedAt = m.m_resyncAt = TimePoint::max();
    show(MuteLed::Off);
    enter(PhoneState::Off);
}

void PhoneLogic::boot(Cause cause)
{
    stopWork();
    endCalls();
    m.m_awaitsCode = false;
    const bool warm = cause == Cause::Restarted;
    if (!warm)
        m.m_poweredAt = m_now;
    m.m_bootCause = cause;
    m.m_bootedAt = m_now + m.m_surroundings->bootTime / (warm ? 4 : 1);
    m.m_resyncAt = TimePoint::max();
    m.m_failures = 0;
    if (cause != Cause::Applied)
        m.m_successes = 0;
    forgetFailedUpgrade();
    show(MuteLed::Off);
    enter(PhoneState::Booting);
}

void PhoneLogic::booted()
{
    m.m_bootedAt = TimePoint::max();
    enter(PhoneState::Idle);
    if (m.model().firmware.generation() == Generation::Mpp11_3)
        logSystem(fmt::format("System {}: ip@{}, firmware {}",
                              m.m_bootCause == Cause::Restarted ? "restarted" : "started", m.m_address.text(),
                              m.firmware().load));
    scheduleAfterBoot();
    if (m.m_resyncAt == TimePoint::max() || m.m_resyncCause == Cause::Periodic)
        followUpgradeRule();
    scheduleReportAfterBoot();
}

void PhoneLogic::stopWork()
{
    if (m.m_running)
        m_out.push_back(CancelFetch{m.m_request});
    m.m_running.reset();
    m.m_waiting.reset();
    if (m.m_report) {
        m.m_report->at = TimePoint::max();
        m.m_report->rest.clear();
    }
}

void PhoneLogic::noteReboot(RebootReason reason)
{
    Phone::History& history = m.m_history.ensure();
    if (history.reboots.size() == history.reboots.capacity())
        history.reboots.pop_back();
    history.reboots.insert(history.reboots.begin(), {m.wallTime(m_now), reason});
    m_out.push_back(Remember{});
}

void PhoneLogic::restart(RebootReason reason, Cause cause)
{
    noteReboot(reason);
    boot(cause);
}

void PhoneLogic::commandReboot(const RebootCommanded& e)
{
    if (!isOn() || mustWaitForLines(e))
        return;
    if (e.warm)
        boot(Cause::Restarted);
    else
        restart(e.reason, e.reason == RebootReason::Provisioning ? Cause::Applied : Cause::PowerUp);
}

void PhoneLogic::submit(const ParametersSubmitted& e)
{
    if (!isOn())
        return;
    bool reboots = false;
    std::vector<ParamId> changed;
    for (const auto& [id, text] : e.changes) {
        if (value(id) == text)
            continue;
        reboots = reboots || m.m_parameters.schema().at(id).reboots;
        m.m_parameters.change(id, text, ValueSource::Page);
        changed.push_back(id);
    }
    if (changed.empty())
        return;
    m_out.push_back(Remember{});
    const bool rescheduled = contains(changed, m_ids.resyncPeriodic) || contains(changed, m_ids.resyncAt) ||
                             contains(changed, m_ids.resyncAtRandomDelay);
    const bool upgrades = contains(changed, m_ids.upgradeRule) || contains(changed, m_ids.upgradeEnable);
    scheduleReportAfterChange(
        contains(changed, m_ids.reportRule) || contains(changed, m_ids.reportToServer) ||
        contains(changed, m_ids.periodicUpload) || contains(changed, m_ids.uploadDelay));
    if (m.m_surroundings->reportsChanges)
        m_out.push_back(ParametersChanged{std::move(changed)});
    if (reboots)
        restart(RebootReason::Provisioning, Cause::Submitted);
    else if (rescheduled && m.m_successes > 0 && !m.m_running)
        scheduleAfterSuccess();
    if (upgrades)
        followUpgradeRule();
}

void PhoneLogic::factoryReset(const FactoryResetCommanded& e)
{
    if (!isOn())
        return;
    if (e.by == CommandedBy::SipNotify) {
        logSystem(m.linesIdle() ? "Factory resetting as per request from administrator"
                                : "Phone will factory reset when idle as per request from administrator");
        if (mustWaitForLines(e))
            return;
    }
    m.m_parameters.reset();
    m.m_lastProfileUrl.clear();
    m.m_history.reset();
    if (m.m_firmware)
        m.m_firmware->attempted = 0;
    m.m_report.reset();
    m_out.push_back(Remember{});
    boot(Cause::PowerUp);
}

}  // namespace emulator
