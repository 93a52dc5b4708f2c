#include "emulator/protocol/sip_message.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/base/ip_address.hpp"

#include <fmt/format.h>

#include <ctime>  // libosip2's headers use time_t without it

#include <osipparser2/osip_parser.h>
#include <osipparser2/osip_port.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <mutex>

namespace emulator {

namespace {

constexpr std::string_view version = "SIP/2.0";

struct CompactName {
    char letter;
    std::string_view name;
};
// RFC 3261 section 20, RFC 6665 section 8.2.
constexpr std::array compactNames{
    CompactName{'c', "Content-Type"}, CompactName{'e', "Content-Encoding"},
    CompactName{'f', "From"},         CompactName{'i', "Call-ID"},
    CompactName{'k', "Supported"},    CompactName{'l', "Content-Length"},
    CompactName{'m', "Contact"},      CompactName{'o', "Event"},
    CompactName{'s', "Subject"},      CompactName{'t', "To"},
    CompactName{'u', "Allow-Events"}, CompactName{'v', "Via"},
};

bool isToken(std::string_view text)
{
    constexpr std::string_view others = "-.!%*_+`'~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               others.find(c) != std::string_view::npos;
    });
}

std::string_view takeLine(std::string_view& rest, bool& ended)
{
    const std::size_t end = rest.find('\n');
    ended = end != std::string_view::npos;
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(ended ? end + 1 : rest.size());
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

Error noSip(std::string_view what)
{
    return fail(ErrorKind::Malformed, fmt::format("SIP message: {}", what));
}

Result<void> readStartLine(std::string_view line, SipMessage& message)
{
    const std::size_t first = line.find(' ');
    const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    if (line.substr(0, first) == version) {
        const std::string_view status = line.substr(first + 1, 3);
        const auto [end, error] =
            std::from_chars(status.data(), status.data() + status.size(), message.status);
        if (error != std::errc{} || end != status.data() + 3 || message.status < 100)
            return noSip("expected a status of three digits");
        message.reason = second == std::string_view::npos ? "" : line.substr(second + 1);
        return {};
    }
    if (second == std::string_view::npos || line.substr(second + 1) != version)
        return noSip("expected a first line such as \"NOTIFY sip:phone SIP/2.0\"");
    message.method = line.substr(0, first);
    message.uri = line.substr(first + 1, second - first - 1);
    if (!isToken(message.method) || message.uri.empty())
        return noSip("expected a method and a URI in the first line");
    return {};
}

Result<void> readField(std::string_view line, SipMessage& message)
{
    const std::size_t colon = line.find(':');
    std::string_view name = withoutBlanks(line.substr(0, colon));
    if (colon == std::string_view::npos || !isToken(name) || line.front() == ' ')
        return noSip("expected \"Name: value\" in each line of the head");
    if (message.fields.lines.size() == maxSipFields)
        return fail(ErrorKind::TooLarge, fmt::format("SIP message: more than {} fields", maxSipFields));
    if (name.size() == 1)
        for (const CompactName& one : compactNames)
            if (one.letter == lowerAscii(name.front()))
                name = one.name;
    message.fields.add(std::string{name}, std::string{withoutBlanks(line.substr(colon + 1))});
    return {};
}

Result<void> cutBody(SipMessage& message)
{
    const std::string_view text = message.fields.first("Content-Length");
    if (text.empty())
        return {};
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (error != std::errc{} || end != text.data() + text.size() || length > message.body.size())
        return noSip(fmt::format("Content-Length does not fit {} bytes of body", message.body.size()));
    message.body.resize(length);
    return {};
}

// ---- libosip2

using OsipMessage = std::unique_ptr<osip_message_t, decltype(&osip_message_free)>;

std::string text(const char* chars)
{
    return chars == nullptr ? std::string{} : std::string{chars};
}

std::string tagOf(osip_from_t* end)
{
    osip_generic_param_t* tag = nullptr;
    return osip_from_get_tag(end, &tag) >= 0 && tag != nullptr ? text(tag->gvalue) : std::string{};
}

Result<SipVia> topVia(const osip_message_t* parsed)
{
    const auto* via = static_cast<const osip_via_t*>(osip_list_get(&parsed->vias, 0));
    if (via == nullptr || via->host == nullptr)
        return noSip("expected a Via with a host");
    SipVia top;
    top.host = via->host;
    if (via->port != nullptr) {
        const Result<std::uint16_t> port = parsePort(via->port);
        if (port.has_error())
            return noSip("expected a port in Via");
        top.port = *port;
    }
    for (int i = 0; !osip_list_eol(&via->via_params, i); ++i) {
        const auto* param = static_cast<const osip_generic_param_t*>(osip_list_get(&via->via_params, i));
        if (param->gname == nullptr)
            continue;
        if (equalsAnyCase(param->gname, "branch"))
            top.branch = text(param->gvalue);
        else if (equalsAnyCase(param->gname, "rport"))
            top.rport = true;
    }
    return top;
}

// The head that libosip2 gets to see.
Result<std::string> headForOsip(const SipMessage& message)
{
    std::string head = message.isRequest() ? fmt::format("{} {} {}\r\n", message.method, message.uri, version)
                                           : fmt::format("{} {} x\r\n", version, message.status);
    for (const std::string_view name : {"Via", "From", "To", "Call-ID", "CSeq"}) {
        std::size_t count = 0;
        for (const auto& [one, value] : message.fields.lines) {
            if (!equalsAnyCase(one, name))
                continue;
            if (++count == 1)
                head += fmt::format("{}: {}\r\n", name, value);
        }
        if (count == 0 || (count > 1 && name != "Via"))
            return noSip(fmt::format("expected {} {}", name == "Via" ? "a" : "one", name));
    }
    return head + "\r\n";
}

OsipMessage newMessage()
{
    static std::once_flag once;
    // It would write what it dislikes to stdout, which belongs to others.
    std::call_once(once, [] {
        parser_init();
        osip_trace_initialize_func(TRACE_LEVEL7,
                                   [](const char*, int, osip_trace_level_t, const char*, va_list) {});
    });
    osip_message_t* made = nullptr;
    osip_message_init(&made);
    return {made, &osip_message_free};
}

}  // namespace

Result<SipMessage> readSipLines(std::string_view datagram)
{
    if (datagram.size() > maxSipBytes)
        return fail(ErrorKind::TooLarge, fmt::format("SIP message of {} bytes, expected at most {}",
                                                     datagram.size(), maxSipBytes));
    datagram.remove_prefix(std::min(datagram.find_first_not_of("\r\n"), datagram.size()));
    SipMessage message;
    bool ended = false;
    const Result<void> started = readStartLine(takeLine(datagram, ended), message);
    if (started.has_error())
        return started.error();
    while (true) {
        if (!ended)
            return noSip("expected an empty line after the head");
        const std::string_view line = takeLine(datagram, ended);
        if (line.empty() && ended)
            break;
        if (std::any_of(line.begin(), line.end(), [](char c) {
                return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
            }))
            return noSip("expected no control character in the head");
        if ((line.starts_with(' ') || line.starts_with('\t')) && !message.fields.lines.empty()) {
            message.fields.lines.back().second.append(" ").append(withoutBlanks(line));
            continue;
        }
        const Result<void> read = readField(line, message);
        if (read.has_error())
            return read.error();
    }
    message.body = datagram;
    return message;
}

Result<SipDatagram> parseSip(std::string_view datagram)
{
    Result<SipMessage> lines = readSipLines(datagram);
    if (lines.has_error())
        return lines.error();
    SipDatagram read{std::move(*lines), {}};
    if (const Result<void> cut = cutBody(read.message); cut.has_error())
        return cut.error();
    const Result<std::string> head = headForOsip(read.message);
    if (head.has_error())
        return head.error();
    const OsipMessage parsed = newMessage();
    if (parsed == nullptr || osip_message_parse(parsed.get(), head->data(), head->size()) != 0)
        return noSip("request line, Via, From, To, Call-ID or CSeq cannot be read");
    const osip_message_t& m = *parsed;
    if (m.from == nullptr || m.to == nullptr || m.call_id == nullptr || m.cseq == nullptr)
        return noSip("Via, From, To, Call-ID or CSeq cannot be read");

    SipHeads& heads = read.heads;
    Result<SipVia> via = topVia(&m);
    if (via.has_error())
        return via.error();
    heads.via = std::move(*via);
    heads.uriUser = m.req_uri == nullptr ? std::string{} : text(m.req_uri->username);
    heads.toUser = m.to->url == nullptr ? std::string{} : text(m.to->url->username);
    heads.fromTag = tagOf(m.from);
    heads.toTag = tagOf(m.to);
    heads.callId = read.message.fields.first("Call-ID");
    const std::string number = text(m.cseq->number);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), heads.cseq);
    if (error != std::errc{} || end != number.data() + number.size() || heads.cseq > INT32_MAX)
        return noSip("expected a CSeq below 2**31");
    heads.cseqMethod = text(m.cseq->method);
    if (read.message.isRequest() && heads.cseqMethod != read.message.method)
        return noSip("expected the method of the first line in CSeq");
    return read;
}

std::string encode(const SipMessage& message)
{
    std::string out = message.isRequest()
                          ? fmt::format("{} {} {}\r\n", message.method, message.uri, version)
                          : fmt::format("{} {} {}\r\n", version, message.status,
                                        message.reason.empty() ? sipReason(message.status) : message.reason);
    for (const auto& [name, value] : message.fields.lines) {
        if (equalsAnyCase(name, "Content-Length"))
            continue;
        std::string line = value;
        std::replace(line.begin(), line.end(), '\r', ' ');
        std::replace(line.begin(), line.end(), '\n', ' ');
        out.append(name).append(": ").append(line).append("\r\n");
    }
    return out + fmt::format("Content-Length: {}\r\n\r\n", message.body.size()) + message.body;
}

std::string_view sipReason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 405:
        return "Method Not Allowed";
    case 413:
        return "Request Entity Too Large";
    case 420:
        return "Bad Extension";
    case 481:
        return "Call/Transaction Does Not Exist";
    case 489:
        return "Bad Event";
    }
    return {};
}

}  // namespace emulator
