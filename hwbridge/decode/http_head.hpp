#pragma once

#include "emulator/runtime/traffic_trace.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hwbridge {

// How the end of a body is known (RFC 9112 section 6.3).
enum class HttpFraming : std::uint8_t { None, Length, Chunked, UntilClose };

// How a body is packed (Content-Encoding).
enum class HttpCoding : std::uint8_t { Plain, Gzip, Deflate, Other };

// The head of an HTTP/1 message as it stood on the wire, right or wrong.
struct HttpHead {
    bool isRequest = false;
    std::string method;  // as it was spelled
    std::string target;  // without secrets
    int status = 0;
    std::string reason;
    std::int64_t minor = -1;     // of HTTP/1.minor; -1: another version, or none (said in `notes`)
    std::string headers;         // "Name: value\n" as on the wire, folded lines joined, without secrets
    std::string_view host;       // inside `headers`
    std::string_view userAgent;  // inside `headers`
    std::string_view encoding;   // Content-Encoding, inside `headers`
    bool hasLength = false;
    std::uint64_t length = 0;
    bool chunked = false;
    HttpCoding coding = HttpCoding::Plain;
    bool upgrade = false;
    std::string notes;  // what is ambiguous or wrong, "; " between; empty: nothing

    // How the body ends, after the message that a response answers (empty: unknown).
    HttpFraming framing(std::string_view answeredMethod) const;
};

inline constexpr std::size_t longestHttpHead =
    64u << 10;  // our choice; phones and their servers stay below 16 kB

// The length of a head with its empty line, if it ends within `text`; `from`: what was looked at before.
std::optional<std::size_t> httpHeadEnd(std::string_view text, std::size_t from);

// Whether bytes where a message could start look like one.
enum class HttpStart : std::uint8_t { No, Maybe, Request, Response };
HttpStart httpStart(std::string_view bytes);

// Reads a head, including its empty line. Whatever httpStart takes is read, with what is wrong said in `notes`.
// Values of Authorization, cookies and other secrets are replaced by pseudonyms (design decision D7).
void readHttpHead(HttpHead& head, std::string_view text, emulator::TrafficTrace& secrets);

// Adds to texts that hold several remarks.
void addNote(std::string& notes, std::string_view note);

}  // namespace hwbridge
