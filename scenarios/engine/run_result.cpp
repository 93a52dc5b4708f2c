#include "scenarios/engine/run_result.hpp"

#include <algorithm>

namespace scenarios {

std::string_view name(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Passed:
        return "passed";
    case Verdict::Failed:
        return "failed";
    case Verdict::Invalid:
        return "invalid";
    case Verdict::Skipped:
        return "skipped";
    }
    return "";
}

std::string_view name(StepStatus status)
{
    switch (status) {
    case StepStatus::Done:
        return "done";
    case StepStatus::Met:
        return "met";
    case StepStatus::Failed:
        return "failed";
    case StepStatus::Unobserved:
        return "unobserved";
    case StepStatus::NotRun:
        return "not run";
    }
    return "";
}

EventArchive::EventArchive(std::size_t most)
    : m_headMost{std::max<std::size_t>(most / 2, 1)},
      m_tailMost{std::max<std::size_t>(most / 4, 1)}
{}

void EventArchive::add(const emulator::TraceEvent& event)
{
    ++m_total;
    if (m_head.events().size() < m_headMost) {
        m_head.add(event);
        return;
    }
    if (m_tail[1].events().empty() && m_tail[0].events().empty())
        m_tailFirst = m_total - 1;
    if (m_tail[1].events().size() == m_tailMost) {
        m_tailFirst += m_tail[0].events().size();
        std::swap(m_tail[0], m_tail[1]);
        m_tail[1].clear();
    }
    m_tail[1].add(event);
}

std::vector<EventArchive::Part> EventArchive::parts() const
{
    std::vector<Part> all;
    std::uint64_t first = m_tailFirst;
    if (!m_head.events().empty())
        all.push_back({0, m_head.events()});
    for (const emulator::TraceBuffer& tail : m_tail) {
        if (!tail.events().empty())
            all.push_back({first, tail.events()});
        first += tail.events().size();
    }
    return all;
}

std::uint64_t EventArchive::dropped() const
{
    return m_total - m_head.events().size() - m_tail[0].events().size() - m_tail[1].events().size();
}

int exitStatus(std::span<const Verdict> verdicts)
{
    const auto has = [&](Verdict v) {
        return std::find(verdicts.begin(), verdicts.end(), v) != verdicts.end();
    };
    if (has(Verdict::Invalid))
        return 3;
    if (has(Verdict::Failed))
        return 1;
    return has(Verdict::Passed) ? 0 : 3;
}

}  // namespace scenarios
