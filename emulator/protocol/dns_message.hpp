#pragma once

#include "emulator/base/ip_address.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

inline constexpr std::size_t longestDnsDatagram = 512;  // RFC 1035 section 2.3.4

// A question for the addresses of a name (RFC 1035 section 4): one A question, recursion desired. Empty for what is
// no name: an empty label or one beyond 63 characters, more than 253 characters in all.
std::string dnsQuery(std::uint16_t id, std::string_view name);

// The answer to one DNS query; empty for what is none.
// Shape:  one question (RFC 1035 section 4); A records for known names in any case, no records for other types of
//         them, NXDOMAIN for unknown names.
using DnsNames = std::map<std::string, std::vector<IpAddress>>;  // names in lower case
std::string answerDns(std::string_view query, const DnsNames& names);

}  // namespace emulator
