#pragma once

#include "emulator/base/time_point.hpp"
#include "emulator/trace/trace_event.hpp"
#include "hwbridge/compare/text_pattern.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

inline constexpr auto kindCount = static_cast<std::size_t>(emulator::EventKind::Count);
inline constexpr auto fieldCount = static_cast<std::size_t>(emulator::FieldName::Count);
inline constexpr auto observerCount = std::size_t{4};

using KindSet = std::bitset<kindCount>;
using FieldSet = std::bitset<fieldCount>;

inline std::size_t indexOf(emulator::EventKind kind)
{
    return static_cast<std::size_t>(kind);
}
inline std::size_t indexOf(emulator::FieldName field)
{
    return static_cast<std::size_t>(field);
}

// Every rule has a name and a reason: what it sets aside is listed under that name with its count.
struct RuleName {
    std::string name;
    std::string why;
};

// A part of texts that is replaced by a token before they are compared.
struct TextRule : RuleName {
    enum class Source : std::uint8_t {
        Pattern,
        OwnMac,
        OwnAddress,
        PeerAddress,  // of whom the message goes to, or its name as the host of a request, which stays; what is
                      // written instead tells whether its port is named as it has to be
        Learned
    };
    Source source = Source::Pattern;
    TextPattern pattern;  // of Pattern; of Learned: what it is learned by, in `learnKind`, `learnField`
    emulator::EventKind learnKind{};
    emulator::FieldName learnField{};
    std::string token;
    bool keepsFirst = false;  // of Pattern: what its first element found stays, behind the token
    bool atStart = false;     // only where the text begins
    KindSet kinds;            // where it looks
    FieldSet fields;
};

// Kinds of events that are not compared at all.
struct EventRule : RuleName {
    KindSet kinds;
};

// Fields that are not compared at all.
struct FieldRule : RuleName {
    enum class Sender : std::uint8_t { Anybody, Phone, Peer };
    KindSet kinds;
    FieldSet fields;
    Sender sender = Sender::Anybody;  // only of messages that come from there
};

// Header fields whose values are not compared; whether they are there is.
struct HeaderRule : RuleName {
    std::vector<std::string> names;  // in lower case
    bool presence = true;            // false: whether they are there is not compared either
};

// How far two times may lie apart: by `within`, or by a part of the longer one; the larger of the two counts.
struct TimeBand {
    emulator::Duration within{};
    double part = 0;
};
enum class TimeRelation : std::uint8_t {
    Answer,  // from a request to its first answer
    Repeat,  // from a message to its retransmission
    Pause,   // from what went before to the beginning of an exchange
};
inline constexpr std::size_t timeRelationCount = 3;
std::string_view name(TimeRelation relation);

// What is special about one kind of events.
struct KindRules {
    enum class Opens : std::uint8_t {
        Changed,  // a new exchange when its key is another one than before
        Always,   // every one is a new exchange
        Never,    // an answer, unless nothing was asked
    };
    std::string exchange;  // the row of the score; by default what stands before the dot
    Opens opens = Opens::Changed;
    std::vector<emulator::FieldName> key;      // what makes two exchanges the same one
    std::vector<emulator::FieldName> message;  // what makes two messages of an exchange the same one
    FieldSet outcome;                          // may follow from an earlier difference
    FieldSet optional;                         // some recorders do not have them
    std::map<std::string, std::vector<std::string>, std::less<>>
        follows;  // field → what differs because of it
    std::array<TimeBand, timeRelationCount> bands{};
    std::array<bool, timeRelationCount> timed{};
};

// The rules of a comparison, ready to use. docs/comparison.md describes their file.
struct Rules {
    std::vector<EventRule> leftOut;
    std::vector<TextRule> texts;
    std::vector<FieldRule> fields;
    std::vector<HeaderRule> headers;
    std::array<KindRules, kindCount> kinds;
    std::array<emulator::Duration, observerCount> swapWithin{};  // closer exchanges may change places
    emulator::Duration peerWithin{};       // the same where others than the phone began one of them
    std::vector<std::string> environment;  // exchanges that one side may lack altogether
    std::vector<std::string> anyOrder;     // exchanges that may change places at any distance
    std::size_t inStepAfter = 4;           // so many equal exchanges end a chain of differences
};

}  // namespace hwbridge
