#pragma once

#include "emulator/base/result.hpp"
#include "emulator/base/time_point.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace emulator {

enum class SyslogSeverity : std::uint8_t { Emergency, Alert, Critical, Error, Warning, Notice, Info, Debug };

// One line to a syslog server.
// Shape:  "<PRI>Mmm dd hh:mm:ss [identifier ]text" (RFC 3164 section 4.1 without its HOSTNAME; SYSLOG-IDENT-POSITION
//         puts the identifier directly after the time stamp). Facility local0; PRI, time stamp form and UTC are our
//         choice, the guides give none.
struct SyslogMessage {
    SyslogSeverity severity = SyslogSeverity::Notice;
    WallTime at{};
    std::string_view identifier{};  // empty: none
    std::string_view text{};        // control characters are sent as spaces
};
std::string encode(const SyslogMessage& message);

inline constexpr std::size_t maxSyslogBytes = 1024;  // RFC 3164 section 4.1; longer text is cut

// What a syslog server sees in a datagram: PRI taken off, the rest as it came. A datagram without PRI is all text
// (RFC 3164 section 4.3.3). Views into the datagram.
struct SyslogDatagram {
    int facility = 1;
    SyslogSeverity severity = SyslogSeverity::Notice;
    std::string_view text;
};
SyslogDatagram decodeSyslog(std::string_view datagram);

}  // namespace emulator
