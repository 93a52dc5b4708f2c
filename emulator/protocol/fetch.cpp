#include "emulator/protocol/fetch.hpp"

#include "emulator/base/overloaded.hpp"
#include "emulator/protocol/ascii_text.hpp"
#include "emulator/protocol/redirect_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace emulator {

namespace {

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

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

// In the order that a real phone's log shows (Cisco tech note 221021, EDOS and profile requests). There an
// "Accept-Encoding: deflate, gzip" follows Host; we ask for no encoding, for none is decoded here.
HttpFields requestFields(const FetchRequest& request)
{
    HttpFields fields;
    fields.lines.reserve(5);
    if (!request.userAgent.empty())
        fields.lines.emplace_back("User-Agent", request.userAgent);
    fields.lines.emplace_back("Host", hostField(request.url));
    fields.lines.emplace_back("Accept", "*/*");
    fields.lines.emplace_back("Accept-Language", "en");
    fields.lines.emplace_back("Accept-Charset", "iso-8859-1");
    return fields;
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
    const Result<IpAddress> address = IpAddress::parse(m_request.url.host);
    if (address.has_value()) {
        m_addresses.push_back(*address);
        ask(now, steps);
        return;
    }
    m_phase = Phase::LookingUp;
    steps.emplace_back(LookUp{m_request.url.host});
}

void Fetch::ask(TimePoint now, FetchSteps& steps)
{
    const IpAddress server = m_addresses.back();
    m_addresses.pop_back();
    steps.emplace_back(Addressed{server});
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
    call.server = {server, m_request.url.port};
    call.host = m_request.url.host;
    call.request.target = m_request.url.path;
    call.request.fields = requestFields(m_request);
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
        end(fail(ErrorKind::Unresolvable, fmt::format("no address of '{}'", m_request.url.host)), steps);
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
    if (response.status != 200) {
        const ErrorKind kind = response.status == 404 ? ErrorKind::NotFound : ErrorKind::Refused;
        end(fail(kind, statusDetail(response)), steps);
        return;
    }
    const std::string_view encoding = response.fields.first("Content-Encoding");
    if (!encoding.empty() && !equalsIgnoringCase(encoding, "identity")) {
        end(fail(ErrorKind::Unsupported,
                 fmt::format("Content-Encoding '{}'; none was asked for", printable(encoding))),
            steps);
        return;
    }
    if (response.body && response.body->size() > m_request.bodyLimit) {
        end(fail(ErrorKind::TooLarge, fmt::format("file beyond {} bytes", m_request.bodyLimit)), steps);
        return;
    }
    end(response.body ? response.body : shareBytes({}), steps);
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
    m_request.url = std::move(*target);
    locate(now, steps);
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

void Fetch::end(Result<SharedBytes> file, FetchSteps& steps)
{
    m_phase = Phase::Done;
    steps.emplace_back(FetchDone{std::move(file)});
}

}  // namespace emulator
