#include "scenarios/control/control_service.hpp"

#include "emulator/base/nearest_word.hpp"
#include "emulator/base/overloaded.hpp"
#include "emulator/base/plural.hpp"
#include "scenarios/control/phone_details.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::control {

using emulator::ErrorKind;
using emulator::FleetGroup;
using emulator::ParamId;
using emulator::Phone;
using emulator::PhoneIndex;
using emulator::Result;

namespace {

using Setting = std::pair<ParamId, std::string>;

// Requests of a window come as from a browser on this machine.
constexpr emulator::IpAddress thisMachine{0x7f000001};

// Errors: Malformed, TooLarge, naming the parameter.
Result<std::vector<Setting>> settingsFor(const emulator::Model& model,
                                         const std::vector<std::pair<std::string, std::string>>& parameters)
{
    std::vector<Setting> settings;
    for (const auto& [name, text] : parameters) {
        const std::optional<ParamId> id = model.schema->findAnyCase(name);
        if (!id) {
            const std::string_view nearest = model.schema->nearestName(name);
            return emulator::fail(
                ErrorKind::Malformed,
                fmt::format("{} has no parameter {}{}", model.productName, name.substr(0, 80),
                            nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest)));
        }
        Result<std::string> value = emulator::checkedValue(model.schema->at(*id), text);
        if (value.has_error())
            return value.error();
        settings.emplace_back(*id, std::move(*value));
    }
    return settings;
}

emulator::Event eventOf(const ActOnPhones& order, const std::vector<Setting>& settings)
{
    const int line = static_cast<int>(order.line);
    switch (order.action) {
    case PhoneAction::PowerOn:
        return emulator::PowerApplied{};
    case PhoneAction::PowerOff:
        return emulator::PowerRemoved{};
    case PhoneAction::Resync:
        return emulator::ResyncCommanded{order.rule, thisMachine};
    case PhoneAction::Upgrade:
        return emulator::UpgradeCommanded{order.rule, thisMachine};
    case PhoneAction::Reboot:
        return emulator::RebootCommanded{};
    case PhoneAction::FactoryReset:
        return emulator::FactoryResetCommanded{};
    case PhoneAction::Submit:
        return emulator::ParametersSubmitted{settings};
    case PhoneAction::OffHook:
        return emulator::CallBegan{line};
    case PhoneAction::OnHook:
        return emulator::CallEnded{line};
    }
    return emulator::Woken{};
}

}  // namespace

ControlHello helloOf(const emulator::NetFleet& fleet, const std::vector<FleetGroup>& groups,
                     std::string program, std::string start, std::vector<std::string> servers)
{
    ControlHello hello;
    hello.program = std::move(program);
    hello.start = std::move(start);
    hello.webPort = fleet.webPort();
    hello.servers = std::move(servers);
    for (const FleetGroup& group : groups) {
        const emulator::Model& model = *group.model;
        hello.groups.push_back({model.productName, model.description, group.count, group.firstMac,
                                group.firstAddress, static_cast<std::uint64_t>(model.lines),
                                static_cast<std::uint64_t>(model.lineKeys), model.display});
    }
    return hello;
}

ControlService::ClientId ControlService::join()
{
    const ClientId id{++m_lastClient};
    m_clients[id];
    return id;
}

const FleetGroup& ControlService::groupOf(std::uint32_t phone) const
{
    auto group = m_subject.groups.begin();
    for (; phone >= group->count; ++group)
        phone -= static_cast<std::uint32_t>(group->count);
    return *group;
}

emulator::MacAddress ControlService::macOf(std::uint32_t phone) const
{
    auto group = m_subject.groups.begin();
    for (; phone >= group->count; ++group)
        phone -= static_cast<std::uint32_t>(group->count);
    return group->firstMac.plus(phone);
}

std::optional<std::string> ControlService::lineCame(ClientId id, std::string_view line)
{
    const auto client = m_clients.find(id);
    if (client == m_clients.end())
        return std::nullopt;
    const Result<ControlCommand> command = readCommand(line);
    if (command.has_error())
        return print(ControlAnswer{idIn(line), command.error().detail, {}});
    bool waits = false;
    ControlAnswer answer = obey(client->second, *command, waits);
    if (waits)
        return std::nullopt;
    answer.id = command->id;
    return print(answer);
}

ControlAnswer ControlService::obey(Client& client, const ControlCommand& command, bool& waits)
{
    const auto ofPhone = [this](std::uint32_t phone, auto read) {
        ControlAnswer answer;
        if (isThere(phone))
            read(answer);
        else
            answer.error = fmt::format("there is no phone {}, expected a number below {}", phone,
                                       m_subject.fleet->size());
        return answer;
    };
    const auto seen = [this](std::uint32_t phone, const std::function<void(const Phone&)>& see) {
        m_subject.fleet->look(PhoneIndex{phone}, see);
    };
    return std::visit(
        emulator::Overloaded{
            [&](const AwaitChanges&) {
                if (client.waits)
                    return ControlAnswer{{}, "an earlier command awaits changes already", {}};
                begin(client);
                if (client.catchesUp)
                    return changes(client, command.id);
                client.waits = command.id;
                waits = true;
                return ControlAnswer{};
            },
            [&](const ReadParameters& order) {
                return ofPhone(order.phone, [&](ControlAnswer& answer) {
                    Parameters all;
                    seen(order.phone, [&](const Phone& phone) { all = parametersOf(phone); });
                    for (ShownParameter& one : all.list) {
                        one.url = masked(one.url);
                        if (masked(one.value) != one.value) {  // a rule with a key, a URL with a password
                            one.value.clear();
                            one.secret = true;
                        }
                    }
                    answer.what = std::move(all);
                });
            },
            [&](const ReadDetails& order) {
                return ofPhone(order.phone, [&](ControlAnswer& answer) {
                    Details all;
                    seen(order.phone,
                         [&](const Phone& phone) { all = detailsOf(phone, m_subject.fleet->now()); });
                    for (auto& [label, value] : all.status)
                        value = masked(value);
                    for (ShownSchedule& schedule : all.schedules)
                        schedule.why = masked(schedule.why);
                    answer.what = std::move(all);
                });
            },
            [&](const ReadEvents& order) {
                if (!order.phone)
                    return ControlAnswer{{}, {}, m_subject.history->all(order.after)};
                return ofPhone(*order.phone, [&](ControlAnswer& answer) {
                    answer.what = m_subject.history->of(macOf(*order.phone), order.after);
                });
            },
            [&](const PressKeys& order) {
                return ofPhone(order.phone, [&](ControlAnswer& answer) { answer = press(order); });
            },
            [&](const ActOnPhones& order) { return act(order); },
            [&](const SetServer& order) { return set(order); },
            [](const auto&) {
                return ControlAnswer{
                    {}, "this engine lives in real time, expected no clock, pause, step or speed", {}};
            },
        },
        command.order);
}

ControlAnswer ControlService::set(const SetServer& order)
{
    const std::vector<std::string>& servers = m_subject.hello.servers;
    if (!m_subject.setServer || std::find(servers.begin(), servers.end(), order.url) == servers.end())
        return {{},
                fmt::format("this engine has no server {}, expected {}", order.url,
                            servers.empty() ? std::string{"nothing: it has none"}
                                            : emulator::oneOf({servers.begin(), servers.end()})),
                {}};
    m_subject.setServer(order.url, order.answers);
    std::erase(m_stopped, order.url);
    if (!order.answers)
        m_stopped.push_back(order.url);
    return {};
}

ControlAnswer ControlService::press(const PressKeys& order)
{
    const PhoneIndex phone{order.phone};
    m_subject.fleet->post(phone, emulator::KeysPressed{order.path, order.entered});
    ControlAnswer answer;
    m_subject.fleet->look(phone, [&](const Phone& seen) { answer.what = displayOf(seen, order.path); });
    return answer;
}

// All or none: what one phone's model refuses is done by no phone.
ControlAnswer ControlService::act(const ActOnPhones& order)
{
    if (!isThere(order.phones.back().second))
        return {{},
                fmt::format("there is no phone {}, expected numbers below {}", order.phones.back().second,
                            m_subject.fleet->size()),
                {}};
    std::map<const emulator::Model*, std::vector<Setting>> settings;
    if (order.action == PhoneAction::Submit)
        for (const FleetGroup& group : m_subject.groups) {
            const bool asked = std::any_of(order.phones.begin(), order.phones.end(), [&](const auto& range) {
                return &groupOf(range.first) <= &group && &group <= &groupOf(range.second);
            });
            if (!asked)
                continue;
            Result<std::vector<Setting>> checked = settingsFor(*group.model, order.parameters);
            if (checked.has_error())
                return {{}, checked.error().detail, {}};
            settings[group.model.get()] = std::move(*checked);
        }
    if (order.action == PhoneAction::OffHook || order.action == PhoneAction::OnHook)
        for (const auto& range : order.phones)
            if (const auto lines = static_cast<std::uint64_t>(groupOf(range.first).model->lines);
                order.line > lines)
                return {{},
                        fmt::format("phone {} has {}, expected one of them and not line {}", range.first,
                                    emulator::plural(lines, "line"), order.line),
                        {}};
    Done done;
    for (const auto& [first, last] : order.phones)
        for (std::uint32_t phone = first; phone <= last; ++phone, ++done.phones)
            m_subject.fleet->post(PhoneIndex{phone}, eventOf(order, settings[groupOf(phone).model.get()]));
    return {{}, {}, done};
}

// --- changes ---

void ControlService::begin(Client& client)
{
    const std::size_t phones = m_subject.fleet->size();
    if (!client.isPending.empty())
        return;
    // What happens from here on is noticed; the first answers hold all phones as they are.
    for (const PhoneIndex phone : m_subject.fleet->touched())
        for (auto& [id, other] : m_clients)
            if (!other.isPending.empty() && !other.isPending[static_cast<std::size_t>(phone)]) {
                other.isPending[static_cast<std::size_t>(phone)] = true;
                other.pending.push_back(phone);
            }
    client.isPending.assign(phones, true);
    for (std::size_t i = 0; i < phones; ++i)
        client.pending.push_back(PhoneIndex{static_cast<std::uint32_t>(i)});
}

ControlAnswer ControlService::changes(Client& client, std::uint64_t id)
{
    const std::size_t count = std::min(phonesPerAnswer, client.pending.size() - client.told);
    const std::span<const PhoneIndex> now{client.pending.data() + client.told, count};
    for (const PhoneIndex phone : now)
        client.isPending[static_cast<std::size_t>(phone)] = false;
    Changes seen;
    seen.phones = m_subject.fleet->snapshot(now);
    seen.now = m_subject.fleet->now();
    seen.stopped = m_stopped;
    for (emulator::PhoneSnapshot& phone : seen.phones)
        if (!phone.lastResult.empty())
            phone.lastResult = masked(phone.lastResult);
    client.told += count;
    client.known = std::min(client.known + count, client.isPending.size());
    client.catchesUp = client.known < client.isPending.size();
    if (client.told * 2 >= client.pending.size()) {
        client.pending.erase(client.pending.begin(),
                             client.pending.begin() + static_cast<std::ptrdiff_t>(client.told));
        client.told = 0;
    }
    client.waits.reset();
    client.quiet = 0;
    return {id, {}, std::move(seen)};
}

void ControlService::turn(const Send& send)
{
    const bool anyWatches = std::any_of(m_clients.begin(), m_clients.end(),
                                        [](const auto& one) { return !one.second.isPending.empty(); });
    if (!anyWatches)
        return;
    const std::vector<PhoneIndex> touched = m_subject.fleet->touched();
    for (auto& [id, client] : m_clients) {
        if (client.isPending.empty())
            continue;
        for (const PhoneIndex phone : touched)
            if (!client.isPending[static_cast<std::size_t>(phone)]) {
                client.isPending[static_cast<std::size_t>(phone)] = true;
                client.pending.push_back(phone);
            }
        ++client.quiet;
        if (client.waits && (!client.pending.empty() || client.quiet >= quietTurns))
            send(id, print(changes(client, *client.waits)));
    }
}

}  // namespace scenarios::control
