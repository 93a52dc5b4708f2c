#include "emulator/protocol/fetch.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/base/chance.hpp"
#include "emulator/base/hex_digit.hpp"
#include "emulator/base/overloaded.hpp"
#include "emulator/profile/gzip.hpp"
#include "emulator/protocol/printable.hpp"
#include "emulator/protocol/redirect_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace emulator {

namespace {

// The file that a TFTP URL names: its path without the slash that separates it from the server, %XX decoded
// (RFC 3617 section 3); %00 stays as written, for a request cannot hold it.
std::string tftpFile(std::string_view path)
{
    path.remove_prefix(path.starts_with('/') ? 1 : 0);
    std::string file;
    file.reserve(path.size());
    for (std::size_t i = 0; i < path.size(); ++i) {
        const bool escape = path[i] == '%' && path.size() - i > 2;
        const int high = escape ? hexDigit(path[i + 1]) : -1;
        const int low = escape ? hexDigit(path[i + 2]) : -1;
        if (high < 0 || low < 0 || high + low == 0) {
            file.push_back(path[i]);
            continue;
        }
        file.push_back(static_cast<char>(high << 4 | low));
        i += 2;
    }
    return file;
}

std::string hostField(const Url& url)
{
    if (url.port == defaultPort(url.scheme))
        return url.host;
    return fmt::format("{}:{}", url.host, url.port);
}

// In the order that a real phone's log shows (Cisco tech note 221021, EDOS and profile requests). The type of a body
// is the one that the phone's client library, libcurl, sends unless told otherwise (our choice).
HttpFields requestFields(const FetchRequest& request)
{
    HttpFields fields;
    fields.lines.reserve(6);
    if (!request.userAgent.empty())
        fields.lines.emplace_back("User-Agent", request.userAgent);
    fields.lines.emplace_back("Host", hostField(request.url));
    fields.lines.emplace_back("Accept-Encoding", "deflate, gzip");
    fields.lines.emplace_back("Accept", "*/*");
    fields.lines.emplace_back("Accept-Language", "en");
    fields.lines.emplace_back("Accept-Charset", "iso-8859-1");
    if (request.method != FetchMethod::Get)
        fields.lines.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    if (request.coding == ContentCoding::Aes128Gcm)
        fields.lines.emplace_back("Content-Encoding", aes128GcmCoding);
    return fields;
}

std::string_view methodName(FetchMethod method)
{
    switch (method) {
    case FetchMethod::Get:
        return "GET";
    case FetchMethod::Post:
        return "POST";
    case FetchMethod::Put:
        return "PUT";
    }
    return "";
}

bool sameServer(const Url& a, const Url& b)
{
    return a.scheme == b.scheme && a.port == b.port && equalsAnyCase(a.host, b.host);
}

// Eight hexadecimal digits, as real phones send: another for each challenge, the same in every run.
std::string clientNonce(std::uint64_t luck)
{
    return fmt::format("{:08x}", mixBits(luck) & 0xffffffffu);
}

// "HTTP 503 Service Unavailable"
std::string statusDetail(const HttpResponse& response)
{
    std::string_view reason = standardReason(response.status);
    const std::string said = printable(response.reason);
    if (reason.empty())
        reason = said;
    return reason.empty() ? fmt::format("HTTP {}", response.status)
                          : fmt::format("HTTP {} {}", response.status, reason);
}

bool mayTryNext(const Error& error)
{
    return error.kind == ErrorKind::Unreachable || error.kind == ErrorKind::TimedOut;
}

}  // namespace

Fetch::Fetch(FetchRequest request) : m_request{std::move(request)} {}

FetchSteps Fetch::begin(TimePoint now)
{
    assert(m_phase == Phase::New);
    FetchSteps steps;
    locate(now, steps);
    return steps;
}

FetchSteps Fetch::handle(TimePoint now, const FetchEvent& event)
{
    FetchSteps steps;
    std::visit(Overloaded{
                   [&](const LookedUp& e) {
                       if (m_phase == Phase::LookingUp)
                           takeAddresses(now, e, steps);
                   },
                   [&](const HttpAnswered& e) {
                       if (m_phase == Phase::Calling)
                           takeAnswer(now, e, steps);
                   },
                   [&](const DatagramArrived& e) {
                       if (m_phase == Phase::Downloading)
                           takeOutcome(now, m_download->arrived(now, e.from, e.bytes, steps), steps);
                   },
                   [&](const DatagramRefused& e) {
                       if (m_phase == Phase::Downloading)
                           takeOutcome(now, m_download->refused(e.by), steps);
                   },
                   [&](const WaitOver&) {
                       if (m_phase == Phase::Downloading)
                           takeOutcome(now, m_download->waitOver(now, steps), steps);
                   },
               },
               event);
    return steps;
}

void Fetch::locate(TimePoint now, FetchSteps& steps)
{
    m_addresses.clear();
    if (m_request.url.scheme == Scheme::Https) {
        end(fail(ErrorKind::Unsupported, "https is not emulated"), steps);
        return;
    }
    const std::string& host = usesProxy() ? m_request.proxy->host : m_request.url.host;
    const Result<IpAddress> address = IpAddress::parse(host);
    if (address.has_value()) {
        m_addresses.push_back(*address);
        ask(now, steps);
        return;
    }
    m_phase = Phase::LookingUp;
    steps.emplace_back(LookUp{host});
}

void Fetch::ask(TimePoint now, FetchSteps& steps)
{
    const IpAddress server = m_addresses.back();
    m_addresses.pop_back();
    if (!usesProxy())
        steps.emplace_back(Addressed{server});
    else if (const Result<IpAddress> named = IpAddress::parse(m_request.url.host); named.has_value())
        steps.emplace_back(Addressed{*named});
    else
        steps.emplace_back(Addressed{std::nullopt});
    if (m_request.url.scheme == Scheme::Http) {
        callHttp(server, steps);
        return;
    }
    m_phase = Phase::Downloading;
    m_download.emplace(Endpoint{server, m_request.url.port}, tftpFile(m_request.url.path),
                       m_request.bodyLimit);
    takeOutcome(now, m_download->begin(now, steps), steps);
}

void Fetch::callHttp(IpAddress server, FetchSteps& steps)
{
    m_phase = Phase::Calling;
    HttpCall call;
    call.server = {server, usesProxy() ? m_request.proxy->port : m_request.url.port};
    call.host = m_request.url.host;
    call.request.method = methodName(m_request.method);
    call.request.target = m_request.url.path;
    if (usesProxy())
        call.request.target = fmt::format("http://{}{}", hostField(m_request.url), m_request.url.path);
    call.request.fields = requestFields(m_request);
    call.request.body = m_request.body;
    m_asked = server;
    if (m_authentication)
        addAuthorization(call.request);
    call.limits.bodyBytes = m_request.bodyLimit;
    call.connectTimeout = httpConnectTimeout;
    call.idleTimeout = httpIdleTimeout;
    call.totalTimeout = httpTotalTimeout;
    steps.emplace_back(std::move(call));
}

void Fetch::takeAddresses(TimePoint now, const LookedUp& event, FetchSteps& steps)
{
    if (!event.addresses.has_value()) {
        end(fail(ErrorKind::Unresolvable, event.addresses.error().detail), steps);
        return;
    }
    if (event.addresses->empty()) {
        const std::string& host = usesProxy() ? m_request.proxy->host : m_request.url.host;
        end(fail(ErrorKind::Unresolvable, fmt::format("no address of '{}'", host)), steps);
        return;
    }
    const std::size_t count = std::min(event.addresses->size(), mostAddresses);
    m_addresses.assign(event.addresses->begin(),
                       event.addresses->begin() + static_cast<std::ptrdiff_t>(count));
    std::reverse(m_addresses.begin(), m_addresses.end());
    ask(now, steps);
}

void Fetch::takeAnswer(TimePoint now, const HttpAnswered& event, FetchSteps& steps)
{
    if (event.response.has_value())
        takeResponse(now, *event.response, steps);
    else
        tryNext(now, event.response.error(), steps);
}

void Fetch::takeResponse(TimePoint now, const HttpResponse& response, FetchSteps& steps)
{
    if (response.status == 301 || response.status == 302) {
        follow(now, response, steps);
        return;
    }
    if (response.status == 401 || response.status == 407) {
        authenticate(response, steps);
        return;
    }
    const bool taken = m_request.method != FetchMethod::Get && response.status / 100 == 2;
    if (response.status != 200 && !taken) {
        const ErrorKind kind = response.status == 404 ? ErrorKind::NotFound : ErrorKind::Refused;
        end(fail(kind, statusDetail(response)), steps);
        return;
    }
    if (response.body && response.body->size() > m_request.bodyLimit) {
        end(fail(ErrorKind::TooLarge, fmt::format("file beyond {} bytes", m_request.bodyLimit)), steps);
        return;
    }
    const SharedBytes body = response.body ? response.body : shareBytes({});
    const std::string_view encoding = response.fields.first("Content-Encoding");
    if (encoding.empty() || equalsAnyCase(encoding, "identity"))
        end(body, steps);
    else
        decode(encoding, body, steps);
}

void Fetch::decode(std::string_view encoding, const SharedBytes& body, FetchSteps& steps)
{
    const auto unpacked = [&](Result<std::string> file) -> Result<SharedBytes> {
        if (file.has_error())
            return fail(ErrorKind::Corrupt, "Content-Encoding: " + file.error().detail);
        return shareBytes(std::move(*file));
    };
    if (equalsAnyCase(encoding, "gzip") || equalsAnyCase(encoding, "x-gzip"))
        end(unpacked(gunzip(*body, m_request.bodyLimit)), steps);
    else if (equalsAnyCase(encoding, "deflate"))
        end(unpacked(unpackDeflate(*body, m_request.bodyLimit)), steps);
    else if (equalsAnyCase(encoding, aes128GcmCoding))
        end(body, steps, ContentCoding::Aes128Gcm);
    else
        end(fail(ErrorKind::Unsupported,
                 fmt::format("Content-Encoding '{}'; expected gzip, deflate or aes128gcm",
                             printable(encoding))),
            steps);
}

void Fetch::follow(TimePoint now, const HttpResponse& response, FetchSteps& steps)
{
    const std::string_view location = response.fields.first("Location");
    if (location.empty()) {
        end(fail(ErrorKind::Refused, statusDetail(response) + " without a Location"), steps);
        return;
    }
    if (m_redirects == mostRedirects) {
        end(fail(ErrorKind::Refused, fmt::format("more than {} redirects", mostRedirects)), steps);
        return;
    }
    ++m_redirects;
    Result<Url> target = redirectTarget(m_request.url, location);
    if (!target.has_value()) {
        end(fail(target.error()), steps);
        return;
    }
    if (!sameServer(m_request.url, *target))
        m_request.credentials.reset();
    if (m_authentication)
        m_authentication->server = {};
    m_request.url = std::move(*target);
    locate(now, steps);
}

void Fetch::authenticate(const HttpResponse& response, FetchSteps& steps)
{
    const bool byProxy = response.status == 407;
    const std::optional<HttpCredentials>& credentials =
        byProxy && usesProxy() ? m_request.proxy->credentials : m_request.credentials;
    const auto refuse = [&] { end(fail(ErrorKind::Refused, statusDetail(response)), steps); };
    if (!credentials)
        return refuse();
    std::optional<HttpChallenge> challenge =
        strongestChallenge(response.fields, byProxy ? "Proxy-Authenticate" : "WWW-Authenticate");
    Authentication& state = m_authentication.ensure();
    Answered& answered = byProxy ? state.proxy : state.server;
    if (!challenge || answered.retries == mostCredentialRetries ||
        !answerTo(*challenge, *credentials, {}).has_value())
        return refuse();
    if (!answered.challenge || answered.challenge->nonce != challenge->nonce) {
        answered.cnonce = clientNonce(m_request.luck + ++state.luck);
        answered.uses = 0;
    }
    answered.challenge = std::move(challenge);
    ++answered.retries;
    callHttp(m_asked, steps);
}

void Fetch::addAuthorization(HttpRequest& request)
{
    const auto add = [&](Answered& answered, const std::optional<HttpCredentials>& credentials,
                         std::string_view uri, std::string_view field) {
        if (!answered.challenge || !credentials)
            return;
        const DigestUse use{request.method, uri, answered.cnonce, ++answered.uses};
        if (std::optional<std::string> value = answerTo(*answered.challenge, *credentials, use))
            request.fields.add(std::string{field}, *std::move(value));
    };
    const std::optional<HttpCredentials>& ofProxy =
        usesProxy() ? m_request.proxy->credentials : m_request.credentials;
    add(m_authentication->proxy, ofProxy, request.target, "Proxy-Authorization");
    // The proxy takes the URL apart: its path is what the server is asked for.
    add(m_authentication->server, m_request.credentials, m_request.url.path, "Authorization");
}

void Fetch::takeOutcome(TimePoint now, TftpDownload::Outcome outcome, FetchSteps& steps)
{
    if (!outcome.has_value())
        return;
    if (!outcome->has_value() && !m_download->answered())
        tryNext(now, outcome->error(), steps);
    else
        end(std::move(*outcome), steps);
}

void Fetch::tryNext(TimePoint now, const Error& error, FetchSteps& steps)
{
    if (mayTryNext(error) && !m_addresses.empty())
        ask(now, steps);
    else
        end(fail(error), steps);
}

void Fetch::end(Result<SharedBytes> file, FetchSteps& steps, ContentCoding coding)
{
    m_phase = Phase::Done;
    steps.emplace_back(FetchDone{std::move(file), coding});
}

}  // namespace emulator
