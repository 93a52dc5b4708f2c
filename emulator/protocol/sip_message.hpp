#pragma once

#include "emulator/base/result.hpp"
#include "emulator/protocol/http_message.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace emulator {

// One SIP message as it stands in a datagram (RFC 3261 section 7). Fields are kept in the form HTTP has them, in the
// order of the wire, compact names spelled out ("v" is "Via").
struct SipMessage {
    std::string method{};  // of a request: "NOTIFY"; empty: a response
    std::string uri{};     // of a request
    int status = 0;        // of a response
    std::string reason{};
    HttpFields fields{};
    std::string body{};

    bool isRequest() const { return !method.empty(); }
};

// The topmost Via (RFC 3261 section 20.42): whom an answer goes to.
struct SipVia {
    std::string host{};
    std::uint16_t port = 0;  // 0: none is named
    std::string branch{};
    bool rport = false;  // the answer goes to the port that the request came from (RFC 3581)
};

// What tells transactions and lines apart.
struct SipHeads {
    SipVia via{};
    std::string uriUser{};  // of a request
    std::string toUser{};
    std::string fromTag{};
    std::string toTag{};
    std::string callId{};
    std::uint32_t cseq = 0;
    std::string cseqMethod{};
};

struct SipDatagram {
    SipMessage message{};
    SipHeads heads{};
};

// Limits of what is read from outside. Our choices: a datagram that would not fit into libosip2's own limits, and
// many more fields than any NOTIFY has.
inline constexpr std::size_t maxSipBytes = 8000;
inline constexpr std::size_t maxSipFields = 64;

// Splits a datagram into its lines, without looking at what they mean.
// Shape:  line ends CR LF or LF; empty lines before the first are skipped (section 7.5); folded lines are joined by a
//         space. The body is the rest of the datagram.
// Errors: TooLarge; Malformed: no start line, another version than SIP/2.0, a control character in the head, a field
//         without a name, a head without its empty line.
Result<SipMessage> readSipLines(std::string_view datagram);

// Reads a whole message: its lines as above, then what answers are made from by libosip2's grammar. What follows the
// bytes that Content-Length announces is dropped (section 18.3).
// Errors: those of readSipLines; Malformed: Via, From, To, Call-ID or CSeq missing, doubled or not to be read, a CSeq
//         for another method, a Content-Length beyond the datagram.
// Only those fields, the request line and nothing else of a message ever reach libosip2.
Result<SipDatagram> parseSip(std::string_view datagram);

// Bytes for the wire. Content-Length is added. Line ends inside a value are sent as spaces.
std::string encode(const SipMessage& message);

// "Bad Event" of 489; empty for statuses that nobody here sends.
std::string_view sipReason(int status);

}  // namespace emulator
