#include "hwbridge/decode/tcp_connection.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hwbridge {

using namespace emulator;

namespace {

constexpr std::uint32_t tcpActor = 6;  // of exchange ids; its number in IP

// Empty lines before a message tell nothing (RFC 9112 section 2.2); in SIP they keep a connection alive
// (RFC 5626 section 3.5.1).
std::string_view withoutEmptyLines(std::string_view bytes)
{
    return bytes.substr(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
}

}  // namespace

void TcpConnection::open(std::uint32_t number, const WireEnd& a, const WireEnd& b)
{
    m_number = number;
    m_ends = {a, b};
    m_protocol = Protocol::Undecided;
    for (TcpStream& stream : m_streams) {
        stream.reset();
        if (!m_spare.streams.empty()) {
            stream.giveMemory(std::move(m_spare.streams.back()));
            m_spare.streams.pop_back();
        }
    }
    for (std::string& start : m_starts)
        start.clear();
    m_ended = {};
    m_holed = m_cutTold = {};
    m_over = m_anything = false;
    m_http = nullptr;
    m_tls = nullptr;
    m_sip = nullptr;
    m_senseless = 0;
    m_lastExchange = 1;
}

TraceEvent TcpConnection::begin(EventKind kind, Side sender, const Moment& moment, std::uint32_t exchange)
{
    m_sender = sender;
    TraceEvent event = m_events.begin(kind, moment, m_ends[index(sender)], m_ends[index(otherSide(sender))]);
    event.exchange = {tcpActor, m_number, exchange};
    return event;
}

void TcpConnection::emit(TraceEvent& event)
{
    m_events.emit(event, m_ends[index(m_sender)], m_ends[index(otherSide(m_sender))]);
}

std::uint32_t TcpConnection::lastExchange() const
{
    return m_protocol == Protocol::Http ? m_http->lastExchange() : m_lastExchange;
}

std::size_t TcpConnection::held() const
{
    std::size_t bytes = sizeof(*this);
    for (const TcpStream& stream : m_streams)
        bytes += stream.held();
    for (const std::string& start : m_starts)
        bytes += start.capacity();
    return bytes + (m_http ? m_http->held() : 0) + (m_tls ? m_tls->held() : 0) + (m_sip ? m_sip->held() : 0);
}

std::uint64_t TcpConnection::senseless() const
{
    return m_senseless + (m_http ? m_http->senseless() : 0) + (m_sip ? m_sip->senseless() : 0);
}

bool TcpConnection::isReplacedBy(Side sender, const TcpView& view) const
{
    const TcpStream& stream = m_streams[index(sender)];
    if (!view.syn)
        return false;
    if (!stream.started())
        return m_over;
    return !stream.fromStart() || stream.first() != view.sequence + 1;
}

PacketFate TcpConnection::segment(Side sender, const TcpView& view, const Moment& moment)
{
    Reader mine{*this, sender};
    Reader theirs{*this, otherSide(sender)};
    const bool payload = view.payload.size() + view.missing > 0;
    m_anything |= payload;
    const TcpStream::Seen seen = stream(sender).segment(view, moment, mine);
    const PacketFate fate = payloadFate(seen);
    if (seen == TcpStream::Seen::Conflict)
        conflict(sender, view, moment);
    if (view.ack)
        stream(otherSide(sender)).acknowledged(view.acknowledged);
    stream(sender).packetPassed(moment, mine);
    stream(otherSide(sender)).packetPassed(moment, theirs);
    const bool resets = view.reset && wasReset(sender, view, moment);
    if (!view.reset)
        checkEnds(moment);
    if (!payload)
        return resets ? PacketFate::Event : PacketFate::TcpControl;
    return fate;
}

PacketFate TcpConnection::payloadFate(TcpStream::Seen seen) const
{
    if (seen == TcpStream::Seen::Conflict)
        return PacketFate::Malformed;
    if (seen == TcpStream::Seen::Again)
        return PacketFate::TcpAgain;
    if (m_protocol == Protocol::Tls && m_tls->onlyEncrypted())
        return PacketFate::TcpEncrypted;
    const bool unknown = m_protocol == Protocol::Unknown || m_protocol == Protocol::Over;
    return unknown ? PacketFate::TcpUnknown : PacketFate::TcpMessage;
}

void TcpConnection::read(Side side, std::string_view bytes, const Moment& moment)
{
    if (m_protocol == Protocol::Undecided)
        recognise(side, bytes, moment);
    else
        converse(side, bytes, moment);
}

// What bytes are that begin where a message could; nothing while more are needed.
std::optional<TcpConnection::Protocol> TcpConnection::protocolOf(std::string_view bytes) const
{
    const TlsConversation::Start tls = TlsConversation::startsWith(bytes);
    if (tls == TlsConversation::Start::Yes)
        return Protocol::Tls;
    const HttpStart http = httpStart(bytes);
    if (http == HttpStart::Request || http == HttpStart::Response)
        return Protocol::Http;
    const SipConversation::Start sip = SipConversation::startsWith(bytes);
    if (sip == SipConversation::Start::Yes)
        return Protocol::Sip;
    const bool open = tls == TlsConversation::Start::Maybe || http == HttpStart::Maybe ||
                      sip == SipConversation::Start::Maybe;
    return open && bytes.size() < longestStart ? std::nullopt : std::optional{Protocol::Unknown};
}

void TcpConnection::become(Protocol protocol, Side side)
{
    m_protocol = protocol;
    const Side other = otherSide(side);
    const bool middle = isInTheMiddle(other);
    StreamEvents& events = *this;
    switch (protocol) {
    case Protocol::Http:
        if (m_http)
            m_http->goInside();
        else
            openHttp();
        if (middle)
            m_http->waitForStart(other);
        break;
    case Protocol::Tls:
        if (!m_tls)
            m_tls = std::make_unique<TlsConversation>(events);
        if (middle)
            m_tls->waitForStart(other);
        break;
    case Protocol::Sip:
        if (!m_sip)
            m_sip = std::make_unique<SipConversation>(events);
        if (middle)
            m_sip->waitForStart(other);
        break;
    case Protocol::Undecided:
    case Protocol::Unknown:
    case Protocol::Over:
        break;
    }
}

void TcpConnection::openHttp()
{
    if (m_spare.http.empty()) {
        m_http =
            std::make_unique<HttpConversation>(m_events.secrets(), m_events.hashSeed(), m_events.hashMask());
    } else {
        m_http = std::move(m_spare.http.back());
        m_spare.http.pop_back();
    }
    m_http->open(*this);
}

void TcpConnection::recognise(Side side, std::string_view bytes, const Moment& moment)
{
    std::string& start = m_starts[index(side)];
    if (!start.empty()) {
        start.append(bytes);
        bytes = start;
    } else {
        bytes = withoutEmptyLines(bytes);
    }
    if (bytes.empty())
        return;
    const std::optional<Protocol> protocol = protocolOf(bytes);
    if (!protocol) {
        if (start.empty())
            start = bytes;
        return;
    }
    if (*protocol == Protocol::Unknown) {
        becomeUnknown();
        return;
    }
    become(*protocol, side);
    const std::string mine = std::move(start);
    start.clear();
    converse(side, mine.empty() ? bytes : std::string_view{mine}, moment);
    const std::string theirs = std::move(m_starts[index(otherSide(side))]);
    m_starts[index(otherSide(side))].clear();
    if (!theirs.empty())
        converse(otherSide(side), theirs, moment);
}

void TcpConnection::becomeUnknown()
{
    m_protocol = Protocol::Unknown;
    for (std::string& start : m_starts) {
        start.clear();
        start.shrink_to_fit();
    }
}

// What comes late is no part of a message; that it came before is still known.
void TcpConnection::becomeOver()
{
    m_over = true;
    m_senseless = senseless();
    m_lastExchange = lastExchange();
    m_protocol = Protocol::Over;
    if (m_http && m_spare.http.size() < SpareMemory::most && m_http->held() <= SpareMemory::mostBytes)
        m_spare.http.push_back(std::move(m_http));
    m_http = nullptr;
    m_tls = nullptr;
    m_sip = nullptr;
}

void TcpConnection::forgetBytes()
{
    for (TcpStream& stream : m_streams)
        if (std::string memory = stream.takeMemory();
            memory.capacity() >= TcpStream::rememberedBytes && m_spare.streams.size() < SpareMemory::most)
            m_spare.streams.push_back(std::move(memory));
}

void TcpConnection::converse(Side side, std::string_view bytes, const Moment& moment)
{
    switch (m_protocol) {
    case Protocol::Http:
        m_http->bytes(side, bytes, moment);
        if (m_http->isTunnel()) {
            const std::string inside{m_http->tunnelled()};
            m_protocol = Protocol::Undecided;
            if (!inside.empty())
                read(side, inside, moment);
        }
        break;
    case Protocol::Tls:
        m_tls->bytes(side, bytes, moment);
        break;
    case Protocol::Sip:
        m_sip->bytes(side, bytes, moment);
        break;
    case Protocol::Unknown:
        // The capture began in the middle, or something was lost: a later segment may begin with a message.
        bytes = withoutEmptyLines(bytes);
        if (isInTheMiddle(side) && protocolOf(bytes).value_or(Protocol::Unknown) != Protocol::Unknown) {
            m_protocol = Protocol::Undecided;
            recognise(side, bytes, moment);
        }
        break;
    case Protocol::Undecided:
    case Protocol::Over:
        break;
    }
}

void TcpConnection::gap(Side side, std::uint64_t missing, bool cut, const Moment& moment)
{
    // A capture with short packets cuts every one: that is told once per direction.
    if (!cut || !m_cutTold[index(side)]) {
        TraceEvent event = begin(EventKind::TcpGap, side, moment, lastExchange());
        event.add(FieldName::Bytes, static_cast<std::int64_t>(missing));
        event.add(FieldName::Note, cut ? "the capture cut the packet; told once per direction"
                                       : "segments are missing in the capture");
        emit(event);
    }
    m_cutTold[index(side)] |= cut;
    m_holed[index(side)] = true;
    switch (m_protocol) {
    case Protocol::Http:
        m_http->gap(side, missing, moment);
        break;
    case Protocol::Tls:
        m_tls->gap(side, missing, moment);
        break;
    case Protocol::Sip:
        m_sip->gap(side);
        break;
    case Protocol::Undecided:
    case Protocol::Unknown:
        becomeUnknown();
        break;
    case Protocol::Over:
        break;
    }
}

void TcpConnection::conflict(Side sender, const TcpView& view, const Moment& moment)
{
    TraceEvent event = begin(EventKind::PacketMalformed, sender, moment, lastExchange());
    const std::string note =
        fmt::format("tcp: {} bytes from {} on were sent before with other content; the first copy counts",
                    view.payload.size(), view.sequence - stream(sender).first());
    event.add(FieldName::Note, note);
    emit(event);
}

bool TcpConnection::wasReset(Side sender, const TcpView& view, const Moment& moment)
{
    if (m_over)
        return false;
    for (const Side side : {sender, otherSide(sender)}) {
        Reader reader{*this, side};
        stream(side).flush(moment, reader);
    }
    std::string_view note = "in the middle of a connection";
    if (!m_anything && view.ack && !stream(sender).started())
        note = "refused";
    else if (m_ended[0] && m_ended[1])
        note = "after both ends had closed";
    else if (m_ended[index(otherSide(sender))])
        note = "after the other end had closed";
    else if (m_protocol == Protocol::Http && m_http->unanswered() > 0)
        note = "before a request was answered";
    TraceEvent event = begin(EventKind::TcpReset, sender, moment, lastExchange());
    event.add(FieldName::Note, note);
    emit(event);
    endSide(sender, StreamEnd::Reset, moment);
    endSide(otherSide(sender), StreamEnd::Reset, moment);
    becomeOver();
    return true;
}

void TcpConnection::checkEnds(const Moment& moment)
{
    for (const Side side : {Side::A, Side::B})
        if (stream(side).finished())
            endSide(side, StreamEnd::Closed, moment);
    if (!m_over && m_ended[0] && m_ended[1])
        becomeOver();
}

void TcpConnection::endSide(Side side, StreamEnd how, const Moment& moment)
{
    if (m_ended[index(side)])
        return;
    m_ended[index(side)] = true;
    if (m_protocol == Protocol::Http)
        m_http->end(side, how, moment);
    else if (m_protocol == Protocol::Tls)
        m_tls->end(side, moment);
    else if (m_protocol == Protocol::Sip)
        m_sip->end(side, moment);
}

void TcpConnection::end(StreamEnd how, const Moment& moment)
{
    for (const Side side : {Side::A, Side::B}) {
        Reader reader{*this, side};
        stream(side).flush(moment, reader);
    }
    checkEnds(moment);
    for (const Side side : {Side::A, Side::B})
        endSide(side, how, moment);
    if (!m_over)
        becomeOver();
}

}  // namespace hwbridge
