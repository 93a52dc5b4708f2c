#include "hwbridge/decode/icmp_packet.hpp"

#include "hwbridge/decode/byte_reader.hpp"

#include <array>

namespace hwbridge {

using namespace emulator;

namespace {

constexpr ExchangeRule echoRule{std::chrono::seconds{60}};

enum IcmpType : std::uint8_t {
    EchoReply = 0,
    Unreachable = 3,
    SourceQuench = 4,
    Redirect = 5,
    Echo = 8,
    TimeExceeded = 11,
    ParameterProblem = 12,
    Timestamp = 13,
    TimestampReply = 14,
};

std::string_view unreachableName(std::uint8_t code)
{
    constexpr std::array<std::string_view, 16> names{"network unreachable",
                                                     "host unreachable",
                                                     "protocol unreachable",
                                                     "port unreachable",
                                                     "fragmentation needed",
                                                     "source route failed",
                                                     "network unknown",
                                                     "host unknown",
                                                     "source host isolated",
                                                     "network prohibited",
                                                     "host prohibited",
                                                     "network unreachable for service",
                                                     "host unreachable for service",
                                                     "communication prohibited",
                                                     "host precedence violation",
                                                     "precedence cutoff in effect"};
    return code < names.size() ? names[code] : "unreachable";
}

std::string_view nameOf(std::uint8_t type, std::uint8_t code)
{
    switch (type) {
    case EchoReply:
        return "echo reply";
    case Unreachable:
        return unreachableName(code);
    case SourceQuench:
        return "source quench";
    case Redirect:
        return code == 0 || code == 2 ? "redirect for network" : "redirect for host";
    case Echo:
        return "echo request";
    case 9:
        return "router advertisement";
    case 10:
        return "router solicitation";
    case TimeExceeded:
        return code == 1 ? "fragment reassembly time exceeded" : "time to live exceeded";
    case ParameterProblem:
        return "parameter problem";
    case Timestamp:
        return "timestamp request";
    case TimestampReply:
        return "timestamp reply";
    }
    return {};
}

bool quotesDatagram(std::uint8_t type)
{
    return type == Unreachable || type == SourceQuench || type == Redirect || type == TimeExceeded ||
           type == ParameterProblem;
}

// The IP header and at least 8 bytes behind it (RFC 792). Nothing when even that is not there.
std::optional<QuotedDatagram> readQuoted(std::string_view bytes)
{
    ByteReader ip{bytes};
    const std::uint8_t first = ip.u8();
    ip.take(5);
    const std::uint16_t fragment = ip.u16();
    ip.take(1);
    QuotedDatagram quoted;
    quoted.protocol = ip.u8();
    ip.take(2);
    quoted.from.address.value = ip.u32();
    quoted.to.address.value = ip.u32();
    const std::size_t header = std::size_t{first & 15u} * 4;
    if (ip.failed() || first >> 4 != 4 || header < 20)
        return std::nullopt;
    ip.take(header - 20);
    constexpr std::uint8_t tcp = 6;
    constexpr std::uint8_t udp = 17;
    if ((quoted.protocol == tcp || quoted.protocol == udp) && (fragment & 0x1fff) == 0) {
        quoted.from.port = ip.u16();
        quoted.to.port = ip.u16();
        ip.take(4);
        if (quoted.protocol == udp && !ip.failed())
            quoted.payload = ip.rest();
    }
    if (ip.failed())
        return std::nullopt;
    return quoted;
}

void addEnd(Description& out, FieldName field, const QuotedDatagram& quoted, const Endpoint& end)
{
    TextMaker text{out.texts()};
    text.addIpv4(end.address.value);
    if (quoted.protocol == 6 || quoted.protocol == 17) {
        text.add(':');
        text.addNumber(end.port);
    }
    out.add(field, text.finish());
}

void addQuoted(Description& out, const QuotedDatagram& quoted)
{
    TextMaker protocol{out.texts()};
    if (quoted.protocol == 6)
        protocol.add("tcp");
    else if (quoted.protocol == 17)
        protocol.add("udp");
    else if (quoted.protocol == 1)
        protocol.add("icmp");
    else
        protocol.addNumber(quoted.protocol);
    out.add(FieldName::QuotedProtocol, protocol.finish());
    addEnd(out, FieldName::QuotedFrom, quoted, quoted.from);
    addEnd(out, FieldName::QuotedTo, quoted, quoted.to);
}

}  // namespace

DecodeOutcome describeIcmp(Description out, std::string_view packet, ExchangeTable& exchanges,
                           std::optional<QuotedDatagram>& quoted)
{
    ByteReader reader{packet};
    const std::uint8_t type = reader.u8();
    const std::uint8_t code = reader.u8();
    reader.take(2);  // the checksum: whoever captures may see it before it is made
    const std::uint16_t high = reader.u16();
    const std::uint16_t low = reader.u16();
    if (reader.failed())
        return out.malformed("icmp: found {} bytes; expected at least 8", packet.size());

    out.event().kind = EventKind::IcmpMessage;
    out.add(FieldName::Type, std::int64_t{type});
    out.add(FieldName::Code, std::int64_t{code});
    out.addUnlessEmpty(FieldName::Name, nameOf(type, code));
    if (quotesDatagram(type)) {
        quoted = readQuoted(reader.rest());
        if (!quoted)
            return out.malformed(
                "icmp: found, after {}, {} bytes of the quoted datagram; expected its IP header and 8 bytes",
                nameOf(type, code), reader.left());
        if (type == Redirect)
            out.addIpv4(FieldName::Gateway, std::uint32_t{high} << 16 | low);
        if (type == Unreachable && code == 4)
            out.add(FieldName::Mtu, std::int64_t{low});
        addQuoted(out, *quoted);
        return DecodeOutcome::Described;
    }
    const bool question = type == Echo || type == Timestamp;
    if (question || type == EchoReply || type == TimestampReply) {
        out.add(FieldName::Id, std::int64_t{high});
        out.add(FieldName::Sequence, std::int64_t{low});
        ExchangeKey key{"icmp"};
        key.addEnds(out.event().from, out.event().to).add(std::uint64_t{high} << 16 | low);
        out.join(exchanges.seen(key, echoRule,
                                question ? ExchangeTable::Side::Question : ExchangeTable::Side::Answer,
                                hashOf(packet), out.event().at));
    }
    return DecodeOutcome::Described;
}

}  // namespace hwbridge
