#pragma once

#include "emulator/trace/trace_event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

enum class DifferenceKind : std::uint8_t {
    Missing,  // only A has it
    Extra,    // only B has it
    Order,    // both have it, at different places
    Field,    // a value, or a header field
    Timing,   // both have it, too far apart in time
};
std::string_view name(DifferenceKind kind);

// Where a difference shows on one side.
struct DifferenceSide {
    bool present = false;                // false: there is no such value, or no such message
    std::string value;                   // for people; cut when long
    std::optional<std::uint32_t> event;  // in the store: line, packet and time come from there
};

// One difference at one place.
struct Difference {
    DifferenceKind what{};
    emulator::EventKind kind{};  // of the message
    std::size_t layer = 0;
    std::string field;   // of Field: "method", "header User-Agent"; of Timing: "answer", "repeat", "pause"
    std::string where;   // the exchange: "GET /basic.txt"
    std::string detail;  // a remark for people: "retransmission"
    DifferenceSide a;
    DifferenceSide b;
    std::size_t message = 0;  // which one of its exchange, counted along both sides
    bool whole = false;       // of Missing and Extra: the exchange, not a message of it
    bool fromPhone = false;   // the phone sent it
    bool mayFollow = false;   // of a nature that follows from earlier differences: an outcome, an exchange
    std::uint64_t key = 0;    // of the exchange
    std::uint64_t group =
        0;  // the same for exchanges of one sort: lines of a log that differ in names and numbers
    std::string fragmentA;  // of Field: what is left of the values without their common ends
    std::string fragmentB;
};

}  // namespace hwbridge
