#include "hwbridge/decode/sip_conversation.hpp"

#include "emulator/base/ascii.hpp"
#include "hwbridge/decode/datagram_decoder.hpp"
#include "hwbridge/decode/http_head.hpp"

#include <algorithm>
#include <charconv>

namespace hwbridge {

using namespace emulator;

SipConversation::Start SipConversation::startsWith(std::string_view bytes)
{
    constexpr std::string_view version = "SIP/2.0";
    constexpr std::size_t longestLine = 8000;
    if (bytes.starts_with(version))
        return Start::Yes;
    if (version.starts_with(bytes))
        return Start::Maybe;
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos)
        return httpStart(bytes) == HttpStart::Maybe && bytes.size() < longestLine ? Start::Maybe : Start::No;
    std::string_view line = bytes.substr(0, end);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line.ends_with(" SIP/2.0") && line.front() > ' ' ? Start::Yes : Start::No;
}

std::size_t SipConversation::held() const
{
    return sizeof(*this) + m_halves[0].waiting.capacity() + m_halves[1].waiting.capacity();
}

std::optional<std::size_t> SipConversation::lengthOf(std::string_view bytes)
{
    const std::optional<std::size_t> head = httpHeadEnd(bytes, 0);
    if (!head)
        return std::nullopt;
    std::size_t body = 0;
    std::string_view lines = bytes.substr(0, *head);
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size() - 1);
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(end + 1);
        const std::size_t colon = std::min(line.find(':'), line.size());
        std::string_view name = line.substr(0, colon);
        while (name.ends_with(' ') || name.ends_with('\t'))
            name.remove_suffix(1);
        if (!equalsAnyCase(name, "Content-Length") && !equalsAnyCase(name, "l"))
            continue;
        std::string_view value = line.substr(std::min(colon + 1, line.size()));
        value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
        if (std::from_chars(value.data(), value.data() + value.size(), body).ec != std::errc{} ||
            body > longestMessage)
            body = longestMessage;  // beyond the limit, whatever it is
        break;
    }
    return *head + body;
}

void SipConversation::bytes(Side side, std::string_view bytes, const Moment& moment)
{
    Half& mine = half(side);
    if (mine.lost && startsWith(bytes) != Start::Yes) {
        m_senseless += bytes.size();
        return;
    }
    mine.lost = false;
    mine.waiting.append(bytes);
    std::string_view rest = mine.waiting;
    while (!rest.empty()) {
        // Keep-alives (RFC 5626 section 3.5.1) and empty lines.
        rest.remove_prefix(std::min(rest.find_first_not_of("\r\n"), rest.size()));
        if (rest.empty())
            break;
        if (startsWith(rest) == Start::No) {
            lose(side, "sip: found no start line", moment);
            return;
        }
        const std::optional<std::size_t> length = lengthOf(rest);
        if (length.value_or(rest.size()) > longestMessage) {
            lose(side, "sip: found a message beyond 65536 bytes", moment);
            return;
        }
        if (!length || *length > rest.size())
            break;
        TraceEvent event = m_events.begin(EventKind::PacketMalformed, side, moment, 1);
        if (m_events.datagrams().sip(event, rest.substr(0, *length)) != DatagramDecoder::Outcome::Unknown)
            m_events.emit(event);
        else
            m_senseless += *length;
        rest.remove_prefix(*length);
    }
    mine.waiting.erase(0, mine.waiting.size() - rest.size());
}

void SipConversation::lose(Side side, std::string_view note, const Moment& moment)
{
    Half& mine = half(side);
    TraceEvent event = m_events.begin(EventKind::PacketMalformed, side, moment, 1);
    event.add(FieldName::Note, note);
    m_events.emit(event);
    m_senseless += mine.waiting.size();
    mine.waiting.clear();
    mine.lost = true;
}

void SipConversation::gap(Side side)
{
    Half& mine = half(side);
    m_senseless += mine.waiting.size();
    mine.waiting.clear();
    mine.lost = true;
}

void SipConversation::end(Side side, const Moment& moment)
{
    if (half(side).waiting.find_first_not_of("\r\n") != std::string::npos)
        lose(side, "sip: found a message that is cut off", moment);
}

}  // namespace hwbridge
