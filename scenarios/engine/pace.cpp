#include "scenarios/engine/pace.hpp"

namespace scenarios {

using emulator::Duration;
using emulator::TimePoint;

void Pace::pause(RealTime at)
{
    m_now = now(at);
    m_paused = true;
    m_steps = 0;
}

void Pace::step(RealTime at)
{
    m_now = now(at);
    m_paused = true;
    ++m_steps;
}

void Pace::go(RealTime at, std::optional<unsigned> factor)
{
    m_now = now(at);
    m_paused = false;
    m_steps = 0;
    m_factor = factor;
    m_from = m_now;
    m_since = at;
}

std::optional<Pace::RealTime> Pace::due() const
{
    if (m_paused)
        return m_steps > 0 ? std::optional{RealTime::min()} : std::nullopt;
    if (!m_factor || !m_next)
        return RealTime::min();
    // Counted from when the order came: a run that was late makes up for it.
    return m_since + std::chrono::nanoseconds{*m_next - m_from} / *m_factor;
}

void Pace::pass()
{
    if (m_next)
        m_now = std::max(m_now, *m_next);
    m_next.reset();
    if (m_steps > 0)
        --m_steps;
}

TimePoint Pace::now(RealTime at) const
{
    if (m_paused || !m_factor || !m_next)
        return m_now;
    const auto passed = std::chrono::floor<Duration>(at - m_since) * static_cast<Duration::rep>(*m_factor);
    return std::clamp(m_from + passed, m_now, std::max(m_now, *m_next));
}

}  // namespace scenarios
