#include "scenarios/engine/twin_phone.hpp"

#include "fixtures/models/model_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace scenarios {

using emulator::ErrorKind;
using emulator::PhoneState;
using emulator::Result;

namespace {

constexpr std::uint16_t twinWebPort = 80;
constexpr std::uint16_t twinSipPort = 5060;

// How many of the settings were not taken. Errors: Unsupported: nobody can log in to that model.
Result<std::size_t> addSettings(emulator::FleetGroup& group, const TwinIdentity& identity)
{
    const emulator::ParameterSchema& schema = *group.model->schema;
    std::size_t left = 0;
    for (const auto& [name, value] : identity.settings) {
        const auto id = schema.findAnyCase(name);
        Result<std::string> checked = id ? emulator::checkedValue(schema.at(*id), value)
                                         : emulator::fail(ErrorKind::NotFound, "no such parameter");
        if (checked.has_error())
            ++left;
        else if (*checked != schema.at(*id).factory)
            group.set.emplace_back(*id, *std::move(checked));
    }
    if (identity.password.empty())
        return left;
    const std::string_view name = identity.user == "admin" ? "Admin_Password" : "User_Password";
    const auto login = schema.find(name);
    if (!login)
        return emulator::fail(ErrorKind::Unsupported,
                              fmt::format("the emulated {} has no {} for the password of {}", identity.model,
                                          name, identity.user));
    group.set.emplace_back(*login, identity.password);
    return left;
}

}  // namespace

emulator::IpAddress loopbackAsLongAs(emulator::IpAddress real, std::uint32_t digit)
{
    constexpr std::size_t least = 9;  // "127.1.1.1"
    constexpr std::size_t most = 15;
    std::size_t longer = std::clamp(real.text().size(), least, most) - least;
    std::uint32_t address = 127;
    for (int octet = 0; octet < 3; ++octet) {
        std::uint32_t value = digit;
        for (int more = 0; more < 2 && longer > 0; ++more, --longer)
            value *= 10;
        address = address << 8 | value;
    }
    return {address};
}

TwinPhone::TwinPhone(const TwinIdentity& identity)
    : m_model{identity.model},
      m_address{loopbackAsLongAs(identity.address, 2)},
      m_servers{loopbackAsLongAs(identity.servers, 1)},
      m_user{identity.user},
      m_password{identity.password},
      m_https{identity.https},
      m_mac{identity.mac},
      m_unseen{std::vector<emulator::EventKind>{}}
{}

Result<std::unique_ptr<TwinPhone>> TwinPhone::make(const TwinIdentity& identity, emulator::Seed seed,
                                                   emulator::Duration bootTime,
                                                   const std::function<void(emulator::Fleet&)>& alter)
{
    auto model = fixtures::loadModel(identity.model, identity.firmware);
    if (model.has_error())
        return model.error();
    std::unique_ptr<TwinPhone> twin{new TwinPhone{identity}};
    emulator::FleetGroup group;
    group.model = *std::move(model);
    group.firstMac = identity.mac;
    group.firstAddress = twin->m_address;
    const Result<std::size_t> left = addSettings(group, identity);
    if (left.has_error())
        return left.error();
    if (*left > 0)
        twin->m_notices.push_back(
            fmt::format("{} settings of the real phone are none of the emulated one's", *left));
    emulator::Fleet fleet;
    fleet.groups.push_back(std::move(group));
    fleet.seed = seed;
    fleet.start = std::chrono::floor<emulator::Duration>(std::chrono::system_clock::now());
    fleet.bootTime = bootTime;
    if (alter)
        alter(fleet);
    emulator::NetOptions net;
    net.webPort = twinWebPort;
    net.sipPort = twinSipPort;
    net.threads = 1;
    net.powerOnAtStart = true;
    auto opened = emulator::NetFleet::open(std::move(fleet), std::move(net), twin->m_unseen);
    if (opened.has_error())
        return opened.error();
    twin->m_fleet = *std::move(opened);
    return twin;
}

BenchPlace TwinPhone::place(const std::string& target)
{
    BenchPlace place;
    place.target = target;
    place.name = "the twin";
    place.model = m_model;
    place.mac = m_mac;
    place.address = m_address;
    place.web = {.device = place.name,
                 .url = fmt::format("http://{}/", m_address.text()),
                 .user = m_user,
                 .password = m_password};
    place.sipPort = twinSipPort;
    place.servers = m_servers;
    place.interface = "lo";
    place.filter = {hwbridge::AddressRange{m_address}};
    if (m_https)  // compared is what both sides can show
        place.unrecorded = emulator::Endpoint{m_address, twinWebPort};
    place.power = this;
    place.confirmed = false;
    return place;
}

PhoneState TwinPhone::state() const
{
    const std::vector<emulator::PhoneSnapshot> seen = m_fleet->snapshot(emulator::PhoneIndex{}, 1);
    return seen.empty() ? PhoneState::Off : seen.front().state;
}

Result<void> TwinPhone::on()
{
    m_fleet->post(emulator::PhoneIndex{}, emulator::PowerApplied{});
    return {};
}

Result<void> TwinPhone::off()
{
    m_fleet->post(emulator::PhoneIndex{}, emulator::PowerRemoved{});
    // The phone's thread does one thing after the other, and a twin has no memory that has to be written first.
    return state() == PhoneState::Off ? Result<void>{}
                                      : emulator::fail(ErrorKind::Refused, "the twin does not switch off");
}

Result<hwbridge::PowerState> TwinPhone::probe()
{
    return state() == PhoneState::Off ? hwbridge::PowerState::Off : hwbridge::PowerState::On;
}

}  // namespace scenarios
