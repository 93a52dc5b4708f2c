#include "hwbridge/decode/dhcp_message.hpp"

#include "hwbridge/decode/byte_reader.hpp"
#include "hwbridge/decode/dhcp_option_text.hpp"
#include "hwbridge/decode/dhcp_options.hpp"

#include <array>

namespace hwbridge {

using namespace emulator;

namespace {

constexpr std::size_t cookieAt = 236;
constexpr std::string_view cookie = "\x63\x82\x53\x63";

// One xid serves discover, offer, request and acknowledgement; retransmissions are up to 64 s apart (RFC 2131
// section 4.1).
constexpr ExchangeRule dhcpRule{std::chrono::seconds{130}};

struct DhcpHeader {
    std::uint8_t operation = 0;
    std::uint8_t hardwareLength = 0;
    std::string_view xid;
    std::uint16_t flags = 0;
    std::uint32_t ciaddr = 0;
    std::uint32_t yiaddr = 0;
    std::uint32_t siaddr = 0;
    std::uint32_t giaddr = 0;
    std::string_view chaddr;
    std::string_view sname;
    std::string_view file;
    std::string_view options;
};

DhcpHeader readHeader(std::string_view payload)
{
    ByteReader reader{payload};
    DhcpHeader header;
    header.operation = reader.u8();
    reader.take(1);
    header.hardwareLength = reader.u8();
    reader.take(1);
    header.xid = reader.take(4);
    reader.take(2);
    header.flags = reader.u16();
    header.ciaddr = reader.u32();
    header.yiaddr = reader.u32();
    header.siaddr = reader.u32();
    header.giaddr = reader.u32();
    header.chaddr = reader.take(16).substr(0, std::min<std::size_t>(header.hardwareLength, 16));
    header.sname = reader.take(64);
    header.file = reader.take(128);
    reader.take(cookie.size());
    header.options = reader.rest();
    return header;
}

std::string_view cString(std::string_view field)
{
    return field.substr(0, field.find('\0'));
}

std::optional<EventKind> kindOf(std::uint8_t messageType)
{
    constexpr std::array<EventKind, 8> kinds{
        EventKind::DhcpDiscover, EventKind::DhcpOffer, EventKind::DhcpRequest, EventKind::DhcpDecline,
        EventKind::DhcpAck,      EventKind::DhcpNak,   EventKind::DhcpRelease, EventKind::DhcpInform};
    if (messageType < 1 || messageType > kinds.size())
        return std::nullopt;
    return kinds[messageType - 1u];
}

bool fromServer(EventKind kind)
{
    return kind == EventKind::DhcpOffer || kind == EventKind::DhcpAck || kind == EventKind::DhcpNak;
}

// How an option with a field of its own is shown.
struct OwnField {
    std::uint8_t code;
    FieldName field;
    DhcpOptionForm form;
};
constexpr std::array ownFields{
    OwnField{54, FieldName::ServerId, DhcpOptionForm::Addresses},
    OwnField{50, FieldName::RequestedIp, DhcpOptionForm::Addresses},
    OwnField{12, FieldName::Hostname, DhcpOptionForm::Text},
    OwnField{60, FieldName::VendorClass, DhcpOptionForm::Text},
    OwnField{55, FieldName::Params, DhcpOptionForm::Codes},
    OwnField{61, FieldName::ClientId, DhcpOptionForm::Hex},
    OwnField{43, FieldName::Option43, DhcpOptionForm::SubOptions},
    OwnField{66, FieldName::Option66, DhcpOptionForm::Text},
    OwnField{67, FieldName::Option67, DhcpOptionForm::Text},
    OwnField{125, FieldName::Option125, DhcpOptionForm::Enterprises},
    OwnField{150, FieldName::Option150, DhcpOptionForm::Addresses},
    OwnField{159, FieldName::Option159, DhcpOptionForm::Text},
    OwnField{160, FieldName::Option160, DhcpOptionForm::Text},
};
constexpr std::uint8_t leaseTime = 51;
constexpr std::uint8_t messageType = 53;

bool hasOwnField(std::uint8_t code)
{
    return code == leaseTime || code == messageType ||
           std::any_of(ownFields.begin(), ownFields.end(),
                       [&](const OwnField& one) { return one.code == code; });
}

void addHeader(Description& out, const DhcpHeader& header, const DhcpOptions& options)
{
    out.addMac(FieldName::ClientMac, header.chaddr);
    TextMaker xid{out.texts()};
    xid.addHex(header.xid);
    out.add(FieldName::Xid, xid.finish());
    if ((header.flags & 0x8000) != 0)
        out.add(FieldName::Flags, "broadcast");
    const auto address = [&](FieldName field, std::uint32_t value) {
        if (value != 0)
            out.addIpv4(field, value);
    };
    address(FieldName::Ciaddr, header.ciaddr);
    address(FieldName::Yiaddr, header.yiaddr);
    address(FieldName::Siaddr, header.siaddr);
    address(FieldName::Giaddr, header.giaddr);
    if (!options.snameIsOptions())
        out.addUnlessEmpty(FieldName::Server, cString(header.sname));
}

void addOptions(Description& out, const DhcpOptions& options, TrafficTrace& secrets)
{
    const DhcpOptionText text{out.texts(), secrets};
    for (const OwnField& own : ownFields)
        if (options.has(own.code))
            out.add(own.field, text.show(own.form, options.value(own.code)));
    if (const std::string_view lease = options.value(leaseTime); lease.size() == 4)
        out.add(FieldName::Lease, std::int64_t{ByteReader{lease}.u32()});

    TextMaker others{out.texts()};
    for (const char c : options.codes()) {
        const auto code = static_cast<std::uint8_t>(c);
        if (hasOwnField(code))
            continue;
        others.addSeparator(" ");
        others.addNumber(code);
        others.add('=');
        text.add(others, DhcpOptionText::formOf(code), options.value(code));
    }
    out.addUnlessEmpty(FieldName::Options, others.finish());
}

// The same message apart from `secs`, in which a retransmission counts the seconds.
std::uint64_t hashWithoutSeconds(std::string_view payload)
{
    return hashOf(payload.substr(10), hashOf(payload.substr(0, 8)));
}

}  // namespace

bool looksLikeDhcp(std::string_view payload)
{
    return payload.size() >= cookieAt + cookie.size() && (payload[0] == 1 || payload[0] == 2) &&
           payload.substr(cookieAt, cookie.size()) == cookie;
}

DecodeOutcome describeDhcp(Description out, std::string_view payload, ExchangeTable& exchanges,
                           TrafficTrace& secrets)
{
    if (payload.size() < cookieAt + cookie.size())
        return out.malformed("dhcp: found {} bytes; expected at least {}", payload.size(),
                             cookieAt + cookie.size());
    if (payload.substr(cookieAt, cookie.size()) != cookie)
        return out.malformed("dhcp: found no magic cookie; expected 63825363 at byte {}", cookieAt);
    const DhcpHeader header = readHeader(payload);
    if (header.operation != 1 && header.operation != 2)
        return out.malformed("dhcp: found operation {}; expected 1 or 2", header.operation);
    if (header.hardwareLength > 16)
        return out.malformed("dhcp: found a hardware address of {} bytes; expected at most 16",
                             header.hardwareLength);
    DhcpOptions options;
    if (const auto wrong = options.read({header.options, header.file, header.sname}, out.texts()))
        return out.malformed("dhcp: found {}", *wrong);
    if (!options.has(messageType))
        return DecodeOutcome::Unknown;
    const std::string_view type = options.value(messageType);
    if (type.size() != 1 || type[0] == 0)
        return out.malformed("dhcp: found a message type of {} bytes; expected one above 0", type.size());
    const std::optional<EventKind> kind = kindOf(static_cast<std::uint8_t>(type[0]));
    if (!kind)
        return DecodeOutcome::Unknown;

    out.event().kind = *kind;
    addHeader(out, header, options);
    if (!options.fileIsOptions())
        if (const std::string_view file = cString(header.file); !file.empty())
            out.add(FieldName::File, DhcpOptionText{out.texts(), secrets}.show(DhcpOptionForm::Text, file));
    addOptions(out, options, secrets);
    if (!options.ended())
        out.add(FieldName::Note, "no end option");

    ExchangeKey key{"dhcp"};
    key.add(header.xid).add(header.chaddr);
    out.join(exchanges.seen(key, dhcpRule,
                            fromServer(*kind) ? ExchangeTable::Side::Answer : ExchangeTable::Side::Question,
                            hashWithoutSeconds(payload), out.event().at));
    return DecodeOutcome::Described;
}

}  // namespace hwbridge
