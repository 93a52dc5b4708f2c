#pragma once

#include "hwbridge/bench/power_settings.hpp"
#include "hwbridge/power/power_driver.hpp"

#include <optional>

namespace hwbridge {

// Asks what switches a phone's power whether it answers, without switching anything: a switch for the state of its port; a
// pdudaemon, which knows no states, for any page. Nothing: commands and people are not asked.
// Errors, one sentence each: those of SecretReference::read(), SnmpSession and WebClient; Unsupported: SNMPv3 without
// authentication and encryption, which PoePower does not speak.
std::optional<emulator::Result<PowerState>> askPower(const PowerSettings& settings);

}  // namespace hwbridge
