#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/mac_address.hpp"
#include "emulator/base/time_point.hpp"

#include <boost/container/static_vector.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace emulator {

// What was seen. The names of docs/trace.md, "layer.what".
enum class EventKind : std::uint8_t {
    RunBegin,
    RunEnd,
    HttpRequest,
    HttpResponse,
    TftpRead,
    TftpWrite,
    TftpData,
    TftpAck,
    TftpError,
    TftpOack,
    DnsQuery,
    DnsResponse,
    SyslogMessage,
    SipRequest,
    SipResponse,
    ArpRequest,
    ArpReply,
    DhcpDiscover,
    DhcpOffer,
    DhcpRequest,
    DhcpDecline,
    DhcpAck,
    DhcpNak,
    DhcpRelease,
    DhcpInform,
    TlsClientHello,
    TlsServerHello,
    TlsCertificate,
    TlsAlert,
    TcpReset,
    TcpGap,
    IcmpMessage,
    SnmpMessage,
    NtpMessage,
    LldpMessage,
    CdpMessage,
    PacketMalformed,
    PhoneState,
    PhoneParam,
    PhoneLed,
    PhoneDisplay,
    PhoneCall,
    ServerFault,
    RigStep,
    RigVerdict,
    RigLag,
    Count,
};
std::string_view name(EventKind kind);
std::optional<EventKind> eventKind(std::string_view name);

enum class Observer : std::uint8_t { Phone, Server, Wire, Rig };
std::string_view name(Observer observer);

// Names of the fields that some kinds carry beside the common ones.
enum class FieldName : std::uint8_t {
    Method,
    Target,
    Host,
    UserAgent,
    Minor,
    Status,
    Reason,
    Bytes,
    Body,
    File,
    Mode,
    Block,
    Code,
    Text,
    Raw,
    Severity,
    Facility,
    Identifier,
    State,
    Param,
    Value,
    Source,
    Led,
    Color,
    Line,
    Server,
    Fault,
    Name,
    Addresses,
    Error,
    Step,
    Verdict,
    Lag,
    Schema,
    Version,
    Seed,
    Wall,
    EventPackage,
    CallId,
    Cseq,
    Packet,
    Headers,
    Note,
    Repeat,
    ClientMac,
    Xid,
    Ciaddr,
    Yiaddr,
    Siaddr,
    Giaddr,
    Flags,
    ServerId,
    RequestedIp,
    Lease,
    Hostname,
    VendorClass,
    Params,
    ClientId,
    Option43,
    Option66,
    Option67,
    Option125,
    Option150,
    Option159,
    Option160,
    Options,
    Id,
    Qtype,
    Answers,
    Ttl,
    Timestamp,
    Took,
    Total,
    Resent,
    Pdu,
    Oids,
    Stratum,
    SenderMac,
    SenderIp,
    TargetMac,
    TargetIp,
    Type,
    QuotedProtocol,
    QuotedFrom,
    QuotedTo,
    Gateway,
    Mtu,
    Chassis,
    Port,
    Description,
    PortDescription,
    Capabilities,
    Management,
    Vlan,
    NativeVlan,
    Policy,
    Power,
    Device,
    Platform,
    Manufacturer,
    Model,
    Hardware,
    Firmware,
    Software,
    Serial,
    Sequence,
    BodyHash,
    Unpacked,
    ServerName,
    Cipher,
    Ciphers,
    Alpn,
    Ja3,
    Subject,
    Issuer,
    NotBefore,
    NotAfter,
    Names,
    Level,
    Coding,
    Count,
};
std::string_view name(FieldName field);
std::optional<FieldName> fieldName(std::string_view name);

// The order of a run's events when times are equal (design decision D6): actor, the phone an event of a server is
// about, then that pair's own sequence. Thread counts do not change it.
struct EventOrder {
    std::uint32_t actor = 0;  // 0: the rig; 1 …: servers; then phones
    std::uint32_t about = 0;
    std::uint64_t sequence = 0;
    auto operator<=>(const EventOrder&) const = default;
};

// Joins request, answer and retransmissions: one observer's actor, the phone, and a counter. 0.0.0: none.
struct ExchangeId {
    std::uint32_t actor = 0;
    std::uint32_t about = 0;
    std::uint32_t number = 0;
    auto operator<=>(const ExchangeId&) const = default;
};

using FieldValue = std::variant<std::string_view, std::int64_t>;
struct Field {
    FieldName name{};
    FieldValue value;
};

// The one record of what was seen (design decision D7). Texts are views that live as long as the call that hands
// the event to a sink; who keeps an event copies it (TraceBuffer). Secrets are replaced before an event is made.
struct TraceEvent {
    TimePoint at{};
    EventKind kind{};
    Observer by{};
    EventOrder order;
    ExchangeId exchange;
    std::optional<MacAddress> phone;
    Endpoint from;  // 0.0.0.0:0: not a message between two ends
    Endpoint to;
    boost::container::static_vector<Field, 28> fields;

    void add(FieldName field, std::string_view text) { fields.push_back({field, text}); }
    void add(FieldName field, std::int64_t number) { fields.push_back({field, number}); }
    std::string_view text(FieldName field) const;  // empty when absent
    std::optional<std::int64_t> number(FieldName field) const;
};

// Who wants events. An event is built only when its sink wants its kind.
class TraceSink {
public:
    virtual ~TraceSink() = default;
    virtual bool wants(EventKind kind) const = 0;
    virtual void seen(const TraceEvent& event) = 0;
};

// For runs that nobody watches.
TraceSink& noSink();

}  // namespace emulator
