#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/result.hpp"
#include "emulator/base/shared_bytes.hpp"
#include "emulator/base/time_point.hpp"
#include "emulator/protocol/http_message.hpp"

#include <boost/container/small_vector.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace emulator {

// What a fetch asks of the world, one at a time (design decision D11). Times and limits are data in it.

// Asks for the addresses of a name. Answer: exactly one LookedUp.
struct LookUp {
    std::string host;
};

// Tells the phone whom the next step asks. No answer. Nothing: a proxy asks a name that only the proxy looks up.
struct Addressed {
    std::optional<IpAddress> server;
};

// One connection, one request. Answer: exactly one HttpAnswered.
struct HttpCall {
    Endpoint server;
    bool tls = false;
    std::string host{};  // for certificate checks
    HttpRequest request{};
    HttpLimits limits{};
    Duration connectTimeout{};  // until connected
    Duration idleTimeout{};     // between two bytes
    Duration totalTimeout{};    // for the whole call: a byte a second ends, too
};

// Sends from this fetch's own port.
struct SendDatagram {
    Endpoint to;
    std::string bytes;
};

// Replaces any earlier one. Answer: WaitOver.
struct WaitUntil {
    TimePoint at;
};

// What a Content-Encoding says of the file beyond what its own bytes say (RFC 9110 section 8.4).
enum class ContentCoding : std::uint8_t { Identity, Aes128Gcm };
inline constexpr std::string_view aes128GcmCoding = "aes128gcm";

// The last step; the file is never null.
struct FetchDone {
    Result<SharedBytes> file;
    ContentCoding coding = ContentCoding::Identity;
};

using FetchStep = std::variant<LookUp, Addressed, HttpCall, SendDatagram, WaitUntil, FetchDone>;
using FetchSteps = boost::container::small_vector<FetchStep, 3>;

struct LookedUp {
    Result<std::vector<IpAddress>> addresses;
};
struct HttpAnswered {
    Result<HttpResponse> response;
};
struct DatagramArrived {
    Endpoint from;
    std::string_view bytes;
};
struct DatagramRefused {
    Endpoint by;  // ICMP port unreachable
};
struct WaitOver {};
using FetchEvent = std::variant<LookedUp, HttpAnswered, DatagramArrived, DatagramRefused, WaitOver>;

}  // namespace emulator
