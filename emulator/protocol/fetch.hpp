#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/result.hpp"
#include "emulator/base/shared_bytes.hpp"
#include "emulator/base/time_point.hpp"
#include "emulator/base/url.hpp"
#include "emulator/protocol/http_message.hpp"

#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace emulator {

// What to fetch, decided by the phone.
struct FetchRequest {
    Url url;
    std::string userAgent;                  // HTTP only
    std::size_t bodyLimit = 4u << 20;       // bytes; beyond it the fetch fails TooLarge
};

// What a fetch asks of the world, one at a time (design decision D11). Times and limits are data in it.
struct LookUp { std::string host; };                      // answer: LookedUp
struct Addressed { IpAddress server; };                   // no answer: tells the phone whom it will ask
struct HttpCall {                                         // one connection, one request; answer: HttpAnswered
    Endpoint server;
    bool tls = false;
    std::string host;  // for certificate checks
    HttpRequest request;
    HttpLimits limits;
    Duration connectTimeout;   // until connected
    Duration idleTimeout;      // between two bytes
    Duration totalTimeout;     // for the whole call: a byte a second ends, too
};
struct SendDatagram { Endpoint to; std::string bytes; };  // from this fetch's own port
struct WaitUntil { TimePoint at; };                       // answer: WaitOver; replaces any earlier
struct FetchDone { Result<SharedBytes> file; };           // the last step
using FetchStep = std::variant<LookUp, Addressed, HttpCall, SendDatagram, WaitUntil, FetchDone>;
using FetchSteps = boost::container::small_vector<FetchStep, 2>;

struct LookedUp { Result<std::vector<IpAddress>> addresses; };
struct HttpAnswered { Result<HttpResponse> response; };
struct DatagramArrived { Endpoint from; std::string_view bytes; };
struct DatagramRefused { Endpoint by; };                  // ICMP port unreachable
struct WaitOver {};
using FetchEvent = std::variant<LookedUp, HttpAnswered, DatagramArrived, DatagramRefused, WaitOver>;

// One fetch of one file, from the name lookup to the last byte or the reason why not: redirects, next addresses
// and retransmissions are decided here. Owns no socket and no clock. Answers that were not asked for change nothing.
// Errors of FetchDone: Unresolvable; Unreachable; TimedOut; NotFound (TFTP error 1, HTTP 404: category B);
//         Refused (any other refusal: category C); Malformed; Corrupt (cut off); TooLarge; Unsupported (https).
//         The detail is what $ERR shows (MACRO-ERR).
// Source: "Cisco IP Conference Phone 7832 Multiplatform Phones Provisioning Guide, In-House Preprovisioning",
//         HTTP status table (PROV-HTTP-*); RFC 1350 (TFTP-RFC1350); DNS-A-ITERATE.
class Fetch {
public:
    explicit Fetch(FetchRequest request);
    FetchSteps begin(TimePoint now);
    FetchSteps handle(TimePoint now, const FetchEvent& event);

    const Url& url() const;  // where it is now: the redirect's target after a redirect

private:
    FetchRequest m_request;
    // … of the implementer
};

}  // namespace emulator
