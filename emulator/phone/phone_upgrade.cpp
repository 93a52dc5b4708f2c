#include "emulator/phone/phone_logic.hpp"

#include "emulator/phone/firmware_load.hpp"
#include "emulator/provisioning/delay_list.hpp"

#include <fmt/format.h>

#include <algorithm>

// How firmware changes.
// Source: "Cisco IP Phone 7800 and 8800 Series Multiplatform Phones Provisioning Guide, Provisioning Scripts", upgrade
//         rule; "Cisco SPA300 Series, SPA500 Series, and WIP310 IP Phone Administration Guide", firmware upgrade
//         parameters; UPG-*.
// Our choices, where the guides are silent:
// - Upgrade_Rule is looked at when a boot brings no resync, when a resync has ended (well or not), when it or
//   Upgrade_Enable is changed on the page, when a line's call was what it waited for, and when
//   Upgrade_Error_Retry_Delay has passed.
// - It is not attempted again until rule or URL change, also after a restart; a failed attempt is repeated after the
//   delay, or after a restart. A command is always attempted, once.
// - The assignments of a rule are carried out when its URL is attempted. A rule without a URL asks for nothing.
// - A load that runs already is not fetched when the name of its file shows it, and not written when its header does.
// - Power that is lost before the last byte is written leaves the running load as it is. What the other partition held
//   is gone from the first byte written on.

namespace emulator {

using namespace std::chrono_literals;

namespace {

// Tells one combination of rule and URL from others, also across restarts (FNV-1a). Never 0.
std::uint64_t attemptOf(std::string_view rule, std::string_view url)
{
    std::uint64_t hash = 14695981039346656037u;
    for (const std::string_view text : {rule, std::string_view{"\n"}, url}) {
        for (const char c : text) {
            hash ^= static_cast<unsigned char>(c);
            hash *= 1099511628211u;
        }
    }
    return hash == 0 ? 1 : hash;
}

// A URL that stops after its server goes on with the model's path, if it has one.
std::string withServersPath(std::string url, const std::string& firmwarePath)
{
    const std::size_t scheme = url.find("://");
    if (url.find('/', scheme == std::string::npos ? 0 : scheme + 3) == std::string::npos)
        url += firmwarePath;
    return url;
}

}  // namespace

void PhoneLogic::command(const UpgradeCommanded& e)
{
    if (!m.answersWeb() || !m.m_parameters.isYes(m_ids.upgradeEnable) || mustWait(e))
        return;
    std::string_view rule = e.rule.empty() ? value(m_ids.upgradeRule) : std::string_view{e.rule};
    if (rule.empty())
        rule = m.model().firmwarePath;
    beginUpgrade(decideUpgrade(rule, e.requester.text()), 0);
}

void PhoneLogic::followUpgradeRule()
{
    const std::string_view rule = value(m_ids.upgradeRule);
    if (rule.empty() || m.m_running || !m.answersWeb() || !m.linesIdle() ||
        !m.m_parameters.isYes(m_ids.upgradeEnable))
        return;
    Result<std::optional<Upgrade>> upgrade = decideUpgrade(rule, {});
    std::string url;
    if (upgrade.has_value()) {
        if (!*upgrade || loadNameOf((*upgrade)->url.path) == m.firmware().load)
            return;
        url = (*upgrade)->url.text();
    }
    const std::uint64_t attempt = attemptOf(rule, url);
    if (m.m_firmware && m.m_firmware->attempted == attempt && m_now < m.m_firmware->retryAt)
        return;
    if (m.m_firmware && m.m_firmware->attempted != attempt)
        m.m_firmware->failures = 0;
    beginUpgrade(std::move(upgrade), attempt);
}

Result<std::optional<PhoneLogic::Upgrade>> PhoneLogic::decideUpgrade(std::string_view rule,
                                                                     std::string_view defaultServer)
{
    Result<std::optional<RuleDecision>> decision = decideRule(rule, RuleKind::Upgrade);
    if (!decision.has_value())
        return fail(decision.error());
    if (!*decision || (*decision)->url.empty())
        return std::optional<Upgrade>{};
    const Result<Url> url =
        parseUrl(askableUrl(withServersPath((*decision)->url, m.model().firmwarePath)), defaultServer);
    const Result<void> allowed = url.has_value() ? mayAsk(*url, {}) : Result<void>{fail(url.error())};
    if (!allowed.has_value())
        return fail(allowed.error());
    return std::optional{Upgrade{*url, std::move((*decision)->assignments)}};
}

void PhoneLogic::beginUpgrade(Result<std::optional<Upgrade>> upgrade, std::uint64_t attempt)
{
    if (upgrade.has_value() && !*upgrade)
        return;
    m.m_lastUpgrade = m_now;
    Phone::Running& running = m.m_running.emplace();
    running.work = Work::Upgrade;
    running.rule = storedRules;
    running.attempt = attempt;
    if (m.m_firmware && attempt != 0)
        m.m_firmware->retryAt = TimePoint::max();
    if (!upgrade.has_value()) {
        failed(upgrade.error());
        return;
    }
    assign((*upgrade)->assignments);
    running.url = std::move((*upgrade)->url);
    debug(1, [&] { return fmt::format("QPE:UPGRADE firmware=[{}]", running.url.text()); });
    if (m.m_firmware && !m.m_firmware->inactive.empty() &&
        m.m_firmware->inactive == loadNameOf(running.url.path))
        activateInactive();
    else
        begin();
}

Result<void> PhoneLogic::checkRevision(const FirmwareVersion& version) const
{
    const std::string_view limit = value(m_ids.downgradeRevLimit);
    if (limit.empty())
        return {};
    // Our choice: a limit that cannot be read lets nothing pass, so that somebody notices.
    const Result<FirmwareVersion> lowest = FirmwareVersion::parse(limit, m.model().loadPrefix);
    if (!lowest.has_value())
        return fail(ErrorKind::Refused, fmt::format("Downgrade_Rev_Limit: {}", lowest.error().detail));
    if (version.isBelow(*lowest))
        return fail(ErrorKind::Refused,
                    fmt::format("{} is below Downgrade_Rev_Limit {}", version.load, limit));
    return {};
}

void PhoneLogic::activateInactive()
{
    enter(PhoneState::Upgrading);
    announce();
    const Result<FirmwareVersion> version =
        FirmwareVersion::parse(m.m_firmware->inactive, m.model().loadPrefix);
    const Result<void> allowed = version.has_value() ? checkRevision(*version) : fail(version.error());
    if (allowed.has_value())
        runOtherLoad(*version);
    else
        failed(allowed.error());
}

void PhoneLogic::loadArrived(const std::string& bytes)
{
    Phone::Running& running = *m.m_running;
    Result<FirmwareVersion> version = parseLoad(bytes, m.model().loadPrefix);
    const Result<void> allowed = version.has_value() ? checkRevision(*version) : fail(version.error());
    if (!allowed.has_value()) {
        failed(allowed.error());
        return;
    }
    if (*version == m.firmware()) {
        m_out.push_back(Remember{});
        upgradeSucceeded();
        endWork();
        runWaiting();
        return;
    }
    running.writing = *std::move(version);
    running.writtenAt = m_now + m.m_surroundings->writeTime;
    if (m.m_firmware && !m.m_firmware->inactive.empty()) {
        m.m_firmware->inactive.clear();
        m_out.push_back(Remember{});
    }
}

void PhoneLogic::written()
{
    runOtherLoad(*std::exchange(m.m_running->writing, std::nullopt));
}

void PhoneLogic::runOtherLoad(FirmwareVersion version)
{
    noteReboot(RebootReason::Upgrade);
    upgradeSucceeded();
    Phone::Firmware& firmware = m.m_firmware.ensure();
    firmware.inactive = m.firmware().load;
    firmware.running = std::move(version);
    m.m_running.reset();
    boot(Cause::Upgraded);
}

void PhoneLogic::upgradeSucceeded()
{
    Phone::Firmware& firmware = m.m_firmware.ensure();
    if (m.m_running->attempt != 0)
        firmware.attempted = m.m_running->attempt;
    firmware.failures = 0;
    log(m_ids.logUpgradeSuccessMsg, {});
    note({m_now, true, true, {}});
}

void PhoneLogic::upgradeFailed(std::uint64_t attempt)
{
    if (attempt != 0) {
        Phone::Firmware& firmware = m.m_firmware.ensure();
        firmware.attempted = attempt;
        const Result<DelayList> delays = DelayList::parse(value(m_ids.upgradeErrorRetryDelay));
        if (delays.has_value())
            if (const std::optional<Duration> wait = delays->wait(firmware.failures, m.m_chance))
                firmware.retryAt = m_now + std::max<Duration>(*wait, 1s);
        if (firmware.failures < UINT16_MAX)
            ++firmware.failures;
    }
    if (m.model().options.failedUpgradeResyncs && m.m_parameters.isYes(m_ids.resyncAfterUpgradeAttempt))
        scheduleResync(m_now, Cause::Upgraded);
}

void PhoneLogic::forgetFailedUpgrade()
{
    if (!m.m_firmware)
        return;
    m.m_firmware->retryAt = TimePoint::max();
    if (std::exchange(m.m_firmware->failures, std::uint16_t{0}) > 0)
        m.m_firmware->attempted = 0;
}

TimePoint PhoneLogic::upgradeRetryAt() const
{
    return m.m_firmware && m.linesIdle() ? m.m_firmware->retryAt : TimePoint::max();
}

void PhoneLogic::upgradeRetryDue()
{
    followUpgradeRule();
    if (!m.m_running && m_now >= m.m_firmware->retryAt)
        m.m_firmware->retryAt = TimePoint::max();  // the rule asks for nothing any more
}

}  // namespace emulator
