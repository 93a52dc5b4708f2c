#include "emulator/phone/sip_requests.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/phone/digest_login.hpp"
#include "emulator/phone/phone_macros.hpp"
#include "emulator/phone/xml_command.hpp"
#include "emulator/protocol/sip_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace emulator {

namespace {

using namespace std::chrono_literals;

constexpr Duration timerJ = 32s;  // 64 * T1: RFC 3261 section 17.2.2
constexpr std::uint16_t sipPort = 5060;
constexpr std::string_view allow = "NOTIFY, OPTIONS";
constexpr std::string_view allowEvents =
    "resync, check-sync, reboot_now, restart_now, upgrade, report, factory-reset, XML-Service";
constexpr std::size_t maxRuleBytes = 2048;  // as long as those of URL commands

std::string_view valueOf(const Phone& phone, std::string_view name)
{
    const std::optional<ParamId> id = phone.parameters().schema().find(name);
    return id ? phone.parameters().value(*id) : std::string_view{};
}

bool saysNo(const Phone& phone, std::string_view name)
{
    const std::optional<ParamId> id = phone.parameters().schema().find(name);
    return id && !phone.parameters().isYes(*id);
}

// "resync;profile=\"http://a/b\"" taken apart.
struct EventField {
    std::string_view type;
    std::vector<std::pair<std::string_view, std::string_view>> parameters;

    std::string_view parameter(std::string_view name) const
    {
        for (const auto& [one, value] : parameters)
            if (equalsAnyCase(one, name))
                return value;
        return {};
    }
};

EventField readEvent(std::string_view text)
{
    EventField event;
    const auto piece = [&] {
        bool quoted = false;
        std::size_t end = 0;
        while (end < text.size() && (quoted || text[end] != ';')) {
            quoted = quoted != (text[end] == '"');
            ++end;
        }
        const std::string_view taken = withoutBlanks(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        return taken;
    };
    event.type = piece();
    while (!text.empty()) {
        const std::string_view one = piece();
        const std::size_t equal = one.find('=');
        std::string_view value =
            equal == std::string_view::npos ? std::string_view{} : withoutBlanks(one.substr(equal + 1));
        if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"'))
            value = value.substr(1, value.size() - 2);
        event.parameters.emplace_back(withoutBlanks(one.substr(0, equal)), value);
    }
    return event;
}

// Marks the topmost Via with where the request really came from (RFC 3261 section 18.2.1, RFC 3581 section 4).
std::string stampedVia(std::string_view value, const SipVia& via, const Endpoint& from)
{
    std::size_t end = 0;
    for (bool quoted = false; end < value.size() && (quoted || value[end] != ','); ++end)
        quoted = quoted != (value[end] == '"');
    std::string top{value.substr(0, end)};
    if (via.rport) {
        std::string lower = top;
        std::transform(lower.begin(), lower.end(), lower.begin(), lowerAscii);
        const std::size_t at = lower.find(";rport");
        const std::size_t after =
            at == std::string::npos ? at : std::min(lower.find(';', at + 1), lower.size());
        if (at != std::string::npos)
            top.replace(at, after - at, fmt::format(";rport={}", from.port));
    }
    if (via.rport || via.host != from.address.text())
        top += fmt::format(";received={}", from.address.text());
    return top.append(value.substr(end));
}

// An answer to the request, still without fields of its own.
SipMessage answerTo(const SipMessage& request, const SipHeads* heads, int status, const Endpoint& from,
                    std::string_view tag)
{
    SipMessage answer;
    answer.status = status;
    bool top = true;
    for (const auto& [name, value] : request.fields.lines)
        if (equalsAnyCase(name, "Via"))
            answer.fields.add("Via", std::exchange(top, false) && heads != nullptr
                                         ? stampedVia(value, heads->via, from)
                                         : value);
    answer.fields.add("From", std::string{request.fields.first("From")});
    std::string to{request.fields.first("To")};
    if (heads == nullptr || heads->toTag.empty())
        to += fmt::format(";tag={}", tag);
    answer.fields.add("To", std::move(to));
    answer.fields.add("Call-ID", std::string{request.fields.first("Call-ID")});
    answer.fields.add("CSeq", std::string{request.fields.first("CSeq")});
    return answer;
}

std::uint64_t leadingBits(std::string_view hexadecimal)
{
    std::uint64_t bits = 0;
    std::from_chars(hexadecimal.data(), hexadecimal.data() + 16, bits, 16);
    return bits == 0 ? 1 : bits;
}

// One request that can be read.
class Request {
public:
    Request(const Phone& phone, const SipMemory* memory, TimePoint now, const SipDatagram& read,
            const Endpoint& from)
        : m_phone{phone},
          m_memory{memory},
          m_now{now},
          m_message{read.message},
          m_heads{read.heads},
          m_from{from}
    {
        const SipVia& via = m_heads.via;
        m_hash = phoneHash(phone, fmt::format("sip:{}:{}:{}:{}:{}:{}", via.branch, via.host, via.port,
                                              m_heads.callId, m_heads.cseq, m_message.method));
        m_answer.to = {from.address, via.rport ? from.port : via.port != 0 ? via.port : sipPort};
    }

    SipAnswer answer()
    {
        if (!m_heads.toTag.empty())
            return say(481);
        if (m_message.method != "NOTIFY" && m_message.method != "OPTIONS")
            return say(405, {{"Allow", std::string{allow}}});
        if (const std::string_view required = m_message.fields.first("Require"); !required.empty())
            return say(420, {{"Unsupported", std::string{required}}});
        if (m_message.method == "OPTIONS")
            return say(200, {{"Allow", std::string{allow}},
                             {"Allow-Events", std::string{allowEvents}},
                             {"Accept", "application/xml, text/xml"}});
        return notified();
    }

private:
    using Fields = std::vector<std::pair<std::string, std::string>>;

    SipAnswer notified()
    {
        if (m_message.fields.first("Event").empty())
            return say(400, {{"Warning", "399 phone \"expected an Event\""}});
        const EventField event = readEvent(m_message.fields.first("Event"));
        const std::optional<int> refused = prepare(event);
        if (refused)
            return say(*refused,
                       *refused == 489 ? Fields{{"Allow-Events", std::string{allowEvents}}} : Fields{});
        if (std::optional<Fields> challenge = askForPassword())
            return say(401, std::move(*challenge));
        const std::uint64_t transaction = leadingBits(m_hash);
        if (m_memory != nullptr && m_memory->knows(transaction, m_now))
            return say(200);
        m_answer.events = std::move(m_events);
        m_answer.transaction = transaction;
        return say(200);
    }

    // Finds out what the event asks for; a status when it is not to be done.
    std::optional<int> prepare(const EventField& event)
    {
        const auto is = [&](std::string_view name) { return equalsAnyCase(event.type, name); };
        if (is("resync") || (is("check-sync") && !equalsAnyCase(event.parameter("reboot"), "true")))
            return resync(is("resync") ? event.parameter("profile") : std::string_view{});
        if (is("check-sync") || is("reboot_now"))
            return act(RebootCommanded{RebootReason::SipTriggered});
        if (is("restart_now"))
            return act(RebootCommanded{RebootReason::SipTriggered, true});
        if (is("upgrade")) {
            if (saysNo(m_phone, "Upgrade_Enable"))
                return 403;
            return act(UpgradeCommanded{{}, m_from.address, CommandedBy::SipNotify});
        }
        if (is("report"))
            return act(ReportCommanded{});
        if (is("factory-reset"))
            return act(FactoryResetCommanded{CommandedBy::SipNotify});
        if (is("XML-Service"))
            return xmlObject();
        return 489;
    }

    std::optional<int> resync(std::string_view rule)
    {
        if (saysNo(m_phone, "Resync_From_SIP") || saysNo(m_phone, "Provision_Enable"))
            return 403;
        if (rule.size() > maxRuleBytes)
            return 413;
        return act(ResyncCommanded{std::string{rule}, m_from.address, CommandedBy::SipNotify});
    }

    // What the object asks for is a resync by SIP as well, so that Resync_From_SIP holds for it (our choice).
    std::optional<int> xmlObject()
    {
        if (saysNo(m_phone, "Resync_From_SIP"))
            return 403;
        Result<ResyncCommanded> command = readXmlCommand(m_phone, m_message.body, m_from.address);
        if (command.has_error())
            return command.error().kind == ErrorKind::Refused    ? 403
                   : command.error().kind == ErrorKind::TooLarge ? 413
                                                                 : 400;
        return act(std::move(*command));
    }

    std::optional<int> act(Event event)
    {
        m_events.push_back(std::move(event));
        return std::nullopt;
    }

    int line() const
    {
        for (const std::string& user : {m_heads.uriUser, m_heads.toUser})
            for (int n = 1; n <= m_phone.model().lines && !user.empty(); ++n)
                if (valueOf(m_phone, fmt::format("User_ID_{}_", n)) == user)
                    return n;
        return 1;
    }

    // The fields of a 401; nothing for whoever may command the phone.
    std::optional<Fields> askForPassword() const
    {
        const int n = line();
        if (saysNo(m_phone, fmt::format("Auth_Resync-Reboot_{}_", n)))
            return std::nullopt;
        const auto ofLine = [&](std::string_view name) {
            return std::string{valueOf(m_phone, fmt::format("{}_{}_", name, n))};
        };
        std::string realm = ofLine("Reversed_Auth_Realm");
        if (realm.empty() || realm.find_first_of("\"\\") != std::string::npos)
            realm = m_phone.address().text();
        const std::string authId = ofLine("Auth_ID");
        const HttpCredentials expected{authId.empty() ? ofLine("User_ID") : authId, ofLine("Password")};
        const DigestLogin login{m_phone, m_now, std::move(realm), m_heads.callId};
        const DigestLogin::Verdict verdict =
            login.judge(m_message.fields.first("Authorization"), m_message.method, expected);
        if (verdict == DigestLogin::Verdict::Good)
            return std::nullopt;
        return Fields{{"WWW-Authenticate", login.challenge(verdict)}};
    }

    SipAnswer say(int status, Fields fields = {})
    {
        SipMessage message =
            answerTo(m_message, &m_heads, status, m_from, std::string_view{m_hash}.substr(16, 16));
        PhoneMacros macros{m_phone, m_now};
        macros.withVersion = true;
        if (std::string server = expandMacros(valueOf(m_phone, "SIP_Server_Name"), macros); !server.empty())
            message.fields.add("Server", std::move(server));
        for (auto& [name, value] : fields)
            message.fields.add(std::move(name), std::move(value));
        m_answer.datagram = encode(message);
        return std::move(m_answer);
    }

    const Phone& m_phone;
    const SipMemory* m_memory;
    TimePoint m_now;
    const SipMessage& m_message;
    const SipHeads& m_heads;
    const Endpoint& m_from;
    std::string m_hash;
    std::vector<Event> m_events;
    SipAnswer m_answer;
};

// A request that cannot be read but holds what an answer is made of.
SipAnswer answerMalformed(const Phone& phone, std::string_view datagram, const Error& error,
                          const Endpoint& from)
{
    const Result<SipMessage> lines = readSipLines(datagram);
    if (lines.has_error() || !lines->isRequest() || lines->method == "ACK")
        return {};
    for (const std::string_view name : {"Via", "From", "To", "Call-ID", "CSeq"})
        if (lines->fields.first(name).empty())
            return {};
    SipMessage message =
        answerTo(*lines, nullptr, 400, from, phoneHash(phone, lines->fields.first("Call-ID")).substr(0, 16));
    message.fields.add("Warning", fmt::format("399 phone \"{}\"", error.detail));
    return {encode(message), from, {}, 0};
}

}  // namespace

bool SipMemory::knows(std::uint64_t transaction, TimePoint now) const
{
    return std::any_of(m_entries.begin(), m_entries.end(), [&](const Entry& one) {
        return one.transaction == transaction && one.at != TimePoint::min() && now - one.at < timerJ;
    });
}

void SipMemory::note(std::uint64_t transaction, TimePoint now)
{
    Entry& oldest = *std::min_element(m_entries.begin(), m_entries.end(),
                                      [](const Entry& a, const Entry& b) { return a.at < b.at; });
    oldest = {transaction, now};
}

SipAnswer answerSipRequest(const Phone& phone, const SipMemory* memory, TimePoint now,
                           std::string_view datagram, const Endpoint& from)
{
    if (!phone.answersWeb())
        return {};
    const Result<SipDatagram> read = parseSip(datagram);
    if (read.has_error())
        return answerMalformed(phone, datagram, read.error(), from);
    if (!read->message.isRequest() || read->message.method == "ACK")
        return {};
    return Request{phone, memory, now, *read, from}.answer();
}

}  // namespace emulator
