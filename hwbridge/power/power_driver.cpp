#include "hwbridge/power/power_driver.hpp"

#include <thread>

namespace hwbridge {

std::string_view name(PowerState state)
{
    switch (state) {
    case PowerState::Off:
        return "off";
    case PowerState::On:
        return "on";
    case PowerState::Unknown:
        break;
    }
    return "unknown";
}

emulator::Result<void> PowerDriver::cycle(std::chrono::seconds dark)
{
    const emulator::Result<void> dropped = off();
    if (!dropped.has_value())
        return dropped;
    std::this_thread::sleep_for(dark);
    return on();
}

}  // namespace hwbridge
