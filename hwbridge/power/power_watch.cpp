#include "hwbridge/power/power_watch.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hwbridge {

using emulator::Duration;
using emulator::ErrorKind;
using emulator::Result;
using emulator::TimePoint;

namespace {

// "10 s", "0.25 s".
std::string seconds(Duration time)
{
    return fmt::format("{:g} s", std::chrono::duration<double>(time).count());
}

}  // namespace

PowerWatch::PowerWatch(PowerAction action, std::string phone, std::string driver, PowerRules rules,
                       bool heardBefore)
    : m_action{action},
      m_phone{std::move(phone)},
      m_driver{std::move(driver)},
      m_rules{rules},
      m_heardBefore{heardBefore}
{}

void PowerWatch::acted(TimePoint now)
{
    m_acted = now;
}

void PowerWatch::knocked(TimePoint now)
{
    m_knocked = now;
}

Duration PowerWatch::silence() const
{
    return std::max(m_rules.grace + m_rules.quiet, m_rules.dark);
}

void PowerWatch::seen(const WireSign& sign)
{
    switch (sign.kind) {
    case WireSign::Kind::LinkDown:
        m_linkDown = true;
        return;
    case WireSign::Kind::LinkUp:
        m_linkDown = false;
        return;
    case WireSign::Kind::Packet:
    case WireSign::Kind::Dhcp:
        break;
    }
    if (!m_first)
        m_first = sign;
    if (m_acted && sign.at > *m_acted + m_rules.grace)
        ++m_late;
}

TimePoint PowerWatch::wakeAt() const
{
    if (!m_acted)
        return TimePoint::max();
    if (m_action == PowerAction::On)
        return *m_acted + m_rules.back;
    if (m_linkDown)
        return *m_acted + m_rules.dark;
    return std::max(*m_acted + silence(), m_knocked ? *m_knocked + m_rules.quiet : TimePoint{});
}

Result<std::string> PowerWatch::offVerdict() const
{
    if (m_late > 0) {
        return emulator::fail(
            ErrorKind::Refused,
            fmt::format("{} says that {} is off, but {} sent {} packet{} from {} to {} after it", m_driver,
                        m_phone, m_phone, m_late, m_late == 1 ? "" : "s", seconds(m_rules.grace),
                        seconds(silence())));
    }
    if (!m_heardBefore && !m_first) {
        return emulator::fail(
            ErrorKind::Unsupported,
            fmt::format("{} says that {} is off, but nothing was heard of {} before either: its silence "
                        "proves nothing; is the capture on its wire?",
                        m_driver, m_phone, m_phone));
    }
    return fmt::format("silent for {}", seconds(silence() - m_rules.grace));
}

std::optional<Result<std::string>> PowerWatch::verdict(TimePoint now) const
{
    if (!m_acted)
        return std::nullopt;
    if (m_action == PowerAction::Off) {
        if (now < wakeAt())
            return std::nullopt;
        return m_linkDown ? Result<std::string>{"its link went down"} : offVerdict();
    }
    if (m_first) {
        const bool dhcp = m_first->kind == WireSign::Kind::Dhcp;
        return Result<std::string>{fmt::format("{} after {}", dhcp ? "DHCP" : "traffic",
                                               seconds(std::max(m_first->at - *m_acted, Duration{})))};
    }
    if (now < wakeAt())
        return std::nullopt;
    return Result<std::string>{emulator::fail(
        ErrorKind::TimedOut, fmt::format("{} says that {} is on, but {} sent nothing in the {} after it",
                                         m_driver, m_phone, m_phone, seconds(m_rules.back)))};
}

}  // namespace hwbridge
