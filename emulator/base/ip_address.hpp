#pragma once

#include "emulator/base/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace emulator {

// An IPv4 address, where a phone or server is reached (design decision D3).
struct IpAddress {
    std::uint32_t value = 0;  // in host byte order: 127.0.0.1 is 0x7f000001

    // Reads four decimal numbers 0 to 255 without leading zeros.
    // Errors: Malformed; Unsupported for an IPv6 address, which parses but is not emulated.
    static Result<IpAddress> parse(std::string_view text);
    std::string text() const;

    bool isLoopback() const { return value >> 24 == 127; }
    auto operator<=>(const IpAddress&) const = default;
};

struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;

    // Reads "192.168.1.210:514"; without a port, `defaultPort`. Errors: as IpAddress; Malformed for the port.
    static Result<Endpoint> parse(std::string_view text, std::uint16_t defaultPort);
    std::string text() const;  // always with its port
    auto operator<=>(const Endpoint&) const = default;
};

// Reads a port, 0 to 65535. Errors: Malformed.
Result<std::uint16_t> parsePort(std::string_view text);

}  // namespace emulator
