#include "scenarios/control/phone_details.hpp"

#include "emulator/base/one_line.hpp"
#include "emulator/phone/menu.hpp"
#include "emulator/phone/status.hpp"

#include <fmt/format.h>

#include <array>

namespace scenarios::control {

using emulator::ParamId;
using emulator::Phone;
using emulator::TimePoint;

namespace {

std::string valueNamed(const Phone& phone, std::string_view parameter)
{
    const std::optional<ParamId> id = phone.parameters().schema().find(parameter);
    return id ? emulator::oneLine(phone.parameters().value(*id), longestShownValue / 4) : std::string{};
}

// "Resync_Periodic = 3600", for those that say something.
std::string settings(const Phone& phone, const std::vector<std::string_view>& parameters)
{
    std::string text;
    for (const std::string_view parameter : parameters) {
        const std::string value = valueNamed(phone, parameter);
        if (!value.empty())
            text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", parameter, value);
    }
    return text;
}

// Why the next resync comes, in the words of $PRVST.
std::string_view cause(const Phone& phone)
{
    switch (phone.resyncStatus()) {
    case 0:
        return "after power-up, restart or a submit";
    case 1:
        return "periodic";
    case 2:
        return "again, because the last one failed";
    default:
        return "commanded";
    }
}

std::vector<ShownSchedule> schedulesOf(const Phone& phone)
{
    std::vector<ShownSchedule> schedules;
    const TimePoint next = phone.nextResync();
    const bool due = next != TimePoint::max();
    schedules.push_back(
        {"Next resync", due ? std::optional{next} : std::nullopt,
         due ? std::string{cause(phone)}
             : fmt::format("none is due ({})",
                           settings(phone, {"Provision_Enable", "Resync_Periodic", "Resync_At__HHmm_"}))});
    schedules.push_back({"Periodic resyncs", std::nullopt,
                         settings(phone, {"Resync_Periodic", "Resync_At__HHmm_", "Resync_At_Random_Delay"})});
    schedules.push_back({"After a failure", std::nullopt, settings(phone, {"Resync_Error_Retry_Delay"})});
    schedules.push_back(
        {"After power-up", std::nullopt, settings(phone, {"Resync_On_Reset", "Resync_Random_Delay"})});
    schedules.push_back({"Held back", std::nullopt,
                         settings(phone, {"Forced_Resync_Delay", "Resync_Trigger_1", "Resync_Trigger_2"})});
    schedules.push_back({"Upgrades", std::nullopt,
                         settings(phone, {"Upgrade_Enable", "Upgrade_Rule", "Upgrade_Error_Retry_Delay"})});
    const auto past = [&](std::string_view what, TimePoint at) {
        if (at != TimePoint::min())
            schedules.push_back({std::string{what}, at, "it was begun then"});
    };
    past("Last resync", phone.lastResync());
    past("Last upgrade", phone.lastUpgrade());
    return schedules;
}

}  // namespace

Parameters parametersOf(const Phone& phone)
{
    const emulator::ParameterSet& values = phone.parameters();
    Parameters shown;
    shown.list.reserve(values.schema().size());
    for (std::size_t i = 0; i < values.schema().size(); ++i) {
        const ParamId id{static_cast<std::uint16_t>(i)};
        const emulator::Parameter& parameter = values.schema().at(id);
        ShownParameter& one = shown.list.emplace_back();
        one.name = parameter.name;
        one.tab = parameter.tab;
        one.secret = parameter.secret;
        if (!parameter.secret)
            one.value = emulator::oneLine(values.value(id), longestShownValue);
        one.changed = values.value(id) != parameter.factory;
        one.source = name(values.source(id));
        one.url = emulator::oneLine(values.sourceUrl(id), longestShownValue);
    }
    return shown;
}

Details detailsOf(const Phone& phone, TimePoint now)
{
    Details details;
    for (const emulator::StatusSection& section : emulator::statusSections(phone, now))
        for (const emulator::StatusField& field : section.fields)
            if (!field.value.empty())
                details.status.emplace_back(field.label, emulator::oneLine(field.value, longestShownValue));
    details.schedules = schedulesOf(phone);
    for (int line = 1; line <= phone.model().lines; ++line)
        if (phone.lineBusy(line))
            details.busyLines.push_back(static_cast<std::uint64_t>(line));
    details.display = displayOf(phone, {});
    return details;
}

ShownDisplay displayOf(const Phone& phone, const std::vector<std::string>& path)
{
    if (!phone.answersWeb())
        return {};  // off or booting: dark
    emulator::Result<emulator::MenuPlace> place = emulator::followMenu(phone, path);
    const bool refused = place.has_error();
    if (refused)
        place = emulator::followMenu(phone, {});
    return {place->title, place->items, place->softKeys, place->takesText, refused};
}

}  // namespace scenarios::control
