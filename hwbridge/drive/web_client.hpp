#pragma once

#include "emulator/base/url.hpp"
#include "emulator/protocol/http_authentication.hpp"
#include "emulator/protocol/rig_user_agent.hpp"
#include "hwbridge/drive/web_access.hpp"

#include <optional>
#include <string>

namespace hwbridge {

struct WebRequest {
    std::string method = "GET";
    std::string target = "/";   // path with query
    std::string contentType{};  // of the body
    std::string body{};
    std::string userAgent{emulator::rigUserAgent};  // a person's visit has another
    // Sent as it is, whatever the device asks for, and 401 is a reply: whoever logs in otherwise than the rig would.
    std::string authorization{};
};

struct WebReply {
    int status = 200;
    std::string target;  // of the page that answered: another one after a redirect
    std::string contentType;
    std::string body;
    std::string date{};  // its Date field; empty: none
};

// The HTTP client for a device on the bench: does what a careful browser does, on the calling thread. One object per
// device and thread.
//
// Credentials: Basic and Digest (MD5, SHA-256), sent when the device asks for them, once; a second refusal is the end.
// Redirects:   at most 5, to the same host only, never from https to http. A redirected POST becomes a GET (but of 307 and
//              308), unless the same path has only moved, as to https: then it is sent there, and so is what follows (our
//              choice: firmware 12.0(3) moves all of its pages so).
// Connections: one per request. A request is never sent twice but for its credentials: a reboot is one reboot.
class WebClient {
public:
    // Errors: Malformed, Unsupported: the URL.
    static emulator::Result<WebClient> open(WebAccess access);

    // Any answer with a status other than 401 is a reply, also one that says no; so is 401 to `authorization`.
    // Errors, one clear sentence each that names the device: those of exchangeOverSocket(); Refused: wrong or missing
    // credentials, a redirect elsewhere.
    emulator::Result<WebReply> send(const WebRequest& request);

    const WebAccess& access() const { return m_access; }
    std::string place() const;  // "CP7832-1 at 192.0.2.7:80"

private:
    WebClient(WebAccess access, emulator::Url base);
    emulator::Result<emulator::HttpResponse> ask(const emulator::Url& url, const WebRequest& request,
                                                 std::chrono::steady_clock::time_point deadline);
    std::optional<std::string> authorization(const emulator::Url& url, const WebRequest& request);
    emulator::Error refusedLogin(const emulator::HttpResponse& response) const;
    emulator::Result<emulator::Url> redirected(const emulator::Url& from, std::string_view location) const;

    WebAccess m_access;
    emulator::Url m_base;
    std::optional<emulator::HttpChallenge> m_challenge;  // the one that the device asks with
    std::uint32_t m_answered = 0;                        // how often
};

}  // namespace hwbridge
