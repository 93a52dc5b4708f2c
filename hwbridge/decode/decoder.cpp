#include "hwbridge/decode/decoder.hpp"

#include "emulator/base/chance.hpp"
#include "hwbridge/decode/decode_secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace hwbridge {

using namespace emulator;

namespace {

constexpr std::uint8_t protocolIcmp = 1;
constexpr std::uint8_t protocolTcp = 6;
constexpr std::uint8_t protocolUdp = 17;

// Files may claim any time; beyond these no difference fits.
WallNanoseconds sensible(WallNanoseconds at)
{
    constexpr WallNanoseconds latest{std::chrono::nanoseconds{std::int64_t{1} << 62}};
    return std::clamp(at, WallNanoseconds{}, latest);
}

// 48 bits of a keyed hash, as pseudonyms have.
std::uint64_t derived(const TrafficTrace& secrets, std::string_view purpose)
{
    const std::string text = secrets.pseudonym(purpose);
    std::uint64_t number = 0;
    const std::string_view digits = std::string_view{text}.substr(text.find('-') + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    return number;
}

// Pseudonyms are the same in both kinds of messages.
DatagramOptions datagramOptions(const DecodeOptions& options)
{
    DatagramOptions datagrams = options.datagrams;
    if (datagrams.key.empty())
        datagrams.key = options.key;
    return datagrams;
}

}  // namespace

Decoder::Decoder(TraceSink& sink, DecodeOptions options)
    : m_sink{sink},
      m_secrets{secretsWith(options.key)},
      m_hashSeed{derived(m_secrets, "body hash 1") << 16 ^ derived(m_secrets, "body hash 2")},
      m_hashMask{derived(m_secrets, "body hash 3") << 16 ^ derived(m_secrets, "body hash 4")},
      m_phones{std::move(options.phones), options.names},
      m_datagrams{datagramOptions(options)},
      m_connections{*this, options.tcp}
{}

Decoder::~Decoder() = default;

void Decoder::packetSeen(const Packet& packet)
{
    const WallNanoseconds at = sensible(packet.at);
    if (!m_start)
        m_start = at;
    m_moment = {packet.number, TimePoint{std::chrono::floor<Duration>(at - *m_start)}};
    m_cut = packet.wireLength > packet.bytes.size();
    m_whole = nullptr;
    m_counters.add(decode(packet));
}

void Decoder::end()
{
    m_connections.end(m_moment);
    m_fragments.end();
}

DecodeCounters Decoder::counters() const
{
    DecodeCounters counters = m_counters;
    counters.connections = m_connections.seen();
    counters.connectionsEvicted = m_connections.evicted();
    counters.senselessBytes = m_connections.senseless();
    counters.fragmentsLost = m_fragments.lost();
    return counters;
}

PacketFate Decoder::decode(const Packet& packet)
{
    m_link = viewLink(packet.link, packet.bytes);
    switch (m_link.protocol) {
    case NetworkProtocol::Ipv4:
        return ip(m_link.payload);
    case NetworkProtocol::Ipv6:
        return PacketFate::Ipv6;
    case NetworkProtocol::Arp:
        return frame(&DatagramDecoder::arp, m_link.payload, PacketFate::OtherType);
    case NetworkProtocol::Lldp:
        return frame(&DatagramDecoder::lldp, m_link.payload, PacketFate::OtherType);
    case NetworkProtocol::Cdp:
        return frame(&DatagramDecoder::cdp, m_link.payload, PacketFate::OtherLlc);
    case NetworkProtocol::OtherLlc:
        return PacketFate::OtherLlc;
    case NetworkProtocol::OtherType:
        return PacketFate::OtherType;
    case NetworkProtocol::UnknownLink:
        return PacketFate::UnknownLink;
    case NetworkProtocol::TooShort:
        break;
    }
    return fault("link: found less than a link header", {{}, m_link.source}, {{}, m_link.destination});
}

PacketFate Decoder::ip(std::string_view bytes)
{
    IpView view;
    if (const Fault wrong = viewIp(view, bytes); !wrong.empty())
        return fault(wrong, {{}, m_link.source}, {{}, m_link.destination});
    if (view.missing > 0 && !m_cut)
        return fault("ip: found a total length beyond the frame", {{view.source, 0}, m_link.source},
                     {{view.destination, 0}, m_link.destination});
    if (!view.isFragment())
        return transport(view, view.payload, view.missing);
    m_whole = m_fragments.add(view, sensible(*m_start + m_moment.at.time_since_epoch()));
    if (m_whole == nullptr)
        return PacketFate::Fragment;
    return transport(view, m_whole->bytes, 0);
}

PacketFate Decoder::transport(const IpView& ip, std::string_view payload, std::size_t missing)
{
    switch (ip.protocol) {
    case protocolUdp:
        return udp(ip, payload, missing);
    case protocolTcp:
        return tcp(ip, payload, missing);
    case protocolIcmp: {
        const WireEnd from{{ip.source, 0}, m_link.source};
        const WireEnd to{{ip.destination, 0}, m_link.destination};
        TraceEvent event = begin(EventKind::IcmpMessage, m_moment, from, to);
        return finish(m_datagrams.icmp(event, payload), event, from, to, missing, PacketFate::IpOther);
    }
    default:
        return PacketFate::IpOther;
    }
}

PacketFate Decoder::udp(const IpView& ip, std::string_view payload, std::size_t missing)
{
    UdpView view;
    const Fault wrong = viewUdp(view, payload, missing);
    const WireEnd from{{ip.source, view.source}, m_link.source};
    const WireEnd to{{ip.destination, view.destination}, m_link.destination};
    if (!wrong.empty())
        return fault(wrong, from, to);
    TraceEvent event = begin(EventKind::PacketMalformed, m_moment, from, to);
    return finish(m_datagrams.udp(event, view.payload), event, from, to, view.missing,
                  PacketFate::UdpUnknown);
}

PacketFate Decoder::tcp(const IpView& ip, std::string_view payload, std::size_t missing)
{
    TcpView view;
    const Fault wrong = viewTcp(view, payload, missing);
    const WireEnd from{{ip.source, view.source}, m_link.source};
    const WireEnd to{{ip.destination, view.destination}, m_link.destination};
    if (!wrong.empty())
        return fault(wrong, from, to);
    return m_connections.segment(from, to, view, m_moment);
}

PacketFate Decoder::frame(FrameDecoder decoder, std::string_view payload, PacketFate otherwise)
{
    const WireEnd from{{}, m_link.source};
    const WireEnd to{{}, m_link.destination};
    TraceEvent event = begin(EventKind::PacketMalformed, m_moment, from, to);
    return finish((m_datagrams.*decoder)(event, payload), event, from, to, m_cut ? 1 : 0, otherwise);
}

PacketFate Decoder::finish(DatagramDecoder::Outcome outcome, TraceEvent& event, const WireEnd& from,
                           const WireEnd& to, std::size_t missing, PacketFate otherwise)
{
    if (outcome == DatagramDecoder::Outcome::Described) {
        addNotes(event, missing);
        emit(event, from, to);
        return PacketFate::Event;
    }
    if (missing > 0)
        return PacketFate::Cut;
    if (outcome == DatagramDecoder::Outcome::Unknown)
        return otherwise;
    addNotes(event, 0);
    emit(event, from, to);
    return PacketFate::Malformed;
}

// What the packet itself is to be blamed for, beside what its content is.
void Decoder::addNotes(TraceEvent& event, std::size_t missing)
{
    const bool overlapped = m_whole != nullptr && m_whole->overlapped;
    if (missing == 0 && !overlapped)
        return;
    const auto there = std::find_if(event.fields.begin(), event.fields.end(),
                                    [](const Field& field) { return field.name == FieldName::Note; });
    m_note.clear();
    if (there != event.fields.end())
        m_note = std::get<std::string_view>(there->value);
    if (missing > 0)
        addNote(m_note, "cut short by the capture");
    if (overlapped)
        addNote(m_note, m_whole->conflicting
                            ? "IP fragments overlap with other content, the first copy counts"
                            : "IP fragments overlap");
    if (there != event.fields.end())
        there->value = std::string_view{m_note};
    else
        event.add(FieldName::Note, m_note);
}

PacketFate Decoder::fault(Fault fault, const WireEnd& from, const WireEnd& to)
{
    if (m_cut)
        return PacketFate::Cut;
    TraceEvent event = begin(EventKind::PacketMalformed, m_moment, from, to);
    event.add(FieldName::Note, fault);
    emit(event, from, to);
    return PacketFate::Malformed;
}

TraceEvent Decoder::begin(EventKind kind, const Moment& moment, const WireEnd& from, const WireEnd& to)
{
    TraceEvent event;
    event.at = moment.at;
    event.kind = kind;
    event.by = Observer::Wire;
    event.order.sequence = moment.packet;
    event.from = from.endpoint;
    event.to = to.endpoint;
    event.add(FieldName::Packet, static_cast<std::int64_t>(moment.packet));
    return event;
}

void Decoder::emit(TraceEvent& event, const WireEnd& from, const WireEnd& to)
{
    m_phones.learn(event, from);
    event.phone = m_phones.phoneOf(from, to);
    ++m_counters.events;
    if (m_sink.wants(event.kind))
        m_sink.seen(event);
}

}  // namespace hwbridge
