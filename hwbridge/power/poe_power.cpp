#include "hwbridge/power/poe_power.hpp"

#include <fmt/format.h>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::Result;

namespace {

constexpr unsigned long adminEnable = 3;
constexpr unsigned long detectionStatus = 6;
constexpr long truthTrue = 1;  // TruthValue of RFC 2579
constexpr long truthFalse = 2;
constexpr long deliveringPower = 3;

// A column of pethPsePortTable.
ObjectId portObject(unsigned long column, unsigned long group, unsigned long port)
{
    return {1, 3, 6, 1, 2, 1, 105, 1, 1, 1, column, group, port};
}

}  // namespace

PoePower::PoePower(SnmpAccess access, unsigned long group, unsigned long port)
    : m_access{std::move(access)},
      m_group{group},
      m_port{port}
{}

std::string PoePower::name() const
{
    return fmt::format("port {}.{} of the switch at {}", m_group, m_port, m_access.address);
}

emulator::Error PoePower::said(const emulator::Error& error) const
{
    return emulator::fail(error.kind, fmt::format("PoE port {}.{}: {}", m_group, m_port, error.detail));
}

Result<bool> PoePower::isEnabled(SnmpSession& session) const
{
    const Result<long> value = session.integer(portObject(adminEnable, m_group, m_port));
    if (!value.has_value())
        return said(value.error());
    if (value.value() != truthTrue && value.value() != truthFalse) {
        return emulator::fail(
            ErrorKind::Malformed,
            fmt::format("{} says that it is {}, expected 1 (enabled) or 2", name(), value.value()));
    }
    return value.value() == truthTrue;
}

Result<void> PoePower::enable(bool wanted)
{
    Result<SnmpSession> session = SnmpSession::open(m_access);
    if (!session.has_value())
        return said(session.error());
    const Result<void> set =
        session->setInteger(portObject(adminEnable, m_group, m_port), wanted ? truthTrue : truthFalse);
    if (!set.has_value())
        return said(set.error());
    const Result<bool> now = isEnabled(session.value());
    if (!now.has_value())
        return emulator::fail(now.error());
    if (now.value() != wanted) {
        return emulator::fail(ErrorKind::Refused,
                              fmt::format("{} was set {} without complaint, but still says that it is {}",
                                          name(), wanted ? "on" : "off", wanted ? "off" : "on"));
    }
    return {};
}

Result<PowerState> PoePower::probe()
{
    Result<SnmpSession> session = SnmpSession::open(m_access);
    if (!session.has_value())
        return said(session.error());
    const Result<bool> enabled = isEnabled(session.value());
    if (!enabled.has_value())
        return emulator::fail(enabled.error());
    if (!enabled.value())
        return PowerState::Off;
    const Result<long> status = session->integer(portObject(detectionStatus, m_group, m_port));
    if (!status.has_value())
        return status.error().kind == ErrorKind::NotFound ? Result<PowerState>{PowerState::On}
                                                          : said(status.error());
    return status.value() == deliveringPower ? PowerState::On : PowerState::Unknown;
}

}  // namespace hwbridge
