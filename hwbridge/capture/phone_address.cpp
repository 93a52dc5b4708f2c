#include "hwbridge/capture/phone_address.hpp"

#include "emulator/base/overloaded.hpp"

#include <fmt/format.h>

#include <charconv>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::IpAddress;
using emulator::MacAddress;
using emulator::Result;

namespace {

constexpr std::string_view expected = "an IPv4 address, ADDRESS/BITS, or a MAC such as 00:0e:08:00:00:01";

std::uint32_t mask(unsigned bits)
{
    return bits == 0 ? 0 : ~std::uint32_t{0} << (32 - bits);
}

// "24" of "127.78.0.0/24"; nothing: that is no number of bits.
std::optional<unsigned> parseBits(std::string_view text)
{
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
    if (error != std::errc{} || end != text.data() + text.size() || bits > 32)
        return {};
    return bits;
}

std::string filterOf(const PhoneAddress& phone)
{
    return std::visit(emulator::Overloaded{
                          [](const AddressRange& range) {
                              return range.bits == 32
                                         ? "host " + range.first.text()
                                         : fmt::format("net {}/{}", range.first.text(), range.bits);
                          },
                          [](const MacAddress& mac) { return "ether host " + mac.colons(); },
                      },
                      phone);
}

}  // namespace

Result<PhoneAddress> parsePhoneAddress(std::string_view text)
{
    const auto malformed =
        emulator::fail(ErrorKind::Malformed, fmt::format("found {}, expected {}", text, expected));
    if (const Result<MacAddress> mac = MacAddress::parse(text); mac.has_value())
        return PhoneAddress{*mac};
    const std::size_t slash = text.find('/');
    const Result<IpAddress> address = IpAddress::parse(text.substr(0, slash));
    if (!address.has_value())
        return address.error().kind == ErrorKind::Unsupported ? Result<PhoneAddress>{address.error()}
                                                              : malformed;
    if (slash == std::string_view::npos)
        return PhoneAddress{AddressRange{*address}};
    const std::optional<unsigned> bits = parseBits(text.substr(slash + 1));
    if (!bits)
        return malformed;
    return PhoneAddress{AddressRange{{address->value & mask(*bits)}, *bits}};
}

std::string text(const PhoneAddress& address)
{
    return std::visit(emulator::Overloaded{
                          [](const AddressRange& range) {
                              return range.bits == 32 ? range.first.text()
                                                      : fmt::format("{}/{}", range.first.text(), range.bits);
                          },
                          [](const MacAddress& mac) { return mac.colons(); },
                      },
                      address);
}

std::string captureFilter(std::span<const PhoneAddress> phones, bool vlans)
{
    std::string any;
    for (const PhoneAddress& phone : phones)
        any.append(any.empty() ? "" : " or ").append(filterOf(phone));
    if (any.empty() || !vlans)
        return any;
    // Each "vlan" moves what follows it by one tag.
    return fmt::format("({0}) or (vlan and ({0})) or (vlan and ({0}))", any);
}

}  // namespace hwbridge
