#include "ui/cli/fleet_plan.hpp"

#include "fixtures/models/model_data.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ui {

using emulator::ErrorKind;
using emulator::FleetGroup;
using emulator::IpAddress;
using emulator::MacAddress;
using emulator::Result;

namespace {

constexpr IpAddress lastAddress{0x7ffffffe};  // 127.255.255.254: the next one is a broadcast

emulator::Error wrong(ErrorKind kind, std::string_view option, std::string_view reason)
{
    return emulator::fail(kind, fmt::format("{}: {}", option, reason));
}

Result<IpAddress> firstAddress(const FleetWish& wish)
{
    const Result<IpAddress> first = IpAddress::parse(wish.first);
    if (!first.has_value())
        return wrong(first.error().kind, "--first", first.error().detail);
    if (wish.device != "lo") {
        if (first->isLoopback())
            return wrong(ErrorKind::Malformed, "--first",
                         fmt::format("found {}, a loopback address, expected one of the interface {}",
                                     wish.first, wish.device));
        return first;
    }
    if (!first->isLoopback() || first->value == 0x7f000000)
        return wrong(ErrorKind::Malformed, "--first",
                     fmt::format("found {}, expected an address from 127.0.0.1 to {}, where phones live",
                                 wish.first, lastAddress.text()));
    if (first->value + std::uint64_t{wish.phones} - 1 > lastAddress.value)
        return wrong(
            ErrorKind::Malformed, "--first",
            fmt::format("{} phones from {} on do not fit; the last address is {}, so begin at {} or before",
                        wish.phones, first->text(), lastAddress.text(),
                        IpAddress{lastAddress.value - static_cast<std::uint32_t>(wish.phones - 1)}.text()));
    return first;
}

Result<MacAddress> firstMac(const FleetWish& wish)
{
    constexpr std::uint64_t last = (std::uint64_t{1} << 48) - 1;
    const Result<MacAddress> first = MacAddress::parse(wish.mac);
    if (!first.has_value())
        return wrong(first.error().kind, "--mac", first.error().detail);
    if (last - first->number() < wish.phones - 1)
        return wrong(ErrorKind::Malformed, "--mac",
                     fmt::format("{} phones from {} on do not fit; the last MAC address is ff:ff:ff:ff:ff:ff",
                                 wish.phones, first->colons()));
    return first;
}

Result<std::pair<emulator::ParamId, std::string>> setting(const emulator::Model& model,
                                                          const std::string& text)
{
    const std::string option = fmt::format("--set {}", text.substr(0, 120));
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
        return wrong(ErrorKind::Malformed, option, "expected Name=Value, such as GPP_A=12345678");
    const std::string name = text.substr(0, equals);
    std::optional<emulator::ParamId> id = model.schema->find(name);
    if (!id)
        id = model.schema->findAnyCase(name);
    if (!id) {
        const std::string_view nearest = model.schema->nearestName(name);
        return wrong(
            ErrorKind::Malformed, fmt::format("--set {}", name.substr(0, 80)),
            fmt::format("{} has no such parameter{}", model.productName,
                        nearest.empty() ? std::string{} : fmt::format("; did you mean {}?", nearest)));
    }
    Result<std::string> value = emulator::checkedValue(model.schema->at(*id), text.substr(equals + 1));
    if (!value.has_value())
        return wrong(value.error().kind, "--set", value.error().detail);
    return std::pair{*id, std::move(*value)};
}

}  // namespace

Result<FleetGroup> planFleet(const FleetWish& wish)
{
    auto model = fixtures::loadModel(wish.model);
    if (!model.has_value())
        return wrong(model.error().kind, "--model", model.error().detail);
    if (!wish.firmware.empty()) {
        model = fixtures::loadModel(wish.model, wish.firmware);
        if (!model.has_value())
            return wrong(model.error().kind, "--firmware", model.error().detail);
    }
    FleetGroup group;
    group.model = *model;
    group.count = wish.phones;
    const Result<IpAddress> address = firstAddress(wish);
    if (!address.has_value())
        return emulator::fail(address.error());
    group.firstAddress = *address;
    const Result<MacAddress> mac = firstMac(wish);
    if (!mac.has_value())
        return emulator::fail(mac.error());
    group.firstMac = *mac;
    for (const std::string& text : wish.set) {
        Result<std::pair<emulator::ParamId, std::string>> one = setting(*group.model, text);
        if (!one.has_value())
            return emulator::fail(one.error());
        const auto same = [&](const auto& other) { return other.first == one->first; };
        if (std::any_of(group.set.begin(), group.set.end(), same))
            return wrong(
                ErrorKind::Malformed, "--set",
                fmt::format("{} is set twice; expected one value", group.model->schema->at(one->first).name));
        group.set.push_back(std::move(*one));
    }
    return group;
}

bool setUnlessNamed(FleetGroup& group, std::string_view parameter, std::string value)
{
    const std::optional<emulator::ParamId> id = group.model->schema->find(parameter);
    if (!id)
        return false;
    const auto same = [&](const auto& other) { return other.first == *id; };
    if (std::none_of(group.set.begin(), group.set.end(), same))
        group.set.emplace_back(*id, std::move(value));
    return true;
}

std::optional<MacAddress> phoneAt(const FleetGroup& group, IpAddress address)
{
    const std::uint64_t steps =
        std::uint64_t{address.value} - group.firstAddress.value;  // wraps below the first
    if (steps >= group.count)
        return std::nullopt;
    return group.firstMac.plus(steps);
}

}  // namespace ui
