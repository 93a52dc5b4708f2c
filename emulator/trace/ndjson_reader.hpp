#pragma once

#include "emulator/base/result.hpp"
#include "emulator/trace/trace_event.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace emulator {

// A line may be this long; our own lines are a few kilobytes at most.
inline constexpr std::size_t maxNdjsonLine = 1u << 20;

// Reads the lines that appendNdjson() writes back into events, in pieces of any size.
// Shape:  one JSON object per line (docs/trace.md); empty lines are passed over. Kinds, observers and fields that are not
//         known are skipped and counted, and so are fields beyond the number that an event can hold.
// Errors: Malformed, TooLarge; the detail is "line N: found …, expected …". After an error nothing more is read.
class NdjsonReader {
public:
    // Events go to `sink`, whatever it wants; their texts live as long as the call.
    explicit NdjsonReader(TraceSink& sink);
    ~NdjsonReader();

    Result<void> read(std::string_view bytes);
    Result<void> finish();  // the last line need not end with '\n'

    std::uint64_t line() const;  // of the event that the sink is shown, from 1
    std::uint64_t skippedEvents() const;
    std::uint64_t skippedFields() const;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

}  // namespace emulator
