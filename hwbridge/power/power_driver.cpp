#include "hwbridge/power/power_driver.hpp"

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

}  // namespace hwbridge
