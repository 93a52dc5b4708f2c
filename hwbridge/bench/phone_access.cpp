#include "hwbridge/bench/phone_access.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::IpAddress;
using emulator::MacAddress;
using emulator::Result;

std::optional<IpAddress> neighbour(std::string_view table, const MacAddress& mac)
{
    std::istringstream lines{std::string{table}};
    std::string line;
    while (std::getline(lines, line)) {
        std::istringstream words{line};
        std::string address;
        std::string type;
        std::string flags;
        std::string hardware;
        if (!(words >> address >> type >> flags >> hardware))
            continue;
        const Result<MacAddress> owner = MacAddress::parse(hardware);
        const Result<IpAddress> at = IpAddress::parse(address);
        if (owner.has_value() && at.has_value() && *owner == mac)
            return *at;
    }
    return std::nullopt;
}

std::optional<IpAddress> leased(std::string_view leases, const MacAddress& mac)
{
    std::istringstream lines{std::string{leases}};
    std::string line;
    std::optional<IpAddress> last;
    while (std::getline(lines, line)) {
        std::istringstream words{line};
        std::string expiry;
        std::string hardware;
        std::string address;
        if (!(words >> expiry >> hardware >> address))
            continue;
        const Result<MacAddress> owner = MacAddress::parse(hardware);
        const Result<IpAddress> at = IpAddress::parse(address);
        if (owner.has_value() && at.has_value() && *owner == mac)
            last = *at;
    }
    return last;
}

namespace {

// Our choice of a limit: a lease is a line of 60 bytes.
constexpr std::size_t longestTable = 1u << 20;

// Nothing: it cannot be read.
std::optional<std::string> firstBytesOf(const std::string& path)
{
    std::ifstream file{path, std::ios::binary};
    std::string text(longestTable, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (!file.is_open() || file.bad())
        return std::nullopt;
    return text;
}

}  // namespace

Result<IpAddress> addressOf(const BenchPhone& phone, const Listening& listening)
{
    if (phone.address)
        return *phone.address;
    std::string unheard;
    if (phone.mac && !phone.leases.empty()) {
        const std::optional<std::string> table = firstBytesOf(phone.leases);
        if (!table)
            unheard = fmt::format("; leases: {} cannot be read", phone.leases);
        else if (const std::optional<IpAddress> found = leased(*table, *phone.mac))
            return *found;
    }
    if (phone.mac)
        if (const std::optional<IpAddress> found =
                neighbour(firstBytesOf("/proc/net/arp").value_or(""), *phone.mac))
            return *found;
    if (phone.mac && phone.capture && listening.limit > emulator::Duration::zero()) {
        const Result<IpAddress> announced = announcedAddress(phone.capture->interface, *phone.mac, listening);
        if (announced.has_value())
            return *announced;
        unheard += "; " + announced.error().detail;
    }
    return emulator::fail(ErrorKind::Unresolvable,
                          fmt::format("{} has no address in the inventory, and this machine has heard of "
                                      "none for the MAC {}{}",
                                      phone.name, phone.mac ? phone.mac->colons() : "?", unheard));
}

Result<WebAccess> webAccessOf(const BenchPhone& phone, std::chrono::milliseconds timeout,
                              const Listening& listening)
{
    const Result<IpAddress> address = addressOf(phone, listening);
    if (address.has_error())
        return address.error();
    WebAccess access;
    access.device = phone.name;
    access.url =
        fmt::format("{}://{}:{}/", phone.web.https ? "https" : "http", address->text(), phone.web.port);
    access.certificates = phone.web.certificates;
    if (phone.mac)
        access.certificates.mac = phone.mac->plain();
    access.user = phone.web.user;
    access.timeout = timeout;
    access.stop = listening.stop;
    if (phone.web.password) {
        Result<std::string> password = phone.web.password->read();
        if (password.has_error())
            return emulator::fail(password.error().kind,
                                  fmt::format("the password of {}: {}", phone.name, password.error().detail));
        access.password = std::move(*password);
    }
    return access;
}

}  // namespace hwbridge
