#include "hwbridge/decode/sip_datagram.hpp"

#include "emulator/base/ascii.hpp"

namespace hwbridge {

using namespace emulator;

namespace {

constexpr std::string_view sipVersion = "SIP/2.0";

// From INVITE to its answer a person picks up the phone.
constexpr ExchangeRule sipRule{std::chrono::seconds{300}};

std::string_view withoutLeadingLineEnds(std::string_view message)
{
    return message.substr(std::min(message.find_first_not_of("\r\n"), message.size()));
}

// Takes a line with its LF or CR LF; nothing when none ends.
std::optional<std::string_view> takeLine(std::string_view& rest)
{
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos)
        return std::nullopt;
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

// Without a way out of the loop, which lets it be done for many bytes at once.
bool hasControlCharacter(std::string_view line)
{
    unsigned found = 0;
    for (const char c : line) {
        const auto byte = static_cast<unsigned char>(c);
        found |= (static_cast<unsigned>(byte < 0x20) & static_cast<unsigned>(byte != '\t')) |
                 static_cast<unsigned>(byte == 0x7f);
    }
    return found != 0;
}

struct Field {
    std::string_view name;
    std::string_view value;

    bool is(std::string_view full, char compact = '\0') const
    {
        return equalsAnyCase(name, full) ||
               (compact != '\0' && name.size() == 1 && lowerAscii(name[0]) == compact);
    }
    bool isSecret() const { return is("Authorization") || is("Proxy-Authorization"); }
};

// What stands in no URI's user and password, the '@' of one before included: the search stays short.
bool endsUser(char c)
{
    switch (c) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
    case '<':
    case '>':
    case '"':
    case ',':
    case ';':
    case '=':
    case '@':
        return true;
    default:
        return false;
    }
}

// The password in "sip:user:password@host", when `at` is the place of its '@'.
std::optional<std::string_view> passwordBefore(std::string_view text, std::size_t at)
{
    std::size_t first = at;
    while (first > 0 && !endsUser(text[first - 1]))
        --first;
    const std::string_view uri = text.substr(first, at - first);
    const std::size_t scheme = uri.find(':');
    const std::size_t colon = scheme == std::string_view::npos ? scheme : uri.find(':', scheme + 1);
    if (colon == std::string_view::npos ||
        !(equalsAnyCase(uri.substr(0, scheme), "sip") || equalsAnyCase(uri.substr(0, scheme), "sips")))
        return std::nullopt;
    return uri.substr(colon + 1);
}

// Other secrets than URIs' passwords: what TrafficTrace looks for, without what every SIP address has.
bool mayHoldSecret(std::string_view text)
{
    return text.find("//") != std::string_view::npos || text.find('?') != std::string_view::npos ||
           text.find("key") != std::string_view::npos || text.find("--") != std::string_view::npos;
}

bool holdsPassword(std::string_view text)
{
    for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1))
        if (passwordBefore(text, at))
            return true;
    return false;
}

void addWithoutSecrets(TextMaker& out, std::string_view text, TrafficTrace& secrets)
{
    std::string cleaned;
    std::size_t done = 0;
    for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
        const auto password = passwordBefore(text, at);
        if (!password)
            continue;
        const auto place = static_cast<std::size_t>(password->data() - text.data());
        cleaned.append(text.substr(done, place - done)).append(secrets.pseudonym(*password));
        done = at;
    }
    if (done > 0) {
        cleaned.append(text.substr(done));
        text = cleaned;
    }
    out.add(mayHoldSecret(text) ? secrets.withoutSecrets(text) : text);
}

struct StartLine {
    std::string_view method;  // empty: a response
    std::string_view target;
    int status = 0;
    std::string_view reason;
};

std::optional<StartLine> readStartLine(std::string_view line)
{
    StartLine start;
    const std::size_t first = line.find(' ');
    if (first == std::string_view::npos)
        return std::nullopt;
    if (line.substr(0, first) == sipVersion) {
        const std::string_view rest = line.substr(first + 1);
        if (rest.size() < 3 || (rest.size() > 3 && rest[3] != ' '))
            return std::nullopt;
        for (const char c : rest.substr(0, 3)) {
            if (c < '0' || c > '9')
                return std::nullopt;
            start.status = start.status * 10 + (c - '0');
        }
        start.reason = rest.size() > 4 ? rest.substr(4) : std::string_view{};
        return start.status < 100 ? std::nullopt : std::optional{start};
    }
    const std::size_t second = line.rfind(' ');
    if (second <= first + 1 || line.substr(second + 1) != sipVersion)
        return std::nullopt;
    start.method = line.substr(0, first);
    start.target = line.substr(first + 1, second - first - 1);
    if (start.method.empty() || start.target.find(' ') != std::string_view::npos)
        return std::nullopt;
    return start;
}

// What the head tells, and its lines as they are shown.
struct Head {
    std::string_view callId;
    std::string_view cseq;
    std::string_view event;
    std::string_view userAgent;
};

// Errors: what is wrong, for a person.
std::optional<std::string_view> readHead(std::string_view& rest, Head& head, TextMaker& shown,
                                         TrafficTrace& secrets)
{
    bool secret = false;
    bool begun = false;
    // Hardly any message holds a secret beside its credentials: one look at it all instead of one at each line.
    const bool isPlain = !mayHoldSecret(rest) && !holdsPassword(rest);
    const auto show = [&](std::string_view text) {
        if (isPlain)
            shown.add(text);
        else
            addWithoutSecrets(shown, text, secrets);
    };
    while (true) {
        const auto line = takeLine(rest);
        if (!line)
            return "a head without its end; expected an empty line behind it";
        if (line->empty())
            break;
        if (hasControlCharacter(*line))
            return "a control character in the head; expected text";
        if (begun && (line->front() == ' ' || line->front() == '\t')) {
            if (!secret) {  // else its pseudonym stands for the rest, too
                shown.add(' ');
                show(withoutBlanks(*line));
            }
            continue;
        }
        const std::size_t colon = line->find(':');
        const Field field{withoutBlanks(line->substr(0, colon)),
                          colon == std::string_view::npos ? std::string_view{}
                                                          : withoutBlanks(line->substr(colon + 1))};
        if (colon == std::string_view::npos || field.name.empty())
            return "a line without a colon in the head; expected \"Name: value\"";
        if (begun)
            shown.add('\n');
        begun = true;
        secret = field.isSecret();
        if (secret) {
            shown.add(line->substr(0, colon + 1));
            shown.add(' ');
            shown.add(secrets.pseudonym(field.value));
            continue;
        }
        show(*line);
        if (head.callId.empty() && field.is("Call-ID", 'i'))
            head.callId = field.value;
        else if (head.cseq.empty() && field.is("CSeq"))
            head.cseq = field.value;
        else if (head.event.empty() && field.is("Event", 'o'))
            head.event = field.value;
        else if (head.userAgent.empty() && field.is("User-Agent"))
            head.userAgent = field.value;
    }
    if (begun)
        shown.add('\n');
    return std::nullopt;
}

std::string_view shownText(Description& out, std::string_view text, TrafficTrace& secrets)
{
    TextMaker made{out.texts()};
    addWithoutSecrets(made, text, secrets);
    return made.finish();
}

}  // namespace

bool looksLikeSip(std::string_view datagram)
{
    constexpr std::size_t longestLine = 2048;
    datagram = withoutLeadingLineEnds(datagram).substr(0, longestLine);
    if (datagram.empty() || lowerAscii(datagram[0]) < 'a' || lowerAscii(datagram[0]) > 'z')
        return false;
    if (datagram.starts_with("SIP/2.0 "))
        return true;
    const auto line = takeLine(datagram);
    return line && line->ends_with(" SIP/2.0");
}

DecodeOutcome describeSip(Description out, std::string_view message, ExchangeTable& exchanges,
                          TrafficTrace& secrets)
{
    const std::string_view whole = message;
    message = withoutLeadingLineEnds(message);
    const auto line = takeLine(message);
    const auto start = line ? readStartLine(*line) : std::nullopt;
    if (!start || hasControlCharacter(*line))
        return out.malformed(
            "sip: found another first line; expected one such as \"NOTIFY sip:phone SIP/2.0\"");
    Head head;
    TextMaker headers{out.texts()};
    if (const auto wrong = readHead(message, head, headers, secrets))
        return out.malformed("sip: found {}", *wrong);
    const std::string_view shownHeaders = headers.finish();

    const bool isRequest = !start->method.empty();
    out.event().kind = isRequest ? EventKind::SipRequest : EventKind::SipResponse;
    if (isRequest) {
        out.add(FieldName::Method, start->method);
        out.add(FieldName::Target, shownText(out, start->target, secrets));
        if (!head.event.empty())
            out.add(FieldName::EventPackage, shownText(out, head.event, secrets));
    } else {
        out.add(FieldName::Status, std::int64_t{start->status});
        out.add(FieldName::Reason, start->reason);
    }
    out.addUnlessEmpty(FieldName::CallId, head.callId);
    out.addUnlessEmpty(FieldName::Cseq, head.cseq);
    out.addUnlessEmpty(FieldName::UserAgent, head.userAgent);
    out.add(FieldName::Bytes, static_cast<std::int64_t>(message.size()));
    out.add(FieldName::Headers, shownHeaders);

    if (head.callId.empty()) {
        out.join(exchanges.next());
        return DecodeOutcome::Described;
    }
    // ACK and CANCEL have the number of the INVITE that they belong to.
    ExchangeKey key{"sip"};
    key.add(head.callId).add(head.cseq.substr(0, head.cseq.find_first_not_of("0123456789")));
    out.join(exchanges.seen(key, sipRule,
                            isRequest ? ExchangeTable::Side::Question : ExchangeTable::Side::Answer,
                            hashOf(whole), out.event().at));
    return DecodeOutcome::Described;
}

}  // namespace hwbridge
