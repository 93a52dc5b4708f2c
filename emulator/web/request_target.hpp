#pragma once

#include "emulator/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace emulator {

struct Credentials {
    std::string user;
    std::string password;
};

// What a request line asks the phone for.
struct RequestTarget {
    std::string path;                  // "/admin/resync"
    std::string argument;              // of a URL command, decoded: "tftp://192.168.1.200/basic.txt"
    std::optional<Credentials> login;  // from "&xuser=…&xpassword=…" at the end
};

// Our choice of limits: what browsers and proxies of the time carry.
inline constexpr std::size_t maxTargetBytes = 4096;
inline constexpr std::size_t maxCommandBytes = 2048;

// Reads path and query of a URL command.
// Shape:  all after the first '?' is the argument, decoded once; "&xuser=U&xpassword=P" at its end is a login. In
//         "[--uid+admin]" before the URL a '+' is a space, in the URL it is itself (our choice: browsers write the
//         former, file names contain the latter). "http://phone/path" is taken as "/path".
// Errors: Malformed (percent sign, control characters, no UTF-8, no path); TooLarge.
// Source: "Cisco IP Phone MPP Administration Guide, Provisioning Methods", resync by URL command, xuser.
Result<RequestTarget> parseRequestTarget(std::string_view target);

}  // namespace emulator
