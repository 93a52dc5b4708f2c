#pragma once

#include "emulator/base/url.hpp"
#include "emulator/protocol/fetch_step.hpp"
#include "emulator/protocol/tftp_download.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace emulator {

enum class FetchMethod : std::uint8_t { Get, Post, Put };

struct HttpCredentials {
    std::string user;
    std::string password;
};

// What to fetch, decided by the phone.
struct FetchRequest {
    Url url;
    std::string userAgent{};           // HTTP only
    std::size_t bodyLimit = 4u << 20;  // bytes; beyond it the fetch fails TooLarge
    FetchMethod method = FetchMethod::Get;
    SharedBytes body{};                            // of Post and Put
    std::optional<HttpCredentials> credentials{};  // for 401; nothing: a challenge is not answered
};

// Our choices; the guides state no times and no limits.
inline constexpr Duration httpConnectTimeout = std::chrono::seconds{10};
inline constexpr Duration httpIdleTimeout = std::chrono::seconds{20};
inline constexpr Duration httpTotalTimeout = std::chrono::seconds{60};
inline constexpr int mostRedirects = 5;
inline constexpr std::size_t mostAddresses = 8;  // of one name that are tried

// One fetch of one file, from the name lookup to the last byte or the reason why not: redirects, next addresses
// and retransmissions are decided here. Owns no socket and no clock. Answers that were not asked for change nothing,
// and nothing follows FetchDone.
// - A name is looked up, an address is not. Addresses are tried in order until one answers: the next one follows
//   Unreachable and TimedOut, also of TFTP as long as no block has come; every other outcome is an answer.
// - 301 and 302 are followed at once, at most 5 times; 200 is the file; any other status is a refusal. Our choice
//   for the other 2xx: they stand for no whole file.
// Errors of FetchDone: Unresolvable; Unreachable; TimedOut; NotFound (TFTP error 1, HTTP 404: category B);
//         Refused (any other refusal: category C); Malformed; Corrupt (cut off); TooLarge; Unsupported (https, and
//         a body with a Content-Encoding: none is asked for).
//         The detail is what $ERR shows (MACRO-ERR).
// Source: "Cisco IP Conference Phone 7832 Multiplatform Phones Provisioning Guide, In-House Preprovisioning",
//         HTTP status table (PROV-HTTP-*); RFC 1350 (TFTP-RFC1350); DNS-A-ITERATE.
class Fetch {
public:
    explicit Fetch(FetchRequest request);
    FetchSteps begin(TimePoint now);
    FetchSteps handle(TimePoint now, const FetchEvent& event);

    const Url& url() const
    {
        return m_request.url;
    }  // where it is now: the redirect's target after a redirect

private:
    enum class Phase : std::uint8_t { New, LookingUp, Calling, Downloading, Done };

    void locate(TimePoint now, FetchSteps& steps);  // the server of url()
    void ask(TimePoint now, FetchSteps& steps);     // the address that is next
    void callHttp(IpAddress server, FetchSteps& steps);
    void takeAddresses(TimePoint now, const LookedUp& event, FetchSteps& steps);
    void takeAnswer(TimePoint now, const HttpAnswered& event, FetchSteps& steps);
    void takeResponse(TimePoint now, const HttpResponse& response, FetchSteps& steps);
    void follow(TimePoint now, const HttpResponse& response, FetchSteps& steps);
    void takeOutcome(TimePoint now, TftpDownload::Outcome outcome, FetchSteps& steps);
    void tryNext(TimePoint now, const Error& error, FetchSteps& steps);
    void end(Result<SharedBytes> file, FetchSteps& steps);

    FetchRequest m_request;
    std::vector<IpAddress> m_addresses;  // of the host that are still to be tried, the next one last
    std::optional<TftpDownload> m_download;
    int m_redirects = 0;
    Phase m_phase = Phase::New;
};

}  // namespace emulator
