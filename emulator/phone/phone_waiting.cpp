#include "emulator/phone/phone_logic.hpp"

#include <algorithm>
#include <charconv>

namespace emulator {

void PhoneLogic::callBegan(const CallBegan& e)
{
    const bool audioOff = m.m_running && m.m_running->work == Work::Upgrade;
    if (!m.answersWeb() || audioOff || e.line < 1 || e.line > m.model().lines || m.lineBusy(e.line))
        return;
    m.m_busyLines |= static_cast<std::uint16_t>(1u << (e.line - 1));
    m_out.push_back(LineChanged{e.line, true});
}

void PhoneLogic::callEnded(const CallEnded& e)
{
    if (e.line < 1 || e.line > m.model().lines || !m.lineBusy(e.line))
        return;
    m.m_busyLines &= static_cast<std::uint16_t>(~(1u << (e.line - 1)));
    m_out.push_back(LineChanged{e.line, false});
    if (!m.linesIdle())
        return;
    // A phone that made no call since power-on owes no idle time (our choice): else nothing could resync every
    // 30 seconds, as the guide's exercise does.
    const Duration countdown = forcedResyncDelay();
    if (m.model().options.forcedResync == GenerationOptions::ForcedResync::IdleCountdown &&
        countdown > Duration{})
        m.m_waiting.ensure().heldUntil = m_now + countdown;
    runWaiting();
    if (m_now >= resyncMayBegin())
        resyncDue();
}

void PhoneLogic::endCalls()
{
    for (int line = 1; m.m_busyLines != 0; ++line) {
        if (m.lineBusy(line))
            m_out.push_back(LineChanged{line, false});
        m.m_busyLines &= static_cast<std::uint16_t>(~(1u << (line - 1)));
    }
}

void PhoneLogic::keep(Event command)
{
    auto& commands = m.m_waiting.ensure().commands;
    const auto same = std::find_if(commands.begin(), commands.end(),
                                   [&](const Event& one) { return one.index() == command.index(); });
    if (same != commands.end())
        commands.erase(same);
    if (commands.size() == commands.capacity())
        commands.erase(commands.begin());
    commands.push_back(std::move(command));
}

void PhoneLogic::runWaiting()
{
    while (m.m_waiting && !m.m_waiting->commands.empty() && mayWork()) {
        const Event next = std::move(m.m_waiting->commands.front());
        m.m_waiting->commands.erase(m.m_waiting->commands.begin());
        perform(next);
    }
    if (m.m_waiting && m.m_waiting->commands.empty() && m.m_waiting->heldUntil <= m_now)
        m.m_waiting.reset();
    followUpgradeRule();
}

TimePoint PhoneLogic::resyncMayBegin() const
{
    if (m.m_running || m.m_resyncAt == TimePoint::max())
        return TimePoint::max();
    if (m.linesIdle())
        return m.m_waiting ? std::max(m.m_resyncAt, m.m_waiting->heldUntil) : m.m_resyncAt;
    if (m.model().options.forcedResync == GenerationOptions::ForcedResync::MaximumWait)
        return m.m_resyncAt + forcedResyncDelay();
    return TimePoint::max();
}

Duration PhoneLogic::forcedResyncDelay() const
{
    const std::string_view text = value(m_ids.forcedResyncDelay);
    std::uint32_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::chrono::seconds{seconds};
}

}  // namespace emulator
