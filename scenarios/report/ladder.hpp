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
    std::size_t peer = 0;    // of Message and of a server's Note: which lane; 0 is the phone itself
    bool toPeer = false;     // of Message: from the phone
    bool lost = false;       // of Message: the answer that never came
    bool bad = false;        // an error, a fault, a step that failed
    bool good = false;       // an expectation that was met
    std::string layer;       // "tftp", "http", "syslog", "dns", "phone"
    std::string blocks;      // of Fold: the numbers of its blocks, "2…57"
    bool parameter = false;  // of Note: a parameter changed
    emulator::MuteLed led = emulator::MuteLed::Off;  // what the LED shows from here on
    emulator::TimePoint ledSince{};                  // when that pattern began
};

// What happened between one phone and the servers.
struct Ladder {
    std::vector<std::string> lanes;  // the first is the phone
    std::vector<LadderRow> rows;
    std::size_t left = 0;  // rows that were left out, beyond the limit
    std::size_t cut = 0;   // where: before this row, when `left` is not 0
};

// Our choice of limit: what a person scrolls through.
inline constexpr std::size_t maxLadderRows = 300;

// Messages are those that the phone saw, so that each stands there once; faults are what servers say of themselves.
// Who asks the phone's own pages is the lane "browser". Long runs of TFTP blocks, and of changed parameters, are
// folded into one row. Beyond `maxRows` the middle is left out.
Ladder ladderOf(const CaseResult& result, PhoneNumber phone, std::size_t maxRows = maxLadderRows);

// The ladder as inline SVG; its colours come from the style sheet of the report.
// Shape:  one row below the other, whatever the time between them; where that is long, a gap says how long it was. The
//         bar of the mute LED is to scale in gaps: lit stripes as long as its beats.
std::string ladderSvg(const Ladder& ladder);

}  // namespace scenarios
