#include "emulator/phone/phone_logic.hpp"

#include "emulator/provisioning/delay_list.hpp"
#include "emulator/provisioning/resync_at.hpp"

#include <algorithm>
#include <charconv>

namespace emulator {

using namespace std::chrono_literals;

namespace {

std::uint32_t numberOr(std::string_view text, std::uint32_t otherwise)
{
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? number : otherwise;
}

}  // namespace

void PhoneLogic::wakeAtNextDeadline()
{
    const TimePoint work = m.m_running ? m.m_running->writtenAt
                                       : std::min({resyncMayBegin(), upgradeRetryAt(), reportMayBegin()});
    const TimePoint next = isOn() ? std::min(m.m_bootedAt, work) : TimePoint::max();
    if (next == m.m_wakeAt)
        return;
    m.m_wakeAt = next;
    m_out.push_back(WakeAt{next});
}

void PhoneLogic::wake()
{
    if (m_now >= m.m_bootedAt)
        booted();
    else if (m.m_running && m_now >= m.m_running->writtenAt)
        written();
    else if (m_now >= resyncMayBegin())
        resyncDue();
    else if (m_now >= upgradeRetryAt() && !m.m_running)
        upgradeRetryDue();
    else if (m_now < reportMayBegin())
        m.m_wakeAt = TimePoint::max();  // too early: ask again
    if (m_now >= reportMayBegin())
        reportDue();
}

void PhoneLogic::scheduleAfterBoot()
{
    const Cause cause = m.m_bootCause == Cause::Restarted ? Cause::PowerUp : m.m_bootCause;
    const bool onReset = m.m_parameters.isYes(m_ids.resyncOnReset) &&
                         (cause != Cause::Upgraded || m.model().options.onResetAfterUpgrade);
    const bool upgraded = cause == Cause::Upgraded && m.m_parameters.isYes(m_ids.resyncAfterUpgradeAttempt);
    if (cause == Cause::Submitted)
        scheduleResync(m_now, cause);
    else if (cause == Cause::Applied) {
        // The resync that brought the restart has counted already; only its wait is measured from here.
        m.m_successes = static_cast<std::uint16_t>(std::max(1, int{m.m_successes}) - 1);
        scheduleAfterSuccess();
    } else if (onReset || upgraded)
        scheduleResync(m_now + randomDelay(), cause);
    else
        scheduleTimed();
}

Duration PhoneLogic::randomDelay()
{
    const std::uint64_t steps = numberOr(value(m_ids.resyncRandomDelay), 0);
    const Duration most = m.model().options.randomDelayUnit * static_cast<std::int64_t>(steps);
    return Duration{static_cast<Duration::rep>(m.m_chance.upTo(static_cast<std::uint64_t>(most.count())))};
}

void PhoneLogic::scheduleResync(TimePoint at, Cause cause)
{
    m.m_resyncAt = at;
    m.m_resyncCause = cause;
    if (at > m_now && (cause == Cause::PowerUp || cause == Cause::Upgraded))
        enter(PhoneState::Waiting);
    if (m_now >= resyncMayBegin())
        resyncDue();
}

bool PhoneLogic::scheduleTimed()
{
    const std::uint32_t window = numberOr(value(m_ids.resyncAtRandomDelay), 600);
    const std::optional<WallTime> at =
        nextResyncAt(m.wallTime(m_now), value(m_ids.resyncAt), window, m.m_chance,
                     m.model().options.resyncAtRounding == GenerationOptions::Rounding::Up);
    if (!at)
        return false;
    scheduleResync(m_now + (*at - m.wallTime(m_now)), Cause::Periodic);
    return true;
}

void PhoneLogic::scheduleByList(ParamId list, std::size_t done, Cause cause, Duration least)
{
    m.m_resyncAt = TimePoint::max();
    const Result<DelayList> delays = DelayList::parse(value(list));
    if (!delays.has_value())
        return;
    const std::optional<Duration> wait = delays->wait(done, m.m_chance);
    if (!wait)
        return;
    const bool shares = cause == Cause::Periodic && m.model().options.periodicRandomDelay;
    scheduleResync(m_now + std::max(*wait, least) + (shares ? randomDelay() : Duration{}), cause);
}

void PhoneLogic::scheduleAfterSuccess()
{
    m.m_failures = 0;
    if (!scheduleTimed())
        scheduleByList(m_ids.resyncPeriodic, m.m_successes, Cause::Periodic);
    if (m.m_successes < UINT16_MAX)
        ++m.m_successes;
}

void PhoneLogic::scheduleAfterFailure()
{
    m.m_successes = 0;
    scheduleByList(m_ids.resyncErrorRetryDelay, m.m_failures, Cause::Retry);
    if (m.m_failures < UINT16_MAX)
        ++m.m_failures;
}

void PhoneLogic::scheduleAfterSuppression()
{
    const std::size_t done = m.m_successes > 0 ? m.m_successes - 1u : 0u;
    if (!scheduleTimed())
        scheduleByList(m_ids.resyncPeriodic, done, Cause::Periodic, 1s);
}

}  // namespace emulator
