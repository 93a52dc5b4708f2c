#pragma once

#include "emulator/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace emulator {

enum class Scheme : std::uint8_t { Tftp, Http, Https };

std::string_view name(Scheme scheme);      // "tftp", "http", "https": lower case, as real logs print $SCHEME
std::uint16_t defaultPort(Scheme scheme);  // 69, 80, 443 (RULE-PORT-TFTP, RULE-PORT-HTTP, RULE-PORT-HTTPS)

// Where a profile or firmware load is fetched from.
struct Url {
    Scheme scheme = Scheme::Tftp;
    std::string host;  // name or IPv4 address, as written
    std::uint16_t port = 0;
    std::string path;  // begins with '/'; with the query as written, also an empty one (RULE-QUERY)

    // Reads protocol://server[:port]/path, the parts filled in where they are missing:
    // protocol TFTP, server `defaultHost`, port that of the protocol (RULE-DEFAULT-PROTO, RULE-DEFAULT-SERVER).
    // Shape:  "192.168.1.200/basic.txt" has a server; "/basic.txt" has none; "basic.txt" is a server without a
    //         path and therefore an error.
    // Errors: Malformed (no path, port above 65535, white space or control characters, numeric host that is no
    //         address, no server and no default); Unsupported (another scheme, credentials inside, IPv6).
    // Source: "Cisco IP Phone MPP Administration Guide, Provisioning Methods", profile rule format.
    static Result<Url> parse(std::string_view text, std::string_view defaultHost = {});

    std::string text() const;  // scheme://host:port/path, the port always shown (SYSLOG-PORT-SHOWN)
    bool operator==(const Url&) const = default;
};

}  // namespace emulator
