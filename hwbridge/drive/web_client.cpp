#include "hwbridge/drive/web_client.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/protocol/http_message.hpp"
#include "emulator/protocol/redirect_target.hpp"
#include "hwbridge/drive/random_text.hpp"
#include "hwbridge/drive/socket_exchange.hpp"

#include <fmt/format.h>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::HttpResponse;
using emulator::Result;
using emulator::Url;

namespace {

constexpr int mostRedirects = 5;
constexpr std::string_view challengeField = "WWW-Authenticate";

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

Result<WebClient> WebClient::open(WebAccess access)
{
    std::string text = access.url;
    // The scheme is asked for: a bench does not guess how a phone is reached.
    if (text.find("://") == std::string::npos) {
        return emulator::fail(ErrorKind::Malformed, fmt::format("'{}' of {}: expected http://ADDRESS/ or "
                                                                "https://ADDRESS/",
                                                                text, access.device));
    }
    if (text.find('/', text.find("://") + 3) == std::string::npos)
        text += '/';
    Result<Url> base = Url::parse(text);
    if (!base.has_value())
        return emulator::fail(base.error().kind,
                              fmt::format("the address of {}: {}", access.device, base.error().detail));
    if (base->scheme == emulator::Scheme::Tftp) {
        return emulator::fail(ErrorKind::Unsupported,
                              fmt::format("'{}' of {}: expected http or https", access.url, access.device));
    }
    return WebClient{std::move(access), std::move(base).value()};
}

WebClient::WebClient(WebAccess access, Url base) : m_access{std::move(access)}, m_base{std::move(base)} {}

std::string WebClient::place() const
{
    return fmt::format("{} at {}:{}", m_access.device, m_base.host, m_base.port);
}

std::optional<std::string> WebClient::authorization(const Url& url, const WebRequest& request)
{
    if (!m_challenge)
        return std::nullopt;
    const std::string cnonce = randomText(16);
    return answerTo(*m_challenge, {m_access.user, m_access.password},
                    {request.method, url.path, cnonce, ++m_answered});
}

emulator::Error WebClient::refusedLogin(const HttpResponse& response) const
{
    if (m_access.user.empty()) {
        return emulator::fail(ErrorKind::Refused,
                              fmt::format("{} asks for a password, but none is known for it", place()));
    }
    if (!strongestChallenge(response.fields, challengeField)) {
        return emulator::fail(
            ErrorKind::Unsupported,
            fmt::format("{} asks for credentials in a way that is not known here: '{}', expected "
                        "Basic or Digest",
                        place(), response.fields.first(challengeField).substr(0, 200)));
    }
    return emulator::fail(ErrorKind::Refused,
                          fmt::format("{} refuses the user '{}' with the password that is known for it",
                                      place(), m_access.user));
}

// One request, and again with credentials when the device asks for them.
Result<HttpResponse> WebClient::ask(const Url& url, const WebRequest& request,
                                    std::chrono::steady_clock::time_point deadline)
{
    // A challenge of an earlier request may have grown old: then there is a new one, which is answered once.
    for (bool fresh = false;; fresh = true) {
        emulator::HttpRequest sent{.method = request.method, .target = url.path};
        const bool usual = url.port == emulator::defaultPort(url.scheme);
        sent.fields.add("Host", usual ? url.host : fmt::format("{}:{}", url.host, url.port));
        sent.fields.add("User-Agent", request.userAgent);
        sent.fields.add("Accept-Encoding", "identity");
        sent.fields.add("Connection", "close");
        const std::optional<std::string> login =
            request.authorization.empty() ? authorization(url, request) : request.authorization;
        if (login)
            sent.fields.add("Authorization", *login);
        if (!request.contentType.empty()) {
            sent.fields.add("Content-Type", request.contentType);
            sent.body = emulator::shareBytes(request.body);
        }
        Result<HttpResponse> response = exchangeOverSocket(m_access, url, sent, deadline);
        if (!response.has_value() || response->status != 401 || !request.authorization.empty())
            return response;
        std::optional<emulator::HttpChallenge> challenge =
            strongestChallenge(response->fields, challengeField);
        if (fresh || m_access.user.empty() || !challenge) {
            m_challenge.reset();
            return refusedLogin(response.value());
        }
        m_challenge = std::move(challenge);
        m_answered = 0;
    }
}

Result<Url> WebClient::redirected(const Url& from, std::string_view location) const
{
    Result<Url> to = redirectTarget(from, location);
    if (!to.has_value())
        return to;
    if (!emulator::equalsAnyCase(to->host, from.host)) {
        return emulator::fail(ErrorKind::Refused,
                              fmt::format("{} sends its readers to another host, {}; this is "
                                          "not followed",
                                          place(), to->host));
    }
    if (from.scheme == emulator::Scheme::Https && to->scheme != emulator::Scheme::Https) {
        return emulator::fail(
            ErrorKind::Refused,
            fmt::format("{} sends its readers from https to http; this is not followed", place()));
    }
    return to;
}

Result<WebReply> WebClient::send(const WebRequest& request)
{
    const auto deadline = std::chrono::steady_clock::now() + m_access.timeout;
    WebRequest now = request;
    Url url = m_base;
    url.path = request.target;
    for (int redirects = 0;; ++redirects) {
        Result<HttpResponse> response = ask(url, now, deadline);
        if (!response.has_value())
            return emulator::fail(response.error());
        const std::string_view location = response->fields.first("Location");
        if (!isRedirect(response->status) || location.empty()) {
            const std::string_view coding = response->fields.first("Content-Encoding");
            if (!coding.empty() && !emulator::equalsAnyCase(coding, "identity")) {
                return emulator::fail(ErrorKind::Unsupported,
                                      fmt::format("{} packs its answer as '{}', which it was asked not to do",
                                                  place(), coding.substr(0, 40)));
            }
            return WebReply{response->status, url.path, std::string{response->fields.first("Content-Type")},
                            response->body ? *response->body : std::string{},
                            std::string{response->fields.first("Date")}};
        }
        if (redirects == mostRedirects) {
            return emulator::fail(ErrorKind::Refused,
                                  fmt::format("{} redirects more than {} times", place(), mostRedirects));
        }
        Result<Url> next = redirected(url, location);
        if (!next.has_value())
            return emulator::fail(next.error());
        const bool moved = next->path == url.path;  // the same page, by https
        url = std::move(next).value();
        if (moved) {
            m_base = url;
        } else if (response->status < 307 && now.method != "GET") {
            now = {.method = "GET",
                   .target = url.path,
                   .userAgent = request.userAgent,
                   .authorization = request.authorization};
        }
    }
}

}  // namespace hwbridge
