#pragma once

#include "emulator/base/boxed.hpp"
#include "emulator/base/url.hpp"
#include "emulator/protocol/fetch_step.hpp"
#include "emulator/protocol/http_authentication.hpp"
#include "emulator/protocol/tftp_download.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace emulator {

enum class FetchMethod : std::uint8_t { Get, Post, Put };

// Whom HTTP requests are handed to, instead of the URL's own server. TFTP goes past it.
struct HttpProxy {
    std::string host;
    std::uint16_t port = 3128;
    std::optional<HttpCredentials> credentials{};  // for 407; nothing: a challenge is not answered
};

// What to fetch, decided by the phone.
struct FetchRequest {
    Url url;
    std::string userAgent{};           // HTTP only
    std::size_t bodyLimit = 4u << 20;  // bytes; beyond it the fetch fails TooLarge
    FetchMethod method = FetchMethod::Get;
    SharedBytes body{};                              // of Post and Put
    ContentCoding coding = ContentCoding::Identity;  // of the body
    std::optional<HttpCredentials> credentials{};    // for 401; nothing: a challenge is not answered
    Boxed<HttpProxy> proxy{};
    std::uint64_t luck = 0;  // the phone's, of which client nonces are made
};

// Our choices; the guides state no times and no limits.
inline constexpr Duration httpConnectTimeout = std::chrono::seconds{10};
inline constexpr Duration httpIdleTimeout = std::chrono::seconds{20};
inline constexpr Duration httpTotalTimeout = std::chrono::seconds{60};
inline constexpr int mostRedirects = 5;
inline constexpr int mostCredentialRetries =
    2;  // of one URL after 401, and as many after 407 (PROV-HTTP-401)
inline constexpr std::size_t mostAddresses = 8;  // of one name that are tried

// One fetch of one file, from the name lookup to the last byte or the reason why not: redirects, next addresses
// and retransmissions are decided here. Owns no socket and no clock. Answers that were not asked for change nothing,
// and nothing follows FetchDone.
// - A name is looked up, an address is not. Addresses are tried in order until one answers: the next one follows
//   Unreachable and TimedOut, also of TFTP as long as no block has come; every other outcome is an answer.
// - 301 and 302 are followed at once, at most 5 times, with the same method and body: the table says that the request
//   is tried again there (RFC 9110 section 15.4 would allow a GET instead). 200 is the file; any other status is a
//   refusal. Our choice for the other 2xx: to GET they stand for no whole file, to POST and PUT they say that the
//   body was taken.
// - 401 and 407 are answered with credentials, at most twice each for one URL; without credentials, or when no
//   challenge can be answered, they are refusals at once (our choice). 407 is the proxy's, and gets the proxy's
//   credentials; where no proxy is set, one in between asks, and gets those of the file. What answers the URL's own
//   server goes to no other host, port or scheme: a redirect there leaves without credentials, for good (our choice).
// - Through a proxy only the proxy's name is looked up, and the whole URL is asked for (RFC 9112 section 3.2.2).
// - Content-Encoding gzip and deflate are undone here, within the limit; aes128gcm is named to the phone, who has
//   the key.
// Errors of FetchDone: Unresolvable; Unreachable; TimedOut; NotFound (TFTP error 1, HTTP 404: category B);
//         Refused (any other refusal: category C); Malformed; Corrupt (cut off, or not what its Content-Encoding
//         says); TooLarge; Unsupported (https, and another Content-Encoding).
//         The detail is what $ERR shows (MACRO-ERR).
// Source: "Cisco IP Conference Phone 7832 Multiplatform Phones Provisioning Guide, In-House Preprovisioning",
//         HTTP status table (PROV-HTTP-*); RFC 1350 (TFTP-RFC1350); DNS-A-ITERATE; "Cisco IP Phone MPP Administration
//         Guide", HTTP Proxy Settings.
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
    // 401 and 407: asks again with an answer to the challenge, or ends.
    void authenticate(const HttpResponse& response, FetchSteps& steps);
    void addAuthorization(HttpRequest& request);
    void takeOutcome(TimePoint now, TftpDownload::Outcome outcome, FetchSteps& steps);
    void tryNext(TimePoint now, const Error& error, FetchSteps& steps);
    void decode(std::string_view encoding, const SharedBytes& body, FetchSteps& steps);
    void end(Result<SharedBytes> file, FetchSteps& steps, ContentCoding coding = ContentCoding::Identity);
    bool usesProxy() const { return m_request.proxy && m_request.url.scheme == Scheme::Http; }

    FetchRequest m_request;
    std::vector<IpAddress> m_addresses;  // of the host that are still to be tried, the next one last
    std::optional<TftpDownload> m_download;
    // Challenges that were answered so far.
    struct Answered {
        std::optional<HttpChallenge> challenge;
        std::string cnonce;
        std::uint32_t uses = 0;  // of its nonce
        int retries = 0;
    };
    struct Authentication {
        Answered server;
        Answered proxy;
        std::uint64_t luck = 0;  // how many client nonces were made
    };
    Boxed<Authentication> m_authentication;
    IpAddress m_asked;  // by the HTTP call in progress
    int m_redirects = 0;
    Phase m_phase = Phase::New;
};

}  // namespace emulator
