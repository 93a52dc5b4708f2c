#include "hwbridge/power/verified_power.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hwbridge {

using emulator::Duration;
using emulator::Result;
using emulator::TimePoint;

namespace {

constexpr Duration wireLooks = std::chrono::milliseconds{100};  // at whether to stop

}  // namespace

VerifiedPower::VerifiedPower(std::string phone, PowerDriver& driver, PhoneWire& wire, PowerRules rules,
                             std::function<void()> knock, std::function<bool()> stop)
    : m_phone{std::move(phone)},
      m_driver{driver},
      m_wire{wire},
      m_rules{rules},
      m_knock{std::move(knock)},
      m_stop{std::move(stop)}
{}

void VerifiedPower::knock() const
{
    if (m_knock)
        m_knock();
}

Result<std::string> VerifiedPower::confirmed(PowerAction action, Duration dark)
{
    const bool off = action == PowerAction::Off;
    if (off)
        knock();
    const TimePoint begin = m_wire.now();
    PowerRules rules = m_rules;
    rules.dark = dark;
    PowerWatch watch{action, m_phone, m_driver.name(), rules, m_wire.heardSince(begin - m_rules.before)};
    m_wire.forgetSigns();
    if (m_wire.linkIsDown())
        watch.seen({WireSign::Kind::LinkDown, begin});
    const Result<void> done = off ? m_driver.off() : m_driver.on();
    if (!done.has_value())
        return emulator::fail(done.error());
    watch.acted(m_wire.now());
    TimePoint knockAt = off || m_knock ? m_wire.now() + m_rules.grace : TimePoint::max();
    const auto look = [&](TimePoint until) {
        for (const WireSign& sign : m_wire.await(until))
            watch.seen(sign);
    };
    for (;;) {
        TimePoint until = std::min(watch.wakeAt(), knockAt);
        if (m_stop)
            until = std::min(until, m_wire.now() + wireLooks);
        look(until);
        if (m_wire.now() >= knockAt) {
            knock();
            watch.knocked(m_wire.now());
            // A phone that has booted with an address of its own may wait to be spoken to.
            knockAt = off ? TimePoint::max() : m_wire.now() + m_rules.grace;
            look(m_wire.now());
        }
        if (std::optional<Result<std::string>> verdict = watch.verdict(m_wire.now()))
            return std::move(*verdict);
        if (m_stop && m_stop())
            return emulator::fail(
                emulator::ErrorKind::Refused,
                fmt::format("whether the power of {} is {} was not waited for", m_phone, off ? "off" : "on"));
    }
}

Result<std::string> VerifiedPower::off()
{
    return confirmed(PowerAction::Off, {});
}

Result<std::string> VerifiedPower::on()
{
    return confirmed(PowerAction::On, {});
}

Result<std::string> VerifiedPower::cycle(Duration dark)
{
    Result<std::string> dropped = confirmed(PowerAction::Off, dark);
    if (!dropped.has_value())
        return dropped;
    Result<std::string> back = on();
    if (!back.has_value())
        return back;
    return "off: " + dropped.value() + "; on: " + back.value();
}

}  // namespace hwbridge
