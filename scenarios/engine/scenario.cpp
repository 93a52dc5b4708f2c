#include "scenarios/engine/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace scenarios {

std::vector<Scenario::PhoneName> Scenario::phoneNames() const
{
    std::vector<PhoneName> names;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const PhoneGroup& group = groups[g];
        const bool single = group.count == 1 && group.name != "phone";
        for (std::size_t k = 1; k <= group.count; ++k)
            names.push_back({single ? group.name : fmt::format("{}{}", group.name, k), g});
    }
    return names;
}

const ServerPlan* Scenario::server(std::string_view wanted) const
{
    const auto found =
        std::find_if(servers.begin(), servers.end(), [&](const ServerPlan& s) { return s.name == wanted; });
    return found == servers.end() ? nullptr : &*found;
}

std::string_view name(Capability capability)
{
    switch (capability) {
    case Capability::Power:
        return "power";
    case Capability::Browse:
        return "browse";
    case Capability::Calls:
        return "calls";
    case Capability::Keys:
        return "keys";
    case Capability::ServerFaults:
        return "server faults";
    case Capability::Trace:
        return "trace";
    case Capability::Led:
        return "led";
    case Capability::VirtualTime:
        return "virtual time";
    case Capability::ServerNames:
        return "server names";
    case Capability::Wire:
        return "wire";
    }
    return "";
}

std::string printDuration(emulator::Duration time)
{
    using namespace std::chrono_literals;
    struct Unit {
        emulator::Duration size;
        std::string_view name;
    };
    constexpr std::array<Unit, 6> units{
        {{24h, "d"}, {1h, "h"}, {1min, "min"}, {1s, "s"}, {1ms, "ms"}, {1us, "us"}}};
    if (time == 0us)
        return "0 s";
    if (time < 0us)
        return "-" + printDuration(-time);
    if (time > 1s && time < 60s && time % 1s != 0us)
        return fmt::format("{:.3g} s", static_cast<double>(time.count()) / 1e6);
    if (time < 1s && time > 1ms && time % 1ms != 0us)
        return fmt::format("{:.3g} ms", static_cast<double>(time.count()) / 1e3);
    std::string text;
    int parts = 0;
    for (const Unit& unit : units) {
        if (time < unit.size || parts == 2)
            continue;
        text += fmt::format("{}{} {}", text.empty() ? "" : " ", time / unit.size, unit.name);
        time %= unit.size;
        ++parts;
        if (time == 0us)
            break;
    }
    return text;
}

}  // namespace scenarios
