#include "ui/cli/name_server.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace ui {

using emulator::Endpoint;
using emulator::ErrorKind;
using emulator::IpAddress;
using emulator::Result;

Result<Endpoint> nameServer(const std::string& text)
{
    constexpr std::uint16_t dnsPort = 53;
    const Result<Endpoint> address = Endpoint::parse(text, dnsPort);
    if (address.has_value())
        return address;
    const auto wrong = [&](ErrorKind kind, std::string_view reason) {
        return emulator::fail(kind, fmt::format("--dns {}: {}", text.substr(0, 120), reason));
    };
    if (address.error().kind == ErrorKind::Unsupported)
        return wrong(ErrorKind::Unsupported, address.error().detail);

    const std::size_t colon = text.rfind(':');
    const std::string host = text.substr(0, colon);
    std::uint16_t port = dnsPort;
    if (colon != std::string::npos) {
        const Result<std::uint16_t> parsed = emulator::parsePort(std::string_view{text}.substr(colon + 1));
        if (!parsed.has_value())
            return wrong(ErrorKind::Malformed, parsed.error().detail);
        port = *parsed;
    }
    const bool isNumeric = !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= '0' && c <= '9') || c == '.';
    });
    if (host.empty() || isNumeric)
        return wrong(ErrorKind::Malformed, "expected HOST[:PORT], such as 127.0.0.1:5353");

    addrinfo hints{};
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    if (const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found); error != 0)
        return wrong(ErrorKind::Unresolvable, ::gai_strerror(error));
    sockaddr_in first{};
    std::memcpy(&first, found->ai_addr, sizeof first);
    ::freeaddrinfo(found);
    return Endpoint{IpAddress{ntohl(first.sin_addr.s_addr)}, port};
}

}  // namespace ui
