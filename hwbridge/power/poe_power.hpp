#pragma once

#include "hwbridge/power/power_driver.hpp"
#include "hwbridge/power/snmp_session.hpp"

namespace hwbridge {

// Power over Ethernet, by a switch that has the POWER-ETHERNET-MIB: sets pethPsePortAdminEnable of one port and reads it
// back; probe() also looks at pethPsePortDetectionStatus: enabled without delivering power is neither on nor off.
// Errors: those of SnmpSession; Refused: the switch accepts the value and still says the other.
// Source: RFC 3621.
class PoePower final : public PowerDriver {
public:
    // Ports are counted as the switch counts them: group 1 is often the only one, else a unit of a stack.
    PoePower(SnmpAccess access, unsigned long group, unsigned long port);

    std::string name() const override;
    emulator::Result<void> on() override { return enable(true); }
    emulator::Result<void> off() override { return enable(false); }
    emulator::Result<PowerState> probe() override;

private:
    emulator::Result<void> enable(bool wanted);
    emulator::Result<bool> isEnabled(SnmpSession& session) const;
    emulator::Error said(const emulator::Error& error) const;

    SnmpAccess m_access;
    unsigned long m_group;
    unsigned long m_port;
};

}  // namespace hwbridge
