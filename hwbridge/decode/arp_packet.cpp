#include "hwbridge/decode/arp_packet.hpp"

#include "hwbridge/decode/byte_reader.hpp"

namespace hwbridge {

using namespace emulator;

namespace {

// Asked again after an answer, it is another question: nothing in an ARP packet tells them apart.
constexpr ExchangeRule arpRule{std::chrono::seconds{10}, true};

std::string_view purpose(bool request, std::uint32_t sender, std::uint32_t target)
{
    if (request && sender == 0)
        return "probe";
    if (sender == target)
        return request ? "announcement" : "gratuitous";
    return {};
}

}  // namespace

DecodeOutcome describeArp(Description out, std::string_view packet, ExchangeTable& exchanges)
{
    constexpr std::size_t bytes = 28;
    ByteReader reader{packet};
    const std::uint16_t hardware = reader.u16();
    const std::uint16_t protocol = reader.u16();
    const std::uint16_t lengths = reader.u16();
    const std::uint16_t operation = reader.u16();
    const std::string_view senderMac = reader.take(6);
    const std::uint32_t sender = reader.u32();
    const std::string_view targetMac = reader.take(6);
    const std::uint32_t target = reader.u32();
    if (packet.size() < 8)
        return out.malformed("arp: found {} bytes; expected {}", packet.size(), bytes);
    if (hardware != 1 || protocol != 0x0800 || operation < 1 || operation > 2)
        return DecodeOutcome::Unknown;
    if (lengths != 0x0604)
        return out.malformed("arp: found addresses of {} and {} bytes; expected 6 and 4", lengths >> 8,
                             lengths & 255);
    if (reader.failed())
        return out.malformed("arp: found {} bytes; expected {}", packet.size(), bytes);

    const bool request = operation == 1;
    out.event().kind = request ? EventKind::ArpRequest : EventKind::ArpReply;
    out.addMac(FieldName::SenderMac, senderMac);
    out.addIpv4(FieldName::SenderIp, sender);
    out.addMac(FieldName::TargetMac, targetMac);
    out.addIpv4(FieldName::TargetIp, target);
    out.addUnlessEmpty(FieldName::Note, purpose(request, sender, target));

    ExchangeKey key{"arp"};
    key.add(request ? sender : target).add(request ? target : sender);
    out.join(exchanges.seen(key, arpRule,
                            request ? ExchangeTable::Side::Question : ExchangeTable::Side::Answer,
                            hashOf(packet.substr(0, bytes)), out.event().at));
    return DecodeOutcome::Described;
}

}  // namespace hwbridge
