#pragma once

#include "emulator/base/result.hpp"
#include "hwbridge/compare/trace_store.hpp"

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
};

// Reads a trace, whatever its form: told by its first bytes.
// A capture is decoded with the defaults of DecodeOptions.
// Errors: NotFound, Malformed, TooLarge; the detail names file and line or packet.
emulator::Result<TraceFile> readTraceFile(const std::filesystem::path& path);

}  // namespace hwbridge
