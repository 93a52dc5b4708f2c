#pragma once

#include "hwbridge/drive/web_access.hpp"
#include "hwbridge/power/power_driver.hpp"

namespace hwbridge {

// A socket of a power distribution unit behind pdudaemon, by its HTTP interface: /power/control/on and off with
// hostname and port. pdudaemon tells nobody what is on: probe() is Unknown.
// Errors: those of WebClient; Refused: pdudaemon does not take the command. That it took one says nothing about the PDU.
// Source: the README of pdudaemon, "Making a power control request".
class PdudaemonPower final : public PowerDriver {
public:
    // `daemon.url`: where pdudaemon listens, "http://127.0.0.1:16421/". `unit`: the PDU's name in its configuration.
    PdudaemonPower(WebAccess daemon, std::string unit, std::string socket);

    std::string name() const override;
    emulator::Result<void> on() override;
    emulator::Result<void> off() override;
    emulator::Result<PowerState> probe() override { return PowerState::Unknown; }

private:
    emulator::Result<void> command(const std::string& word);

    WebAccess m_daemon;
    std::string m_unit;
    std::string m_socket;
};

}  // namespace hwbridge
