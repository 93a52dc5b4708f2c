#pragma once

#include "hwbridge/compare/comparison.hpp"
#include "hwbridge/compare/trace_file.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace hwbridge {

// Which known deviation a difference is.
struct KnownReason {
    std::string name;
    std::string why;
};

// A comparison and the traces it is about, for those who show it.
struct ComparisonReport {
    const Comparison& comparison;
    const TraceFile& a;
    const TraceFile& b;
    std::map<std::size_t, KnownReason>
        known{};  // roots that were expected, by their number among the findings
};

// What a comparison comes to. No difference between captures that lost packets proves nothing; a difference stays one.
enum class ComparisonVerdict : std::uint8_t { NothingCompared, Equal, Incomplete, Different };
ComparisonVerdict verdictOf(const ComparisonReport& report);

// "no difference", "2 differences, 14 more follow from them", "no difference in what was captured: A lost 3 packets".
std::string verdictText(const ComparisonReport& report);

// "line 17", "packet 4": where an event stands in its file; empty when it is nowhere.
std::string placeOf(const TraceFile& trace, const DifferenceSide& side);

// One line that names a difference: "http.request user_agent", "syslog.message missing".
std::string titleOf(const Difference& difference);

// For a terminal: roots first, each with what follows from it; then the score, and what was set aside.
// Shape:  control characters are shown as '.', so that no value moves the cursor.
std::string textReport(const ComparisonReport& report, bool colours);

}  // namespace hwbridge
