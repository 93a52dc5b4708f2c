#pragma once

#include "emulator/base/result.hpp"
#include "emulator/base/shared_bytes.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emulator {

// Header fields in the order of the wire; names compare without case (RFC 9110 section 5.1).
struct HttpFields {
    std::vector<std::pair<std::string, std::string>> lines;

    void add(std::string name, std::string value);
    std::string_view first(std::string_view name) const;  // empty when absent
};

struct HttpRequest {
    std::string method = "GET";
    std::string target = "/";  // path with query, as on the request line
    int minor = 1;             // HTTP/1.minor
    HttpFields fields{};
    SharedBytes body{};  // null: none
};

struct HttpResponse {
    int status = 200;
    std::string reason{};  // empty: the standard phrase when encoded
    int minor = 1;
    HttpFields fields{};
    SharedBytes body{};  // null: none
    // Sent without a length: the body ends where the connection does (RFC 9112 section 6.3). Its reader never sets it.
    bool untilClose = false;
};

// Limits of what is read from outside. Our choices; the guides state none.
struct HttpLimits {
    std::size_t headerBytes = 16u << 10;
    std::size_t bodyBytes = 4u << 20;
};

std::string_view standardReason(int status);  // "Not Found"; empty for unknown ones

// Bytes for the wire (RFC 9112). A request or response with a body gets Content-Length unless it names its own
// framing (Content-Length or Transfer-Encoding) already; so does, with 0, a POST, a PUT, and a response that could
// have a body but has none: its reader need not wait for the close. Line ends inside a value are sent as spaces.
std::string encode(const HttpRequest& request);
std::string encode(const HttpResponse& response);

// Reads one response from bytes as they arrive. Chunked and plain bodies, HTTP/1.0 and 1.1; 1xx are skipped.
// Errors: Malformed (also for framing that could be read in two ways: differing lengths, a length beside
//         Transfer-Encoding, a coding other than chunked, chunks in HTTP/1.0); TooLarge as soon as a limit is passed
//         or a length announces so much. After an error every call gives that error again.
// The Beast parser inside never sees a socket.
class HttpResponseReader {
public:
    explicit HttpResponseReader(const HttpLimits& limits = {});
    ~HttpResponseReader();
    HttpResponseReader(HttpResponseReader&&) noexcept;
    HttpResponseReader& operator=(HttpResponseReader&&) noexcept;

    // The response once it is complete, nothing while more bytes are needed.
    Result<std::optional<HttpResponse>> feed(std::string_view bytes);
    // The peer closed: a body without length is complete now (RFC 9112 section 6.3); else Corrupt, "cut off".
    Result<HttpResponse> finish();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

// Reads requests one after another from one connection, for the phone's pages and the rig's servers.
class HttpRequestReader {
public:
    explicit HttpRequestReader(const HttpLimits& limits = {});
    ~HttpRequestReader();
    HttpRequestReader(HttpRequestReader&&) noexcept;
    HttpRequestReader& operator=(HttpRequestReader&&) noexcept;

    // As above; bytes beyond the request are kept for the next call (pass {} to look for a pipelined one).
    Result<std::optional<HttpRequest>> feed(std::string_view bytes);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

// Whether the sender of this message keeps the connection open after it (RFC 9112 section 9.3).
bool keepsAlive(int minor, const HttpFields& fields);

}  // namespace emulator
