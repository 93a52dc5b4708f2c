#include "emulator/base/ip_address.hpp"

#include <boost/url/ipv6_address.hpp>

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

namespace emulator {

namespace {

// By hand, not by Boost.URL: every syslog line and every fetch of a fleet reads one.
std::optional<IpAddress> parseIpv4(std::string_view text)
{
    IpAddress address;
    for (int part = 0; part < 4; ++part) {
        std::uint32_t number = 0;
        std::size_t digits = 0;
        while (digits < text.size() && digits < 4 && text[digits] >= '0' && text[digits] <= '9')
            number = number * 10 + static_cast<std::uint32_t>(text[digits++] - '0');
        const bool leadingZero = digits > 1 && text[0] == '0';
        if (digits == 0 || leadingZero || number > 255)
            return std::nullopt;
        text.remove_prefix(digits);
        if (part < 3) {
            if (!text.starts_with('.'))
                return std::nullopt;
            text.remove_prefix(1);
        }
        address.value = address.value << 8 | number;
    }
    return text.empty() ? std::optional{address} : std::nullopt;
}

}  // namespace

Result<IpAddress> IpAddress::parse(std::string_view text)
{
    if (const std::optional<IpAddress> v4 = parseIpv4(text))
        return *v4;
    std::string_view inside = text;
    if (inside.starts_with('[') && inside.ends_with(']'))
        inside = inside.substr(1, inside.size() - 2);
    if (boost::urls::parse_ipv6_address({inside.data(), inside.size()}))
        return fail(ErrorKind::Unsupported,
                    fmt::format("'{}' is an IPv6 address; phones are emulated with IPv4 only", text));
    return fail(ErrorKind::Malformed, fmt::format("'{}' is not an IPv4 address such as 192.168.1.200", text));
}

std::string IpAddress::text() const
{
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8) {
        std::array<char, 3> digits;
        const auto end =
            std::to_chars(digits.data(), digits.data() + digits.size(), value >> shift & 255).ptr;
        text.append(digits.data(), end);
        if (shift > 0)
            text += '.';
    }
    return text;
}

Result<std::uint16_t> parsePort(std::string_view text)
{
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size())
        return fail(ErrorKind::Malformed, fmt::format("'{}' is not a port; expected 0 to 65535", text));
    return port;
}

Result<Endpoint> Endpoint::parse(std::string_view text, std::uint16_t defaultPort)
{
    const std::size_t colon = text.rfind(':');
    if (const std::size_t bracket = text.rfind("]:");
        text.starts_with('[') && bracket != std::string_view::npos)
        return fail(IpAddress::parse(text.substr(0, bracket + 1)).error());
    const bool hasPort = colon != std::string_view::npos && text.find(':') == colon;
    const Result<IpAddress> address = IpAddress::parse(hasPort ? text.substr(0, colon) : text);
    if (!address.has_value())
        return fail(address.error());
    if (!hasPort)
        return Endpoint{*address, defaultPort};
    const Result<std::uint16_t> port = parsePort(text.substr(colon + 1));
    if (!port.has_value())
        return fail(port.error());
    return Endpoint{*address, *port};
}

std::string Endpoint::text() const
{
    return fmt::format("{}:{}", address.text(), port);
}

}  // namespace emulator
