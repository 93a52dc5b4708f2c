#pragma once

#include "emulator/trace/trace_event.hpp"

#include <string>

namespace hwbridge {

// What an event says, for a person, without time and ends: "GET /basic.txt HTTP/1.1, 0 bytes". One line; bytes that
// are no text may be in it. Remarks (`note`) follow in brackets.
std::string eventText(const emulator::TraceEvent& event);

}  // namespace hwbridge
