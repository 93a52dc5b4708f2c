#pragma once

#include "hwbridge/bench/power_settings.hpp"
#include "hwbridge/power/person_power.hpp"
#include "hwbridge/power/power_driver.hpp"

#include <memory>
#include <string>

namespace hwbridge {

// Makes the driver that an inventory describes; it switches nothing yet.
// `phone`: its name in sentences. `prompt`: who asks people, and outlives the driver; null: nobody is there to be asked.
// Errors, one sentence each: those of SecretReference::read(); Refused: a person is needed and none is there.
emulator::Result<std::unique_ptr<PowerDriver>> powerDriver(const PowerSettings& settings,
                                                           const std::string& phone, PersonPrompt* prompt);

}  // namespace hwbridge
