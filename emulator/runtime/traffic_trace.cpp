#include "emulator/runtime/traffic_trace.hpp"

#include "emulator/base/overloaded.hpp"
#include "emulator/protocol/printable.hpp"
#include "emulator/protocol/syslog_message.hpp"
#include "emulator/protocol/tftp_packet.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

namespace emulator {

namespace {

std::string processKey()
{
    static const std::string key = [] {
        std::array<unsigned char, 32> random{};
        RAND_bytes(random.data(), static_cast<int>(random.size()));
        return std::string{random.begin(), random.end()};
    }();
    return key;
}

bool startsWithNoCase(std::string_view text, std::string_view lower)
{
    return text.size() >= lower.size() &&
           std::equal(lower.begin(), lower.end(), text.begin(),
                      [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

bool containsNoCase(std::string_view text, std::string_view lower)
{
    for (; text.size() >= lower.size(); text.remove_prefix(1))
        if (startsWithNoCase(text, lower))
            return true;
    return false;
}

// A query parameter whose value nobody may read: xpassword, Admin_Passwd, key, token …
bool namesSecret(std::string_view parameter)
{
    constexpr std::array<std::string_view, 6> parts{"passw", "pwd",        "secret",
                                                    "token", "passphrase", "credential"};
    return startsWithNoCase(parameter, "key") || startsWithNoCase(parameter, "pass") ||
           std::any_of(parts.begin(), parts.end(),
                       [&](auto part) { return containsNoCase(parameter, part); });
}

// Length of the white space at the start, as it may stand in a target: " ", "+", "%20", "%09".
std::size_t spaceLength(std::string_view text)
{
    if (text.empty())
        return 0;
    if (text.front() == ' ' || text.front() == '\t' || text.front() == '+')
        return 1;
    return text.starts_with("%20") || text.starts_with("%09") ? 3 : 0;
}

bool endsOption(std::string_view text)
{
    return text.empty() || text.front() == ']' || startsWithNoCase(text, "%5d") || spaceLength(text) != 0;
}

// Length of "user:password" when `text`, which follows "://", begins with that and '@'; else 0.
std::size_t credentialsLength(std::string_view text)
{
    const std::size_t end = std::min(text.find_first_of("/?# \t\r\n\"<>"), text.size());
    const std::size_t at = text.substr(0, end).rfind('@');
    return at == std::string_view::npos ? 0 : at;
}

// Length of a rule option's argument, which may stand in double quotes (RULE-KEY-QUOTES).
std::size_t argumentLength(std::string_view text)
{
    for (const std::string_view quote : {"\"", "%22"}) {
        if (!text.starts_with(quote))
            continue;
        const std::size_t end = text.find(quote, quote.size());
        return end == std::string_view::npos ? text.size() : end + quote.size();
    }
    std::size_t length = 0;
    while (!endsOption(text.substr(length)))
        ++length;
    return length;
}

// RULE-KEY-DASHES, RULE-KEY-NODASHES.
constexpr std::size_t longestShownBody = 500;

constexpr std::array<std::string_view, 5> secretOptions{"--key", "--uid", "--pwd", "[key", "%5bkey"};

void appendOptions(std::string& out, const TftpOptions& options)
{
    out.clear();
    for (const auto& [name, value] : options) {
        if (!out.empty())
            out += ' ';
        out.append(name).append(1, '=').append(value);
    }
}

}  // namespace

TrafficTrace::TrafficTrace() : m_key{processKey()} {}

TrafficTrace::TrafficTrace(std::string key) : m_key{std::move(key)} {}

std::string TrafficTrace::pseudonym(std::string_view secret) const
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned length = 0;
    HMAC(EVP_sha256(), m_key.data(), static_cast<int>(m_key.size()),
         reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), hash.data(), &length);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "secret-";
    for (std::size_t i = 0; i < 6; ++i) {
        text += digits[hash[i] >> 4];
        text += digits[hash[i] & 15];
    }
    return text;
}

std::string TrafficTrace::replaced(std::string_view text) const
{
    std::string out;
    bool inQuery = false;
    while (!text.empty()) {
        // "?name=value" and "&name=value"
        if (text.front() == '?' || (inQuery && text.front() == '&')) {
            inQuery = true;
            const std::size_t end = std::min(text.find_first_of("=&/?# ", 1), text.size());
            const bool secret = end < text.size() && text[end] == '=' && namesSecret(text.substr(1, end - 1));
            const std::size_t kept = secret ? end + 1 : 1;
            out.append(text.substr(0, kept));
            text.remove_prefix(kept);
            if (secret) {
                const std::size_t length = std::min(text.find_first_of("&# "), text.size());
                if (length > 0)
                    out += pseudonym(text.substr(0, length));
                text.remove_prefix(length);
            }
            continue;
        }
        if (text.starts_with("://")) {
            out += "://";
            text.remove_prefix(3);
            if (const std::size_t length = credentialsLength(text); length > 0) {
                out += pseudonym(text.substr(0, length));
                text.remove_prefix(length);
            }
            continue;
        }
        const auto option = std::find_if(secretOptions.begin(), secretOptions.end(),
                                         [&](std::string_view name) { return startsWithNoCase(text, name); });
        if (option != secretOptions.end()) {
            out.append(text.substr(0, option->size()));
            text.remove_prefix(option->size());
            while (const std::size_t space = spaceLength(text)) {
                out.append(text.substr(0, space));
                text.remove_prefix(space);
            }
            if (const std::size_t length = argumentLength(text); length > 0) {
                out += pseudonym(text.substr(0, length));
                text.remove_prefix(length);
            }
            continue;
        }
        out += text.front();
        text.remove_prefix(1);
    }
    return out;
}

namespace {

// Two dashes with something right behind them: the " -- " of every syslog line is none.
bool namesAnOption(std::string_view text)
{
    for (std::size_t at = text.find("--"); at != std::string_view::npos; at = text.find("--", at + 1))
        if (at + 2 < text.size() && text[at + 2] != ' ')
            return true;
    return false;
}

}  // namespace

std::string_view TrafficTrace::withoutSecrets(std::string_view text)
{
    // Hardly any text can hold a secret; the others are not copied.
    if (text.find('@') == std::string_view::npos && text.find('?') == std::string_view::npos &&
        text.find("key") == std::string_view::npos && !namesAnOption(text))
        return text;
    m_text = replaced(text);
    return m_text;
}

void TrafficTrace::describe(TraceEvent& event, const HttpRequest& request)
{
    event.kind = EventKind::HttpRequest;
    event.add(FieldName::Method, request.method);
    event.add(FieldName::Target, withoutSecrets(request.target));
    if (const std::string_view host = request.fields.first("Host"); !host.empty())
        event.add(FieldName::Host, host);
    if (const std::string_view agent = request.fields.first("User-Agent"); !agent.empty())
        event.add(FieldName::UserAgent, agent);
    event.add(FieldName::Minor, std::int64_t{request.minor});
    if (const std::string_view coding = request.fields.first("Content-Encoding"); !coding.empty())
        event.add(FieldName::Coding, coding);
    event.add(FieldName::Bytes, static_cast<std::int64_t>(request.body ? request.body->size() : 0));
}

void TrafficTrace::describeUpload(TraceEvent& event, const HttpRequest& request)
{
    if (!request.body || request.body->empty())
        return;
    m_other = replaced('?' + printable(*request.body, longestShownBody));
    event.add(FieldName::Body, std::string_view{m_other}.substr(1));
}

void TrafficTrace::describe(TraceEvent& event, const HttpResponse& response)
{
    event.kind = EventKind::HttpResponse;
    event.add(FieldName::Status, std::int64_t{response.status});
    event.add(FieldName::Reason,
              response.reason.empty() ? standardReason(response.status) : std::string_view{response.reason});
    event.add(FieldName::Minor, std::int64_t{response.minor});
    event.add(FieldName::Bytes, static_cast<std::int64_t>(response.body ? response.body->size() : 0));
}

std::optional<EventKind> TrafficTrace::describeTftp(TraceEvent& event, std::string_view datagram)
{
    const Result<TftpPacket> decoded = decodeTftp(datagram);
    if (decoded.has_error())
        return std::nullopt;
    // File, mode and message are C strings of the datagram itself, which lives longer than the decoded packet.
    const auto cString = [&](std::size_t from) {
        const std::size_t end = std::min(datagram.find('\0', from), datagram.size());
        return datagram.substr(from, end - from);
    };
    const auto request = [&](EventKind kind, const TftpOptions& options) {
        event.kind = kind;
        const std::string_view file = cString(2);
        event.add(FieldName::File, withoutSecrets(file));
        event.add(FieldName::Mode, cString(2 + file.size() + 1));
        appendOptions(m_other, options);
        if (!m_other.empty())
            event.add(FieldName::Text, m_other);
    };
    std::visit(Overloaded{
                   [&](const TftpRead& p) { request(EventKind::TftpRead, p.options); },
                   [&](const TftpWrite& p) { request(EventKind::TftpWrite, p.options); },
                   [&](const TftpData& p) {
                       event.kind = EventKind::TftpData;
                       event.add(FieldName::Block, std::int64_t{p.block});
                       event.add(FieldName::Bytes, static_cast<std::int64_t>(p.bytes.size()));
                   },
                   [&](const TftpAck& p) {
                       event.kind = EventKind::TftpAck;
                       event.add(FieldName::Block, std::int64_t{p.block});
                   },
                   [&](const TftpError& p) {
                       event.kind = EventKind::TftpError;
                       event.add(FieldName::Code, static_cast<std::int64_t>(p.code));
                       event.add(FieldName::Text, withoutSecrets(cString(4)));
                   },
                   [&](const TftpOack& p) {
                       event.kind = EventKind::TftpOack;
                       appendOptions(m_other, p.options);
                       event.add(FieldName::Text, m_other);
                   },
               },
               decoded.value());
    return event.kind;
}

void TrafficTrace::describeSyslog(TraceEvent& event, std::string_view datagram)
{
    event.kind = EventKind::SyslogMessage;
    const std::string_view raw = withoutSecrets(datagram);
    const SyslogDatagram message = decodeSyslog(raw);
    event.add(FieldName::Severity, static_cast<std::int64_t>(message.severity));
    event.add(FieldName::Facility, std::int64_t{message.facility});
    event.add(FieldName::Text, message.text);
    event.add(FieldName::Raw, raw);
}

// "sip:user:password@host" may hold a password (RFC 3261 section 19.1.1).
std::string TrafficTrace::withoutPassword(const std::string& uri) const
{
    const std::size_t at = uri.find('@');
    const std::size_t user = uri.find(':') + 1;
    const std::size_t colon = user == 0 || at == std::string::npos ? at : uri.find(':', user);
    if (colon >= at)
        return uri;
    return uri.substr(0, colon + 1) + pseudonym(std::string_view{uri}.substr(colon + 1, at - colon - 1)) +
           uri.substr(at);
}

std::optional<EventKind> TrafficTrace::describeSip(TraceEvent& event, std::string_view datagram)
{
    Result<SipMessage> read = readSipLines(datagram);
    if (read.has_error())
        return std::nullopt;
    m_sip = std::move(*read);
    if (m_sip.isRequest()) {
        event.kind = EventKind::SipRequest;
        event.add(FieldName::Method, m_sip.method);
        m_sip.uri = withoutPassword(m_sip.uri);
        event.add(FieldName::Target, withoutSecrets(m_sip.uri));
        if (const std::string_view package = m_sip.fields.first("Event"); !package.empty()) {
            m_other = replaced(package);
            event.add(FieldName::EventPackage, m_other);
        }
    } else {
        event.kind = EventKind::SipResponse;
        event.add(FieldName::Status, std::int64_t{m_sip.status});
        event.add(FieldName::Reason, m_sip.reason);
    }
    event.add(FieldName::CallId, m_sip.fields.first("Call-ID"));
    event.add(FieldName::Cseq, m_sip.fields.first("CSeq"));
    event.add(FieldName::Bytes, static_cast<std::int64_t>(m_sip.body.size()));
    return event.kind;
}

void TrafficTrace::describeFault(TraceEvent& event, std::string_view server, std::string_view fault)
{
    event.kind = EventKind::ServerFault;
    event.add(FieldName::Server, server);
    event.add(FieldName::Fault, fault);
}

EventKind sipEventKind(std::string_view datagram)
{
    return datagram.starts_with("SIP/") ? EventKind::SipResponse : EventKind::SipRequest;
}

std::optional<EventKind> tftpEventKind(std::string_view datagram)
{
    if (datagram.size() < 2 || datagram[0] != 0)
        return std::nullopt;
    switch (datagram[1]) {
    case 1:
        return EventKind::TftpRead;
    case 2:
        return EventKind::TftpWrite;
    case 3:
        return EventKind::TftpData;
    case 4:
        return EventKind::TftpAck;
    case 5:
        return EventKind::TftpError;
    case 6:
        return EventKind::TftpOack;
    default:
        return std::nullopt;
    }
}

}  // namespace emulator
