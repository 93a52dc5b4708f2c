#include "hwbridge/decode/lldp_message.hpp"

#include "hwbridge/decode/byte_reader.hpp"

#include <array>

namespace hwbridge {

using namespace emulator;

namespace {

enum LldpTlv : std::uint8_t {
    End = 0,
    ChassisId = 1,
    PortId = 2,
    TimeToLive = 3,
    PortDescription = 4,
    SystemName = 5,
    SystemDescription = 6,
    SystemCapabilities = 7,
    ManagementAddress = 8,
    Organization = 127,
};

constexpr std::uint32_t ieee8021 = 0x0080c2;
constexpr std::uint32_t tia = 0x0012bb;

// An address with its family (IANA address family numbers) before it.
void addNetworkAddress(TextMaker& text, std::string_view value)
{
    ByteReader reader{value};
    const std::uint8_t family = reader.u8();
    if (family == 1 && reader.left() == 4)
        text.addIpv4(reader.u32());
    else if (family == 2 && reader.left() == 16)
        text.addIpv6(reader.rest());
    else
        text.addHex(value);
}

// Chassis and port are told apart by a subtype, numbered differently in each.
void addIdentity(Description& out, FieldName field, std::string_view value, unsigned mac, unsigned network,
                 unsigned hex)
{
    const unsigned subtype = static_cast<unsigned char>(value[0]);
    const std::string_view id = value.substr(1);
    if (subtype != mac && subtype != network && subtype != hex) {
        out.add(field, id);
        return;
    }
    TextMaker text{out.texts()};
    if (subtype == mac)
        text.addMac(id);
    else if (subtype == network)
        addNetworkAddress(text, id);
    else
        text.addHex(id);
    out.add(field, text.finish());
}

std::string_view capabilities(TextArena& texts, std::uint16_t enabled)
{
    constexpr std::array<std::string_view, 11> names{"other",  "repeater",  "bridge",  "wlan",
                                                     "router", "telephone", "docsis",  "station",
                                                     "c-vlan", "s-vlan",    "two-port"};
    TextMaker text{texts};
    for (std::size_t i = 0; i < names.size(); ++i)
        if ((enabled >> i & 1) != 0) {
            text.addSeparator(" ");
            text.add(names[i]);
        }
    return text.finish();
}

// The fields that an LLDP unit may fill, each once.
class LldpFields {
public:
    explicit LldpFields(Description& out) : m_out{out} {}

    // False: the value is not what its type wants.
    bool add(std::uint8_t type, std::string_view value)
    {
        switch (type) {
        case PortDescription:
            text(FieldName::PortDescription, value);
            return true;
        case SystemName:
            text(FieldName::Name, value);
            return true;
        case SystemDescription:
            text(FieldName::Description, value);
            return true;
        case SystemCapabilities:
            if (value.size() != 4)
                return false;
            text(FieldName::Capabilities, capabilities(m_out.texts(), ByteReader{value.substr(2)}.u16()));
            return true;
        case ManagementAddress:
            return management(value);
        case Organization:
            return organization(value);
        }
        return true;  // reserved types: later versions of the standard
    }

private:
    bool first(FieldName field)
    {
        const auto index = static_cast<std::size_t>(field);
        const bool isFirst = !m_seen[index];
        m_seen[index] = true;
        return isFirst;
    }
    void text(FieldName field, std::string_view value)
    {
        if (!value.empty() && first(field))
            m_out.add(field, value);
    }
    void number(FieldName field, std::int64_t value)
    {
        if (first(field))
            m_out.add(field, value);
    }

    bool management(std::string_view value)
    {
        ByteReader reader{value};
        const std::string_view address = reader.take(reader.u8());
        if (reader.failed() || address.size() < 2)
            return false;
        if (!first(FieldName::Management))
            return true;
        TextMaker made{m_out.texts()};
        addNetworkAddress(made, address);
        m_out.add(FieldName::Management, made.finish());
        return true;
    }

    bool organization(std::string_view value)
    {
        if (value.size() < 4)
            return false;
        ByteReader reader{value};
        const std::uint32_t owner = std::uint32_t{reader.u16()} << 8 | reader.u8();
        const std::uint8_t subtype = reader.u8();
        if (owner == ieee8021 && subtype == 1) {
            number(FieldName::NativeVlan, reader.u16());
            return !reader.failed();
        }
        return owner != tia || media(subtype, reader);
    }

    // LLDP-MED.
    bool media(std::uint8_t subtype, ByteReader reader)
    {
        constexpr std::array inventory{FieldName::Hardware, FieldName::Firmware,     FieldName::Software,
                                       FieldName::Serial,   FieldName::Manufacturer, FieldName::Model};
        constexpr std::uint8_t firstOfInventory = 5;
        if (subtype == 2)
            return policy(reader);
        if (subtype == 4)
            return power(reader);
        if (subtype >= firstOfInventory && subtype - firstOfInventory < static_cast<int>(inventory.size()))
            text(inventory[static_cast<std::size_t>(subtype - firstOfInventory)], reader.rest());
        return true;
    }

    bool policy(ByteReader reader)
    {
        constexpr std::uint8_t voice = 1;
        const std::uint8_t application = reader.u8();
        const std::uint32_t bits = std::uint32_t{reader.u8()} << 16 | reader.u16();
        if (reader.failed())
            return false;
        if (application != voice || !first(FieldName::Policy))
            return true;
        const unsigned vlan = bits >> 9 & 0xfff;
        const bool unknown = (bits & 0x800000) != 0;
        const bool tagged = (bits & 0x400000) != 0;
        if (!unknown)
            number(FieldName::Vlan, vlan);
        m_out.add(FieldName::Policy, m_out.texts().format("voice {}priority {} dscp {}",
                                                          unknown  ? "unknown "
                                                          : tagged ? "tagged "
                                                                   : "untagged ",
                                                          bits >> 6 & 7, bits & 63));
        return true;
    }

    bool power(ByteReader reader)
    {
        reader.u8();
        const std::uint16_t tenths = reader.u16();
        if (reader.failed())
            return false;
        number(FieldName::Power, std::int64_t{tenths} * 100);
        return true;
    }

    Description& m_out;
    std::array<bool, static_cast<std::size_t>(FieldName::Count)> m_seen{};
};

}  // namespace

DecodeOutcome describeLldp(Description out, std::string_view unit)
{
    ByteReader reader{unit};
    std::uint8_t type = 0;
    std::size_t length = 0;
    std::string_view value;
    const auto next = [&] {
        const std::uint16_t head = reader.u16();
        type = static_cast<std::uint8_t>(head >> 9);
        length = head & 0x1ff;
        value = reader.take(length);
        return !reader.failed();
    };
    // The first three are obligatory, in this order.
    constexpr std::array<std::string_view, 3> names{"chassis", "port", "time to live"};
    out.event().kind = EventKind::LldpMessage;
    for (std::uint8_t expected = ChassisId; expected <= TimeToLive; ++expected) {
        const std::string_view name = names[expected - 1u];
        if (!next())
            return out.malformed("lldp: found the end of {} bytes; expected a whole {}", unit.size(), name);
        if (type != expected || value.size() < 2)
            return out.malformed("lldp: found type {} of {} bytes; expected the {}", type, value.size(),
                                 name);
        if (type == ChassisId)
            addIdentity(out, FieldName::Chassis, value, 4, 5, 0);
        else if (type == PortId)
            addIdentity(out, FieldName::Port, value, 3, 4, 6);
        else
            out.add(FieldName::Ttl, std::int64_t{ByteReader{value}.u16()});
    }
    LldpFields fields{out};
    while (!reader.empty()) {
        if (!next())
            return out.malformed("lldp: found the end inside type {}; expected {} bytes", type, length);
        if (type == End)
            break;
        if (!fields.add(type, value))
            return out.malformed("lldp: found type {} with {} bytes; expected another length", type,
                                 value.size());
    }
    return DecodeOutcome::Described;
}

}  // namespace hwbridge
