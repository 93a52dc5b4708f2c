#pragma once

#include "emulator/base/result.hpp"
#include "hwbridge/compare/trace_store.hpp"
#include "hwbridge/decode/packet_fate.hpp"

#include <filesystem>
#include <string>

namespace hwbridge {

// A trace as it was read from a file.
struct TraceFile {
    std::string path;
    std::string form;  // "NDJSON", "capture"
    TraceStore store;
    std::uint64_t skippedEvents = 0;  // of kinds that this version does not know
    std::uint64_t skippedFields = 0;
    std::uint64_t packets = 0;  // of a capture
    std::uint64_t dropped = 0;  // packets that the capture says it lost
    DecodeCounters counters{};  // of a capture
    std::string cutShort{};     // of a trace whose run.end is missing: the sentence that says so
};

// Reads a trace, whatever its form: told by its first bytes.
// Shape:  a capture is decoded with the defaults of DecodeOptions. A trace begins with run.begin of schema 1, as does
//         each further run in it. One that breaks off, even in a line, is read as far as it goes and says so.
// Errors: NotFound, Malformed, TooLarge; the detail names file and line or packet.
// Source: docs/trace.md, "The run".
emulator::Result<TraceFile> readTraceFile(const std::filesystem::path& path);

// The same for verdicts: half a trace gives none.
// Errors: also Malformed for a trace that was cut short.
emulator::Result<TraceFile> readWholeTraceFile(const std::filesystem::path& path);

}  // namespace hwbridge
