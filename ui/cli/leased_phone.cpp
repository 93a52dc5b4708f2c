#include "ui/cli/leased_phone.hpp"

#include "hwbridge/bench/phone_access.hpp"
#include "hwbridge/bench/phone_check.hpp"
#include "hwbridge/bench/power_factory.hpp"
#include "hwbridge/bench/saved_page.hpp"
#include "ui/cli/interruption.hpp"
#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <chrono>
#include <utility>

namespace ui {

using namespace std::chrono_literals;
using emulator::Result;

namespace {

constexpr auto benchPageLimit = 20s;
constexpr auto personPatience = 10min;
constexpr auto plugPatience = 2min;  // our choice: whoever has ended the run is there

}  // namespace

LeasedPhone::LeasedPhone(const hwbridge::BenchPhone& phone, std::unique_ptr<hwbridge::LeaseKeeper> lease)
    : m_phone{phone},
      m_lease{std::move(lease)}
{}

Result<void> LeasedPhone::prepare(const std::string& target)
{
    const Result<emulator::IpAddress> address =
        hwbridge::addressOf(m_phone, {hwbridge::announcementLimit, interrupted});
    if (address.has_error())
        return address.error();
    hwbridge::BenchPhone found = m_phone;
    found.address = *address;
    Result<hwbridge::WebAccess> access = hwbridge::webAccessOf(found, benchPageLimit, {{}, interrupted});
    if (access.has_error())
        return access.error();
    Result<hwbridge::PhoneDriver> driver = hwbridge::PhoneDriver::open(*access);
    if (driver.has_error())
        return driver.error();
    Result<hwbridge::PhoneIdentity> identity = driver->identity();
    if (identity.has_error())
        return identity.error();
    const Result<void> same = hwbridge::checkIdentity(
        *identity, {.product = m_phone.model, .mac = m_phone.mac}, m_phone.name, driver->place());
    if (same.has_error())
        return same.error();
    const Result<void> firmware = hwbridge::checkFirmware(*identity, m_phone, driver->place());
    if (firmware.has_error())
        return firmware.error();
    m_identity = *std::move(identity);
    const Result<hwbridge::PageParameters> page = driver->page();
    if (page.has_error())
        return page.error();
    if (const Result<void> saved = m_lease->save(hwbridge::savedParameters(*page)); saved.has_error())
        return saved.error();
    if (m_phone.power) {
        if (::isatty(STDIN_FILENO) == 1)
            m_prompt = std::make_unique<hwbridge::TerminalPrompt>(
                STDIN_FILENO, STDERR_FILENO, personPatience, [this] { return whyNotToTouch().has_value(); });
        auto power = hwbridge::powerDriver(*m_phone.power, m_phone.name, m_prompt.get());
        if (power.has_error())
            return power.error();
        m_power = *std::move(power);
        m_person = dynamic_cast<const hwbridge::PersonPower*>(m_power.get());
    }
    m_place.target = target;
    m_place.name = m_phone.name;
    m_place.model = m_phone.model;
    m_place.mac = m_identity.mac;
    m_place.address = *address;
    m_place.web = *std::move(access);
    m_place.sipPort = m_phone.sipPort;
    if (m_phone.web.https && target.starts_with("twin:"))  // its twin's pages are there by http
        m_place.unrecorded = emulator::Endpoint{*address, m_phone.web.port};
    m_place.servers = m_phone.servers.value_or(emulator::IpAddress{0x7f000001});
    m_place.interface = m_phone.capture->interface;
    m_place.direct = m_phone.capture->direct;
    m_place.filter = m_phone.capture->filter;
    if (m_place.filter.empty())
        m_place.filter = {m_identity.mac, hwbridge::AddressRange{*address}};
    m_place.power = m_power.get();
    m_place.lost = [this] { return whyNotToTouch(); };
    return {};
}

std::optional<std::string> LeasedPhone::whyNotToTouch() const
{
    return interrupted() ? std::optional<std::string>{"interrupted"} : lost();
}

Result<void> LeasedPhone::plugAgain()
{
    if (m_person == nullptr || !m_person->mayBeUnplugged())
        return {};
    const std::string why =
        fmt::format("{} may be without power: a person was asked to unplug it, and nobody has said since "
                    "that it is plugged in again",
                    m_phone.name);
    // First: whoever is asked may go away, and this process with them. Whoever has lost the lease has no say.
    const bool known = m_lease->verdict(why).has_value();
    say("run: " + why);
    hwbridge::TerminalPrompt prompt{STDIN_FILENO, STDERR_FILENO, plugPatience};
    if (const Result<void> plugged = hwbridge::PersonPower{prompt, m_phone.name}.on(); plugged.has_error())
        return emulator::fail(emulator::ErrorKind::Refused,
                              fmt::format("{}{}; {}", known ? m_phone.name + " is quarantined: " : "", why,
                                          plugged.error().detail));
    (void)m_lease->verdict({});
    return {};
}

Result<hwbridge::PhoneExport> LeasedPhone::configuration() const
{
    Result<hwbridge::PhoneDriver> driver = hwbridge::PhoneDriver::open(m_place.web);
    if (driver.has_error())
        return driver.error();
    return driver->configuration();
}

}  // namespace ui
