#include "emulator/base/url.hpp"

#include "emulator/base/ip_address.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emulator {

std::string_view name(Scheme scheme)
{
    switch (scheme) {
    case Scheme::Tftp:
        return "tftp";
    case Scheme::Http:
        return "http";
    case Scheme::Https:
        return "https";
    }
    return "";
}

std::uint16_t defaultPort(Scheme scheme)
{
    switch (scheme) {
    case Scheme::Tftp:
        return 69;
    case Scheme::Http:
        return 80;
    case Scheme::Https:
        return 443;
    }
    return 0;
}

namespace {

std::string lower(std::string_view text)
{
    std::string result{text};
    for (char& c : result)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return result;
}

Result<Scheme> parseScheme(std::string_view text)
{
    const std::string known = lower(text);
    for (const Scheme scheme : {Scheme::Tftp, Scheme::Http, Scheme::Https})
        if (known == name(scheme))
            return scheme;
    return fail(ErrorKind::Unsupported, fmt::format("scheme '{}'; expected tftp, http or https", text));
}

bool isNumeric(std::string_view host)
{
    return std::all_of(host.begin(), host.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

// A DNS name (letters, digits, '-', '_', '.') of at most 253 characters, or an IPv4 address.
Result<std::string> checkedHost(std::string_view host)
{
    const bool nameLike = std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '_' || c == '.';
    });
    if (!nameLike || host.empty() || host.size() > 253)
        return fail(ErrorKind::Malformed, fmt::format("'{}' is not a server name or address", host));
    if (isNumeric(host)) {
        const Result<IpAddress> address = IpAddress::parse(host);
        if (!address.has_value())
            return fail(address.error());
    }
    return std::string{host};
}

}  // namespace

Result<Url> Url::parse(std::string_view text, std::string_view defaultHost)
{
    for (const char c : text)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f)
            return fail(ErrorKind::Malformed,
                        fmt::format("URL '{}' has white space or control characters", text));

    Url url;
    std::string_view rest = text;
    const std::size_t colon = rest.find("://");
    if (colon != std::string_view::npos && colon < rest.find('/')) {
        const Result<Scheme> scheme = parseScheme(rest.substr(0, colon));
        if (!scheme.has_value())
            return fail(scheme.error());
        url.scheme = *scheme;
        rest.remove_prefix(colon + 3);
    }
    url.port = defaultPort(url.scheme);

    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos)
        return fail(ErrorKind::Malformed,
                    fmt::format("URL '{}' has no path; expected protocol://server/path", text));
    url.path = rest.substr(slash);
    std::string_view authority = rest.substr(0, slash);
    if (authority.empty())
        authority = defaultHost;
    if (authority.empty())
        return fail(ErrorKind::Malformed, fmt::format("URL '{}' names no server", text));
    if (authority.find('@') != std::string_view::npos)
        return fail(ErrorKind::Unsupported, "credentials inside a URL; give them as rule options");
    if (authority.starts_with('['))
        return fail(ErrorKind::Unsupported,
                    fmt::format("'{}' is an IPv6 address; phones use IPv4 only", authority));

    const std::size_t portAt = authority.find(':');
    if (portAt != std::string_view::npos) {
        const Result<std::uint16_t> port = parsePort(authority.substr(portAt + 1));
        if (!port.has_value() || *port == 0)
            return fail(ErrorKind::Malformed, fmt::format("URL '{}' has port '{}'; expected 1 to 65535", text,
                                                          authority.substr(portAt + 1)));
        url.port = *port;
        authority = authority.substr(0, portAt);
    }
    const Result<std::string> host = checkedHost(authority);
    if (!host.has_value())
        return fail(host.error());
    url.host = *host;
    return url;
}

std::string Url::text() const
{
    return fmt::format("{}://{}:{}{}", name(scheme), host, port, path);
}

}  // namespace emulator
