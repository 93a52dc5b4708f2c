#pragma once

#include "scenarios/engine/run_result.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace scenarios {

// One line of a ladder, in the order of time.
struct LadderRow {
    enum class Kind { Message, Note, Step, Fold };
    Kind kind = Kind::Note;
    emulator::TimePoint at{};
    std::string text;
    std::size_t peer = 0;  // of Message and of a server's Note: which lane; 0 is the phone itself
    bool toPeer = false;   // of Message: from the phone
    bool bad = false;      // an error, a fault, a step that failed
    bool good = false;     // an expectation that was met
    std::string layer;     // "tftp", "http", "syslog", "dns", "phone"
    emulator::MuteLed led = emulator::MuteLed::Off;  // what the LED shows from here on
};

// What happened between one phone and the servers.
struct Ladder {
    std::vector<std::string> lanes;  // the first is the phone
    std::vector<LadderRow> rows;
    std::size_t left = 0;  // events that were left out, beyond the limit
};

// Our choice of limit: what a person scrolls through.
inline constexpr std::size_t maxLadderRows = 300;

// Messages are those that the phone saw, so that each stands there once; faults are what servers say of themselves.
// Long runs of TFTP blocks are folded into one row.
Ladder ladderOf(const CaseResult& result, PhoneNumber phone, std::size_t maxRows = maxLadderRows);

// The ladder as inline SVG; its colours come from the style sheet of the report.
std::string ladderSvg(const Ladder& ladder);

}  // namespace scenarios
