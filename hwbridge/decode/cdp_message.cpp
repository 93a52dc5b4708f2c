#include "hwbridge/decode/cdp_message.hpp"

#include "hwbridge/decode/byte_reader.hpp"

#include <array>

namespace hwbridge {

using namespace emulator;

namespace {

enum CdpTlv : std::uint16_t {
    DeviceId = 0x0001,
    Addresses = 0x0002,
    PortId = 0x0003,
    Capabilities = 0x0004,
    SoftwareVersion = 0x0005,
    Platform = 0x0006,
    NativeVlan = 0x000a,
    VoiceVlanReply = 0x000e,
    VoiceVlanQuery = 0x000f,
    PowerConsumption = 0x0010,
    ManagementAddresses = 0x0016,
};

std::string_view capabilities(TextArena& texts, std::uint32_t bits)
{
    constexpr std::array<std::string_view, 11> names{
        "router",   "transparent-bridge", "source-route-bridge", "switch", "host",    "igmp",
        "repeater", "telephone",          "remotely-managed",    "cvta",   "two-port"};
    TextMaker text{texts};
    for (std::size_t i = 0; i < names.size(); ++i)
        if ((bits >> i & 1) != 0) {
            text.addSeparator(" ");
            text.add(names[i]);
        }
    return text.finish();
}

// A count, then addresses with protocol and length before each. Only IPv4 is shown. False: cut short.
bool addAddresses(TextMaker& text, std::string_view value)
{
    ByteReader reader{value};
    const std::uint32_t count = reader.u32();
    for (std::uint32_t i = 0; i < count && !reader.failed(); ++i) {
        reader.u8();
        const std::string_view protocol = reader.take(reader.u8());
        const std::string_view address = reader.take(reader.u16());
        if (protocol != "\xcc" || address.size() != 4)
            continue;
        text.addSeparator(" ");
        text.addIpv4List(address);
    }
    return !reader.failed();
}

class CdpFields {
public:
    explicit CdpFields(Description& out) : m_out{out} {}

    // False: the value is not what its type wants.
    bool add(std::uint16_t type, std::string_view value)
    {
        switch (type) {
        case DeviceId:
            return text(FieldName::Device, value);
        case PortId:
            return text(FieldName::Port, value);
        case SoftwareVersion:
            return text(FieldName::Version, value);
        case Platform:
            return text(FieldName::Platform, value);
        case Capabilities:
            return value.size() == 4 &&
                   text(FieldName::Capabilities, capabilities(m_out.texts(), ByteReader{value}.u32()));
        case NativeVlan:
            return value.size() == 2 && number(FieldName::NativeVlan, ByteReader{value}.u16());
        case VoiceVlanReply:
        case VoiceVlanQuery:
            return voiceVlan(value);
        case PowerConsumption:
            return value.size() == 2 && number(FieldName::Power, ByteReader{value}.u16());
        case Addresses:
            return addresses(FieldName::Addresses, value);
        case ManagementAddresses:
            return addresses(FieldName::Management, value);
        }
        return true;
    }

private:
    bool first(FieldName field)
    {
        const auto index = static_cast<std::size_t>(field);
        const bool isFirst = !m_seen[index];
        m_seen[index] = true;
        return isFirst;
    }
    bool text(FieldName field, std::string_view value)
    {
        if (!value.empty() && first(field))
            m_out.add(field, value);
        return true;
    }
    bool number(FieldName field, std::int64_t value)
    {
        if (first(field))
            m_out.add(field, value);
        return true;
    }
    bool addresses(FieldName field, std::string_view value)
    {
        TextMaker made{m_out.texts()};
        return addAddresses(made, value) && text(field, made.finish());
    }
    // Of an appliance, whose number stands before it; a query may leave the VLAN out.
    bool voiceVlan(std::string_view value)
    {
        if (value.size() < 3)
            return value.size() == 1;
        return number(FieldName::Vlan, ByteReader{value.substr(1)}.u16());
    }

    Description& m_out;
    std::array<bool, static_cast<std::size_t>(FieldName::Count)> m_seen{};
};

}  // namespace

DecodeOutcome describeCdp(Description out, std::string_view message)
{
    constexpr std::size_t headBytes = 4;
    ByteReader reader{message};
    const std::uint8_t version = reader.u8();
    const std::uint8_t ttl = reader.u8();
    reader.take(2);  // the checksum, which senders of odd lengths compute in two ways
    if (reader.failed())
        return out.malformed("cdp: found {} bytes; expected at least {}", message.size(), headBytes);
    if (version != 1 && version != 2)
        return out.malformed("cdp: found version {}; expected 1 or 2", version);

    out.event().kind = EventKind::CdpMessage;
    out.add(FieldName::Ttl, std::int64_t{ttl});
    CdpFields fields{out};
    while (!reader.empty()) {
        const std::uint16_t type = reader.u16();
        const std::uint16_t length = reader.u16();
        if (reader.failed() || length < headBytes || length - headBytes > reader.left())
            return out.malformed("cdp: found type {:#06x} that says {} bytes; expected {} to {}", type,
                                 length, headBytes, reader.left() + headBytes);
        if (const std::string_view value = reader.take(length - headBytes); !fields.add(type, value))
            return out.malformed("cdp: found type {:#06x} with {} bytes; expected another length", type,
                                 value.size());
    }
    return DecodeOutcome::Described;
}

}  // namespace hwbridge
