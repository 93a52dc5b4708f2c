#pragma once

#include "emulator/base/result.hpp"

#include <cstddef>
#include <string>

namespace bench {

// Captures as phones would leave them, in pcap form: 1,000 phones in turns. At least so many packets; returns how many.
// Errors: Refused when the file cannot be written.
//
// HTTP: one connection per exchange: handshake, GET, three segments of a 4,000 byte profile with acknowledgements, both
// FINs; 11 packets, two messages.
emulator::Result<std::size_t> writeHttpCapture(const std::string& path, std::size_t packets);
// A DNS query and its answer, three syslog lines, and a TFTP transfer of 2,000 bytes in four blocks: 14 packets, as
// many messages.
emulator::Result<std::size_t> writeMixedCapture(const std::string& path, std::size_t packets);

}  // namespace bench
