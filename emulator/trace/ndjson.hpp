#pragma once

#include "emulator/trace/trace_event.hpp"

#include <string>

namespace emulator {

// Appends one event as one line of JSON (RFC 8259), ended by '\n': the keys of docs/trace.md in a fixed order, so
// that equal runs give equal bytes. `n` is the event's number in the run. Bytes that are not UTF-8 become U+FFFD.
void appendNdjson(std::string& out, const TraceEvent& event, std::uint64_t n);

// Appends a JSON string with its quotes.
void appendJsonString(std::string& out, std::string_view text);

}  // namespace emulator
