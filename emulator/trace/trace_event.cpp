#include "emulator/trace/trace_event.hpp"

#include <array>

namespace emulator {

namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(EventKind::Count)> kindNames{
    "run.begin",        "run.end",          "http.request",    "http.response", "tftp.read",
    "tftp.write",       "tftp.data",        "tftp.ack",        "tftp.error",    "tftp.oack",
    "dns.query",        "dns.response",     "syslog.message",  "sip.request",   "sip.response",
    "arp.request",      "arp.reply",        "dhcp.discover",   "dhcp.offer",    "dhcp.request",
    "dhcp.decline",     "dhcp.ack",         "dhcp.nak",        "dhcp.release",  "dhcp.inform",
    "tls.client_hello", "tls.server_hello", "tls.certificate", "tls.alert",     "tcp.reset",
    "tcp.gap",          "icmp.message",     "snmp.message",    "ntp.message",   "lldp.message",
    "cdp.message",      "packet.malformed", "phone.state",     "phone.param",   "phone.led",
    "phone.display",    "phone.call",       "server.fault",    "rig.step",      "rig.verdict",
    "rig.lag"};

constexpr std::array<std::string_view, static_cast<std::size_t>(FieldName::Count)> fieldNames{
    "method",
    "target",
    "host",
    "user_agent",
    "minor",
    "status",
    "reason",
    "bytes",
    "body",
    "file",
    "mode",
    "block",
    "code",
    "text",
    "raw",
    "severity",
    "facility",
    "identifier",
    "state",
    "param",
    "value",
    "source",
    "led",
    "color",
    "line",
    "server",
    "fault",
    "name",
    "addresses",
    "error",
    "step",
    "verdict",
    "lag",
    "schema",
    "version",
    "seed",
    "wall",
    "event",
    "call_id",
    "cseq",
    "packet",
    "headers",
    "note",
    "repeat",
    "client_mac",
    "xid",
    "ciaddr",
    "yiaddr",
    "siaddr",
    "giaddr",
    "flags",
    "server_id",
    "requested_ip",
    "lease",
    "hostname",
    "vendor_class",
    "params",
    "client_id",
    "option_43",
    "option_66",
    "option_67",
    "option_125",
    "option_150",
    "option_159",
    "option_160",
    "options",
    "id",
    "qtype",
    "answers",
    "ttl",
    "timestamp",
    "took",
    "total",
    "resent",
    "pdu",
    "oids",
    "stratum",
    "sender_mac",
    "sender_ip",
    "target_mac",
    "target_ip",
    "type",
    "quoted_protocol",
    "quoted_from",
    "quoted_to",
    "gateway",
    "mtu",
    "chassis",
    "port",
    "description",
    "port_description",
    "capabilities",
    "management",
    "vlan",
    "native_vlan",
    "policy",
    "power",
    "device",
    "platform",
    "manufacturer",
    "model",
    "hardware",
    "firmware",
    "software",
    "serial",
    "sequence",
    "body_hash",
    "unpacked",
    "server_name",
    "cipher",
    "ciphers",
    "alpn",
    "ja3",
    "subject",
    "issuer",
    "not_before",
    "not_after",
    "names",
    "level",
    "coding"};

// Where a name stands in its list, found by length and two letters first: readers of traces ask ten times per event.
template <std::size_t Count>
class NameIndex {
public:
    explicit NameIndex(const std::array<std::string_view, Count>& names) : m_names{names}
    {
        m_slots.fill(none);
        for (std::size_t i = 0; i < Count; ++i) {
            std::size_t slot = slotOf(names[i]);
            while (m_slots[slot] != none)
                slot = (slot + 1) % m_slots.size();
            m_slots[slot] = static_cast<std::uint8_t>(i);
        }
    }
    std::optional<std::size_t> find(std::string_view name) const
    {
        if (name.empty())
            return std::nullopt;
        for (std::size_t slot = slotOf(name); m_slots[slot] != none; slot = (slot + 1) % m_slots.size())
            if (m_names[m_slots[slot]] == name)
                return m_slots[slot];
        return std::nullopt;
    }

private:
    static constexpr std::uint8_t none = 0xff;
    static_assert(Count < 200, "slots stay free, and numbers fit a byte");

    static std::size_t slotOf(std::string_view name)
    {
        const auto letter = [](char c) { return static_cast<std::size_t>(static_cast<unsigned char>(c)); };
        return (name.size() * 31 + letter(name.front()) * 7 + letter(name.back()) * 3 +
                letter(name[name.size() / 2])) %
               256;
    }

    const std::array<std::string_view, Count>& m_names;
    std::array<std::uint8_t, 256> m_slots{};
};

class NoSink : public TraceSink {
public:
    bool wants(EventKind) const override { return false; }
    void seen(const TraceEvent&) override {}
};

}  // namespace

std::string_view name(EventKind kind)
{
    return kindNames[static_cast<std::size_t>(kind)];
}

std::optional<EventKind> eventKind(std::string_view name)
{
    static const NameIndex index{kindNames};
    const auto at = index.find(name);
    return at ? std::optional{static_cast<EventKind>(*at)} : std::nullopt;
}

std::string_view name(Observer observer)
{
    switch (observer) {
    case Observer::Phone:
        return "phone";
    case Observer::Server:
        return "server";
    case Observer::Wire:
        return "wire";
    case Observer::Rig:
        return "rig";
    }
    return "";
}

std::string_view name(FieldName field)
{
    return fieldNames[static_cast<std::size_t>(field)];
}

std::optional<FieldName> fieldName(std::string_view name)
{
    static const NameIndex index{fieldNames};
    const auto at = index.find(name);
    return at ? std::optional{static_cast<FieldName>(*at)} : std::nullopt;
}

std::string_view TraceEvent::text(FieldName field) const
{
    for (const Field& f : fields)
        if (f.name == field)
            if (const auto* value = std::get_if<std::string_view>(&f.value))
                return *value;
    return {};
}

std::optional<std::int64_t> TraceEvent::number(FieldName field) const
{
    for (const Field& f : fields)
        if (f.name == field)
            if (const auto* value = std::get_if<std::int64_t>(&f.value))
                return *value;
    return std::nullopt;
}

TraceSink& noSink()
{
    static NoSink sink;
    return sink;
}

}  // namespace emulator
