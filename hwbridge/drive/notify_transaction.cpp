#include "hwbridge/drive/notify_transaction.hpp"

#include "emulator/protocol/sip_message.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hwbridge {

using emulator::Duration;
using emulator::ErrorKind;
using emulator::Result;
using emulator::TimePoint;
using namespace std::chrono_literals;

namespace {

constexpr Duration t1 = 500ms;
constexpr Duration t2 = 4s;
constexpr Duration timerF = 64 * t1;

// The event without its parameters, which may hold addresses and credentials: for sentences.
std::string_view package(std::string_view event)
{
    return event.substr(0, event.find(';'));
}

}  // namespace

NotifyTransaction::NotifyTransaction(std::string device, emulator::Endpoint phone, NotifyCommand command,
                                     Identity identity)
    : m_device{std::move(device)},
      m_phone{phone},
      m_command{std::move(command)},
      m_identity{std::move(identity)}
{}

std::string NotifyTransaction::said(std::string_view what) const
{
    return fmt::format("{} at {} {} NOTIFY {}", m_device, m_phone.text(), what, package(m_command.event));
}

std::string NotifyTransaction::branch() const
{
    return fmt::format("z9hG4bK{}-{}", m_identity.random, m_cseq);
}

std::string NotifyTransaction::uri() const
{
    const std::string at = m_command.lineUser.empty() ? "" : m_command.lineUser + "@";
    return fmt::format("sip:{}{}", at, m_phone.text());
}

std::string NotifyTransaction::request() const
{
    emulator::SipMessage message;
    message.method = "NOTIFY";
    message.uri = uri();
    const std::string local = m_identity.local.text();
    message.fields.add("Via", fmt::format("SIP/2.0/UDP {};branch={};rport", local, branch()));
    message.fields.add("Max-Forwards", "70");
    message.fields.add("From", fmt::format("<sip:phonerig@{}>;tag={}", local, m_identity.random));
    message.fields.add("To", fmt::format("<{}>", uri()));
    message.fields.add("Call-ID", fmt::format("{}@{}", m_identity.random, m_identity.local.address.text()));
    message.fields.add("CSeq", fmt::format("{} NOTIFY", m_cseq));
    message.fields.add("Contact", fmt::format("<sip:phonerig@{}>", local));
    message.fields.add("Event", m_command.event);
    message.fields.add("Subscription-State", "terminated");
    if (const std::size_t colon = m_authorization.find(':'); colon != std::string::npos)
        message.fields.add(m_authorization.substr(0, colon), m_authorization.substr(colon + 2));
    if (!m_command.body.empty()) {
        message.fields.add("Content-Type", m_command.contentType);
        message.body = m_command.body;
    }
    return encode(message);
}

NotifyTransaction::Step NotifyTransaction::waiting() const
{
    return {{}, std::min(m_repeatAt, m_giveUpAt), {}};
}

NotifyTransaction::Step NotifyTransaction::end(Result<void> result)
{
    m_over = true;
    return {{}, TimePoint::max(), std::move(result)};
}

NotifyTransaction::Step NotifyTransaction::sendAnew(TimePoint now)
{
    m_datagram = request();
    m_provisional = false;
    m_interval = t1;
    m_repeatAt = now + m_interval;
    m_giveUpAt = now + timerF;
    Step step = waiting();
    step.datagram = m_datagram;
    return step;
}

NotifyTransaction::Step NotifyTransaction::begin(TimePoint now)
{
    return sendAnew(now);
}

NotifyTransaction::Step NotifyTransaction::woken(TimePoint now)
{
    if (m_over)
        return {};
    if (now >= m_giveUpAt)
        return end(emulator::fail(ErrorKind::TimedOut, said("gives no answer to")));
    Step step;
    if (now >= m_repeatAt) {
        m_interval = m_provisional ? t2 : std::min(m_interval * 2, t2);
        m_repeatAt = now + m_interval;
        step.datagram = m_datagram;
    }
    step.wakeAt = waiting().wakeAt;
    return step;
}

NotifyTransaction::Step NotifyTransaction::challenged(TimePoint now, const emulator::HttpFields& fields,
                                                      bool byProxy)
{
    if (m_command.login.user.empty()) {
        return end(emulator::fail(ErrorKind::Refused,
                                  said("asks for the line's password, and none is known, before it takes")));
    }
    if (!m_authorization.empty())
        return end(emulator::fail(ErrorKind::Refused,
                                  said("refuses the line's user and password that are known for")));
    const std::optional<emulator::HttpChallenge> challenge =
        strongestChallenge(fields, byProxy ? "Proxy-Authenticate" : "WWW-Authenticate");
    const std::string target = uri();
    const std::optional<std::string> answer =
        challenge && challenge->scheme == emulator::AuthScheme::Digest
            ? answerTo(*challenge, m_command.login, {"NOTIFY", target, m_identity.random, 1})
            : std::nullopt;
    if (!answer)
        return end(
            emulator::fail(ErrorKind::Unsupported, said("asks for credentials other than Digest for")));
    m_authorization = fmt::format("{}: {}", byProxy ? "Proxy-Authorization" : "Authorization", *answer);
    ++m_cseq;
    return sendAnew(now);
}

NotifyTransaction::Step NotifyTransaction::arrived(TimePoint now, std::string_view datagram)
{
    if (m_over)
        return {};
    const Result<emulator::SipDatagram> read = emulator::parseSip(datagram);
    if (!read.has_value() || read->message.isRequest() || read->heads.via.branch != branch() ||
        read->heads.cseq != m_cseq || read->heads.cseqMethod != "NOTIFY")
        return waiting();
    const int status = read->message.status;
    if (status < 200) {
        m_provisional = true;
        return waiting();
    }
    if (status < 300)
        return end({});
    if (status == 401 || status == 407)
        return challenged(now, read->message.fields, status == 407);
    std::string reason = read->message.reason.substr(0, 100);
    return end(emulator::fail(ErrorKind::Refused, said(fmt::format("answers {} {} to", status, reason))));
}

}  // namespace hwbridge
