#include "hwbridge/decode/datagram_decoder.hpp"

#include "hwbridge/decode/arp_packet.hpp"
#include "hwbridge/decode/cdp_message.hpp"
#include "hwbridge/decode/decode_secrets.hpp"
#include "hwbridge/decode/dhcp_message.hpp"
#include "hwbridge/decode/dns_message.hpp"
#include "hwbridge/decode/icmp_packet.hpp"
#include "hwbridge/decode/lldp_message.hpp"
#include "hwbridge/decode/ntp_message.hpp"
#include "hwbridge/decode/sip_datagram.hpp"
#include "hwbridge/decode/snmp_message.hpp"
#include "hwbridge/decode/syslog_datagram.hpp"
#include "hwbridge/decode/tftp_transfers.hpp"

namespace hwbridge {

using namespace emulator;

namespace {

constexpr std::uint16_t dhcpServerPort = 67;
constexpr std::uint16_t dhcpClientPort = 68;
constexpr std::uint16_t tftpPort = 69;
constexpr std::uint16_t ntpPort = 123;
constexpr std::uint16_t snmpPort = 161;
constexpr std::uint16_t trapPort = 162;
constexpr std::uint16_t syslogPort = 514;
constexpr std::uint16_t sipPort = 5060;

bool touches(const TraceEvent& event, std::uint16_t port)
{
    return event.from.port == port || event.to.port == port;
}

// What keeps a way through a router open (RFC 5626 section 3.5.1): no message.
bool isKeepAlive(std::string_view payload)
{
    return payload.find_first_not_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos;
}

}  // namespace

struct DatagramDecoder::State {
    explicit State(DatagramOptions chosen) : options{std::move(chosen)}, secrets{secretsWith(options.key)} {}

    // What the payload is described by; also forgets the texts of the last event.
    Description describing(TraceEvent& event)
    {
        texts.clear();
        return {event, texts};
    }

    bool atDnsPort(std::uint16_t port) const
    {
        return std::find(options.dnsPorts.begin(), options.dnsPorts.end(), port) != options.dnsPorts.end();
    }

    // The exchange of the datagram that an ICMP error quotes.
    std::optional<std::uint32_t> exchangeOf(const QuotedDatagram& quoted, TimePoint now)
    {
        if (const auto transfer = transfers.exchangeOf(quoted.from, quoted.to, now))
            return transfer;
        if (quoted.payload.size() < 2 || !(atDnsPort(quoted.from.port) || atDnsPort(quoted.to.port)))
            return std::nullopt;
        const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(quoted.payload[i]); };
        const auto id = static_cast<std::uint16_t>(octet(0) << 8 | octet(1));
        return exchanges.find(dnsKey(quoted.from, quoted.to, id), now);
    }

    DatagramOptions options;
    TrafficTrace secrets;
    TextArena texts;
    ExchangeTable exchanges;
    TftpTransfers transfers;
};

DatagramDecoder::DatagramDecoder(DatagramOptions options)
    : m_state{std::make_unique<State>(std::move(options))}
{}
DatagramDecoder::~DatagramDecoder() = default;
DatagramDecoder::DatagramDecoder(DatagramDecoder&&) noexcept = default;
DatagramDecoder& DatagramDecoder::operator=(DatagramDecoder&&) noexcept = default;

DatagramDecoder::Outcome DatagramDecoder::udp(TraceEvent& event, std::string_view payload)
{
    State& state = *m_state;
    const Description out = state.describing(event);
    // Ports first.
    if (touches(event, syslogPort))
        return describeSyslog(out, payload, state.exchanges, state.secrets);
    if (touches(event, tftpPort))
        return state.transfers.describe(out, payload, state.exchanges, state.secrets);
    if (state.atDnsPort(event.from.port) || state.atDnsPort(event.to.port))
        return describeDns(out, payload, state.exchanges);
    if (touches(event, dhcpServerPort) || touches(event, dhcpClientPort))
        return describeDhcp(out, payload, state.exchanges, state.secrets);
    if (touches(event, ntpPort))
        return describeNtp(out, payload, state.exchanges);
    if (touches(event, snmpPort) || touches(event, trapPort))
        return describeSnmp(out, payload, state.exchanges);
    // Then bytes, the commonest first.
    if (tftpEventKind(payload)) {
        const Outcome outcome = state.transfers.describe(out, payload, state.exchanges, state.secrets);
        if (outcome != Outcome::Unknown)
            return outcome;
    }
    if (looksLikeSyslog(payload))
        return describeSyslog(out, payload, state.exchanges, state.secrets);
    if (looksLikeSip(payload) || (touches(event, sipPort) && !isKeepAlive(payload)))
        return describeSip(out, payload, state.exchanges, state.secrets);
    if (looksLikeDhcp(payload))
        return describeDhcp(out, payload, state.exchanges, state.secrets);
    if (looksLikeSnmp(payload))
        return describeSnmp(out, payload, state.exchanges);
    return Outcome::Unknown;
}

DatagramDecoder::Outcome DatagramDecoder::arp(TraceEvent& event, std::string_view payload)
{
    return describeArp(m_state->describing(event), payload, m_state->exchanges);
}

DatagramDecoder::Outcome DatagramDecoder::icmp(TraceEvent& event, std::string_view payload)
{
    std::optional<QuotedDatagram> quoted;
    const Outcome outcome = describeIcmp(m_state->describing(event), payload, m_state->exchanges, quoted);
    if (outcome == Outcome::Described && quoted)
        if (const auto exchange = m_state->exchangeOf(*quoted, event.at))
            Description{event, m_state->texts}.join(*exchange);
    return outcome;
}

DatagramDecoder::Outcome DatagramDecoder::lldp(TraceEvent& event, std::string_view payload)
{
    return describeLldp(m_state->describing(event), payload);
}

DatagramDecoder::Outcome DatagramDecoder::cdp(TraceEvent& event, std::string_view payload)
{
    return describeCdp(m_state->describing(event), payload);
}

DatagramDecoder::Outcome DatagramDecoder::sip(TraceEvent& event, std::string_view message)
{
    return describeSip(m_state->describing(event), message, m_state->exchanges, m_state->secrets);
}

DatagramDecoder::Outcome DatagramDecoder::dns(TraceEvent& event, std::string_view message)
{
    return describeDns(m_state->describing(event), message, m_state->exchanges);
}

DatagramDecoder::Outcome DatagramDecoder::syslog(TraceEvent& event, std::string_view message)
{
    return describeSyslog(m_state->describing(event), message, m_state->exchanges, m_state->secrets);
}

}  // namespace hwbridge
