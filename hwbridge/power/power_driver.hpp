#pragma once

#include "emulator/base/result.hpp"

#include <cstdint>
#include <string>

namespace hwbridge {

enum class PowerState : std::uint8_t { Off, On, Unknown };
std::string_view name(PowerState state);  // "off", "on", "unknown"

// What switches the power of one phone. It says what it did; whether that is so is seen on the wire (VerifiedPower).
// On the calling thread. Errors are one clear sentence each that names the driver.
class PowerDriver {
public:
    virtual ~PowerDriver() = default;
    virtual std::string name() const = 0;  // for sentences: "port 1.3 of the switch at 192.0.2.1:161"
    virtual emulator::Result<void> on() = 0;
    virtual emulator::Result<void> off() = 0;
    // What the driver knows about it, without touching it.
    virtual emulator::Result<PowerState> probe() = 0;
};

}  // namespace hwbridge
