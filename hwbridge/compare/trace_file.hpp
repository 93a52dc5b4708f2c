#pragma once

#include "emulator/base/result.hpp"
#include "hwbridge/compare/trace_store.hpp"

#include <filesystem>
#include <string>

namespace hwbridge {

// A trace as it was read from a file.
struct TraceFile {
    std::string path;
    std::string form;  // "NDJSON", "pcapng"
    TraceStore store;
    std::uint64_t skippedEvents = 0;  // of kinds that this version does not know
    std::uint64_t skippedFields = 0;
};

// Reads a trace, whatever its form: told by its first bytes.
// Errors: NotFound, Malformed, TooLarge; the detail names file and line.
emulator::Result<TraceFile> readTraceFile(const std::filesystem::path& path);

}  // namespace hwbridge
