#pragma once

#include "emulator/base/result.hpp"
#include "tests/bench/row.hpp"

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

// What the user asked for.
struct Plan {
    int rounds = 5;
    double seconds = 3;
    std::size_t phones = 100'000;   // of the rows that are about many
    std::vector<std::string> only;  // prefixes of `keys`; empty: all

    // What is measured together.
    static constexpr std::array<std::string_view, 17> keys{
        "http-fetch",    "http-resync",   "http-qt",       "virtual-few",  "virtual-many",  "memory",
        "profile-first", "profile-again", "profile-check", "capture-read", "capture-live",  "capture-ring",
        "decode-http",   "decode-mix",    "compare-http",  "compare-mix",  "compare-ndjson"};
    bool wants(std::string_view key) const;
};

// A row as soon as it is measured.
using RowSink = std::function<void(const Row&)>;

// Each measures the rows of its topic that the plan wants. Errors: what keeps a row from being measured here.
emulator::Result<void> measureHttp(const Plan& plan, const RowSink& done);
emulator::Result<void> measureVirtualTime(const Plan& plan, const RowSink& done);
emulator::Result<void> measureMemory(const Plan& plan, const RowSink& done);
emulator::Result<void> measureProfile(const Plan& plan, const RowSink& done);
emulator::Result<void> measureCapture(const Plan& plan, const RowSink& done);
emulator::Result<void> measureDecoding(const Plan& plan, const RowSink& done);
emulator::Result<void> measureCompare(const Plan& plan, const RowSink& done);

void progress(std::string_view text);  // one line to stderr

}  // namespace bench
