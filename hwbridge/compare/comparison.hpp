#pragma once

#include "emulator/base/result.hpp"
#include "hwbridge/compare/exchange_pairing.hpp"
#include "hwbridge/compare/folding.hpp"
#include "hwbridge/compare/message_comparison.hpp"
#include "hwbridge/compare/trace_file.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hwbridge {

// How like the exchanges of one name are. docs/comparison.md has the formula.
struct LayerScore {
    std::string layer;
    std::uint64_t exchanges = 0;  // places where A, B or both have one
    std::uint64_t equal = 0;
    std::uint64_t differ = 0;  // both have it, something is different
    std::uint64_t missing = 0;
    std::uint64_t extra = 0;
    double points = 0;  // the sum over the places, from 0 to 1 each

    double percent() const { return exchanges == 0 ? 100 : 100 * points / static_cast<double>(exchanges); }
};

// A rule that set something aside.
struct RuleUse {
    std::string rule;
    std::string why;
    std::uint64_t count = 0;
};

// What was not compared, and why.
struct NotCompared {
    std::string what;
    std::string why;
    std::uint64_t countA = 0;
    std::uint64_t countB = 0;
};

struct PhonePairName {
    std::string a;  // empty: that side has no such phone
    std::string b;
};

// One side of a place in a drawing: the first messages of the exchange that stands there.
struct DrawnSide {
    bool present = false;
    std::vector<std::uint32_t> events;  // in the store
    std::size_t left = 0;               // messages that are not drawn
};

// A place where A, B or both have an exchange.
struct DrawnSlot {
    DrawnSide a;
    DrawnSide b;
    std::vector<std::size_t> findings;  // numbers of those that show here
    std::size_t equalBefore = 0;        // equal places before this one that are not drawn
};

// Both sides of a pair of phones next to each other, as one observer saw them.
struct TwinLadder {
    emulator::Observer by{};
    std::size_t phone = 0;
    std::vector<DrawnSlot> places;
    std::size_t equalAfter = 0;  // places behind the last one that are not drawn
    std::size_t left = 0;        // places with differences that are not drawn: beyond the limit
};

// Our choice of limits for drawings: what a person scrolls through. Of equal places in a row the first and last two are drawn.
inline constexpr std::size_t mostDrawnSlots = 400;
inline constexpr std::size_t mostDrawnMessages = 10;

// What came of a comparison.
struct Comparison {
    std::vector<PhonePairName> phones;
    std::vector<emulator::Observer> observers;  // that were compared
    std::vector<Finding> findings;
    std::uint64_t unlisted = 0;      // differences beyond what is listed
    std::vector<LayerScore> scores;  // by exchange, those that occur
    std::vector<RuleUse> aside;
    std::vector<NotCompared> notCompared;
    std::vector<TwinLadder> ladders;
    std::uint64_t comparedA = 0;  // events
    std::uint64_t comparedB = 0;

    bool isEmpty() const { return comparedA == 0 && comparedB == 0; }  // nothing was compared
    bool isEqual() const { return findings.empty() && unlisted == 0; }
    std::vector<std::size_t> roots() const;
};

struct CompareOptions {
    std::vector<std::pair<std::string, std::string>> phones;  // pairs that a person asked for
};

// Compares two traces, observer by observer, phone by phone.
// Errors: NotFound, Malformed for phones that were asked for.
emulator::Result<Comparison> compareTraces(const TraceStore& a, const TraceStore& b, const Rules& rules,
                                           const CompareOptions& options = {});
// The same; what decoding a capture has left behind is listed as not compared, too.
emulator::Result<Comparison> compareTraces(const TraceFile& a, const TraceFile& b, const Rules& rules,
                                           const CompareOptions& options = {});

}  // namespace hwbridge
