#include "hwbridge/decode/http_conversation.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/base/chance.hpp"
#include "emulator/protocol/printable.hpp"
#include "emulator/protocol/rig_user_agent.hpp"

#include <algorithm>

namespace hwbridge {

using namespace emulator;

HttpConversation::HttpConversation(TrafficTrace& secrets, std::uint64_t hashSeed, std::uint64_t hashMask)
    : m_secrets{secrets},
      m_hashSeed{hashSeed},
      m_hashMask{hashMask}
{}

void HttpConversation::open(StreamEvents& events)
{
    m_events = &events;
    for (Half& half : m_halves) {
        half.state = State::Head;
        half.resynchronised = false;
        half.waiting.clear();
        half.exchange = 0;
        half.answered.clear();
        half.rigs = false;
        half.body.begin(HttpFraming::None, 0, HttpCoding::Plain, 0);
    }
    m_pending.clear();
    m_exchanges = 0;
    m_senseless = 0;
    m_tunnel = false;
    m_tunnelled = {};
}

std::size_t HttpConversation::held() const
{
    std::size_t bytes = sizeof(*this);
    for (const Half& half : m_halves)
        bytes += half.waiting.capacity() + half.head.headers.capacity() + half.head.target.capacity() +
                 half.head.notes.capacity() + half.body.held();
    return bytes + m_pending.size() * sizeof(Pending);
}

void HttpConversation::bytes(Side side, std::string_view bytes, const Moment& moment)
{
    Half& mine = half(side);
    if (mine.state == State::Lost) {
        const HttpStart start = httpStart(bytes);
        if (start != HttpStart::Request && start != HttpStart::Response) {
            m_senseless += bytes.size();
            return;
        }
        mine.state = State::Head;
        mine.resynchronised = true;
    }
    while (!bytes.empty()) {
        if (m_tunnel) {
            m_tunnelled = bytes;
            return;
        }
        if (mine.state == State::Lost) {
            m_senseless += bytes.size();
            return;
        }
        if (mine.state == State::Head) {
            bytes = readHead(side, bytes, moment);
            continue;
        }
        bytes.remove_prefix(mine.body.take(bytes, mine.head.notes));
        if (mine.body.done())
            messageComplete(side, moment);
    }
}

// Returns what is behind the head, or nothing when it goes on.
std::string_view HttpConversation::readHead(Side side, std::string_view bytes, const Moment& moment)
{
    Half& mine = half(side);
    if (mine.waiting.empty()) {
        // Empty lines between messages are skipped (RFC 9112 section 2.2).
        const std::size_t begin = std::min(bytes.find_first_not_of("\r\n"), bytes.size());
        bytes.remove_prefix(begin);
        if (bytes.empty())
            return {};
        if (httpStart(bytes) == HttpStart::No) {
            malformed(side, bytes, "expected a start line", moment);
            m_senseless += bytes.size();
            lose(side);
            return {};
        }
    }
    const std::size_t waited = mine.waiting.size();
    if (waited == 0) {
        if (const auto end = httpHeadEnd(bytes, 0)) {
            headComplete(side, bytes.substr(0, *end));
            bytes.remove_prefix(*end);
            if (mine.body.done())
                messageComplete(side, moment);
            return bytes;
        }
    }
    mine.waiting.append(bytes.substr(0, longestHttpHead + 1 - std::min(longestHttpHead, waited)));
    const auto end = waited == 0 ? std::nullopt : httpHeadEnd(mine.waiting, waited);
    if (!end) {
        if (mine.waiting.size() > longestHttpHead) {
            malformed(side, mine.waiting, "expected an end of the head within 65536 bytes", moment);
            m_senseless += mine.waiting.size();
            lose(side);
        }
        return {};
    }
    if (httpStart(mine.waiting) == HttpStart::No) {
        malformed(side, mine.waiting, "expected a start line", moment);
        m_senseless += mine.waiting.size();
        lose(side);
        return {};
    }
    headComplete(side, std::string_view{mine.waiting}.substr(0, *end));
    bytes.remove_prefix(*end - waited);
    mine.waiting.clear();
    if (mine.body.done())
        messageComplete(side, moment);
    return bytes;
}

void HttpConversation::headComplete(Side side, std::string_view text)
{
    Half& mine = half(side);
    readHttpHead(mine.head, text, m_secrets);
    if (mine.head.isRequest) {
        mine.exchange = ++m_exchanges;
        mine.answered.clear();
        mine.rigs = mine.head.userAgent == rigUserAgent;
        if (m_pending.size() == mostPending)
            m_pending.pop_front();
        m_pending.push_back({mine.exchange, mine.head.method, mine.rigs});
    } else {
        takeRequest(mine);
    }
    const HttpFraming framing = mine.head.framing(mine.answered);
    mine.body.begin(framing, mine.head.length, mine.head.coding, m_hashSeed);
    mine.state = State::Body;
}

// Finds what a response answers.
void HttpConversation::takeRequest(Half& mine)
{
    if (mine.resynchronised) {
        // Responses were lost: the last request is the likeliest.
        while (m_pending.size() > 1)
            m_pending.pop_front();
        mine.resynchronised = false;
    }
    if (m_pending.empty()) {
        mine.exchange = ++m_exchanges;
        mine.answered.clear();
        mine.rigs = false;
        addNote(mine.head.notes, "no request was seen for it");
        return;
    }
    mine.exchange = m_pending.front().exchange;
    mine.answered = m_pending.front().method;
    mine.rigs = m_pending.front().rigs;
    if (mine.head.status / 100 != 1 || mine.head.status == 101)
        m_pending.pop_front();
}

void HttpConversation::messageComplete(Side side, const Moment& moment)
{
    Half& mine = half(side);
    HttpHead& head = mine.head;
    mine.state = State::Head;
    const auto content = mine.body.content(head.notes);
    TraceEvent event = m_events->begin(head.isRequest ? EventKind::HttpRequest : EventKind::HttpResponse,
                                       side, moment, mine.exchange);
    if (mine.rigs)
        event.by = Observer::Rig;
    if (head.isRequest) {
        event.add(FieldName::Method, head.method);
        event.add(FieldName::Target, head.target);
        if (!head.host.empty())
            event.add(FieldName::Host, head.host);
        if (!head.userAgent.empty())
            event.add(FieldName::UserAgent, head.userAgent);
    } else {
        event.add(FieldName::Status, std::int64_t{head.status});
        event.add(FieldName::Reason, head.reason);
    }
    if (head.minor >= 0)
        event.add(FieldName::Minor, head.minor);
    if (head.isRequest && !head.encoding.empty())
        event.add(FieldName::Coding, head.encoding);
    event.add(FieldName::Bytes, static_cast<std::int64_t>(mine.body.bytes()));
    std::array<char, 12> hash{};
    if (content) {
        if (content->unpacked)
            event.add(FieldName::Unpacked, static_cast<std::int64_t>(*content->unpacked));
        // Keyed like pseudonyms: a body may be little more than a password.
        std::uint64_t mixed = mixBits(content->hash ^ m_hashMask);
        for (char& digit : hash) {
            digit = "0123456789abcdef"[mixed & 15];
            mixed >>= 4;
        }
        event.add(FieldName::BodyHash, std::string_view{hash.data(), hash.size()});
    }
    event.add(FieldName::Headers, head.headers);
    if (!head.notes.empty())
        event.add(FieldName::Note, head.notes);
    m_events->emit(event);
    const bool connected = equalsAnyCase(mine.answered, "CONNECT") && head.status / 100 == 2;
    m_tunnel = !head.isRequest && (head.status == 101 || connected);
}

void HttpConversation::lose(Side side)
{
    Half& mine = half(side);
    mine.state = State::Lost;
    mine.waiting.clear();
    mine.waiting.shrink_to_fit();
}

void HttpConversation::malformed(Side side, std::string_view found, std::string_view what,
                                 const Moment& moment)
{
    constexpr std::size_t shown = 32;
    TraceEvent event = m_events->begin(EventKind::PacketMalformed, side, moment, m_exchanges);
    const std::string note = "http: found \"" +
                             std::string{m_secrets.withoutSecrets(printable(found, shown))} + "\", " +
                             std::string{what};
    event.add(FieldName::Note, note);
    m_events->emit(event);
}

void HttpConversation::gap(Side side, std::uint64_t missing, const Moment& moment)
{
    Half& mine = half(side);
    if (mine.state == State::Body) {
        if (mine.body.skip(missing, mine.head.notes)) {
            if (mine.body.done())
                messageComplete(side, moment);
            return;
        }
        addNote(mine.head.notes, "its end is missing in the capture");
        messageComplete(side, moment);
    } else if (!mine.waiting.empty()) {
        malformed(side, mine.waiting, "and its end is missing in the capture", moment);
        m_senseless += mine.waiting.size();
    }
    lose(side);
}

void HttpConversation::end(Side side, StreamEnd how, const Moment& moment)
{
    Half& mine = half(side);
    const std::string_view cause = how == StreamEnd::Closed  ? "the connection's end"
                                   : how == StreamEnd::Reset ? "a reset"
                                                             : "the end of what was captured";
    if (mine.state == State::Body) {
        const bool whole = mine.body.endsWithConnection() && how == StreamEnd::Closed;
        if (!whole) {
            std::string note = "cut off by " + std::string{cause};
            if (mine.body.outstanding() > 0)
                note += ", " + std::to_string(mine.body.outstanding()) + " bytes are missing";
            addNote(mine.head.notes, note);
        }
        messageComplete(side, moment);
    } else if (mine.state == State::Head && !mine.waiting.empty()) {
        malformed(side, mine.waiting, "a head that is cut off by " + std::string{cause}, moment);
        m_senseless += mine.waiting.size();
    }
    lose(side);
}

}  // namespace hwbridge
