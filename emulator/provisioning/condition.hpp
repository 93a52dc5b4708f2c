#pragma once

#include "emulator/provisioning/rule_cursor.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

enum class Relation : std::uint8_t { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual };

// One side of a comparison: "text" in quotes, or an integer or version without.
struct Operand {
    std::string text;
    bool quoted = false;
    bool operator==(const Operand&) const = default;
};

struct Comparison {
    std::optional<Operand> left;  // nothing: the firmware that runs ("! 1.0.33", as older families write it)
    Relation relation = Relation::Equal;
    Operand right;
    bool operator==(const Comparison&) const = default;
};

// What a rule or a Resync_Trigger asks for: all of these comparisons hold.
// Shape:  comparisons joined by "and": 5 < 6, "$A" ne "Provisioned", $SWVER ge 11-3-1MPP-678, $PRVTMR ge 600. Relations
//         are = != < <= > >= (a lone "!" is "!=") or eq ne lt le gt ge; words in any case (our choice).
// Source: "Cisco IP Phone MPP Administration Guide, Provisioning Scripts", conditional expressions;
//         "Cisco IP Conference Phone 8831 for Third-Party Call Control Provisioning Guide, Provisioning Scripts", the
//         forms of older families; RSYNC-TRIGGER-EXPR.
struct Condition {
    std::vector<Comparison> all;  // at least one
    bool operator==(const Condition&) const = default;
};

// Reads comparisons up to what is none. Errors: Malformed.
Result<Condition> takeCondition(RuleCursor& cursor);
std::string print(const Condition& condition);

// How a comparison comes out. Incomparable: sides of different form ("a" against 1, a load against 7.4.8), text that
// is larger or smaller than another, a bare word. Then the condition does not hold, and the phone's debug trace says so
// (the guides call it a format error and leave the outcome open: our choice).
enum class Truth : std::uint8_t { False, True, Incomparable };

// Integers and versions without quotes by value, text in quotes letter by letter. `runningLoad` stands in for a left
// side that is missing.
Truth evaluate(const Comparison& comparison, std::string_view runningLoad);

// Why a comparison is incomparable, or what it compares: "11-3-1MPP-678 lt 12-0-1MPP0001-245".
std::string print(const Comparison& comparison);

}  // namespace emulator
