#include "emulator/phone/phone_logic.hpp"

#include "emulator/phone/firmware_load.hpp"

namespace emulator {

void PhoneLogic::command(const UpgradeCommanded& e)
{
    if (!m.answersWeb() || !m.m_parameters.isYes(m_ids.upgradeEnable) || mustWait(e))
        return;
    m.m_lastUpgrade = m_now;
    m.m_running.emplace();
    m.m_running->work = Work::Upgrade;
    m.m_running->rule = storedRules;
    const std::string_view rule = e.rule.empty() ? value(m_ids.upgradeRule) : std::string_view{e.rule};
    if (!startRule(rule, e.requester.text()))
        endWork();
}

void PhoneLogic::loadArrived(const std::string& bytes)
{
    const Result<FirmwareVersion> version = parseLoad(bytes, m.model().loadPrefix);
    if (!version.has_value()) {
        failed(version.error());
        return;
    }
    log(m_ids.logUpgradeSuccessMsg, {});
    note({m_now, true, true, {}});
    m.m_firmware = std::make_shared<const FirmwareVersion>(*version);
    endWork();
    restart(RebootReason::Upgrade, Cause::Upgraded);
}

void PhoneLogic::upgradeFailed()
{
    if (m.model().options.failedUpgradeResyncs && m.m_parameters.isYes(m_ids.resyncAfterUpgradeAttempt))
        scheduleResync(m_now, Cause::Upgraded);
}

}  // namespace emulator
