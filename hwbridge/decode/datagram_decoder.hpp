#pragma once

#include "emulator/trace/trace_event.hpp"
#include "hwbridge/decode/decode_outcome.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

struct DatagramOptions {
    std::vector<std::uint16_t> dnsPorts{53};  // DNS is never guessed from bytes alone
    std::string key;                          // of pseudonyms (TrafficTrace); empty: one of this process
};

// Makes trace events of messages that travel alone: UDP payloads (reassembled from fragments) and what stands directly
// in a frame or in IP. Decodes in place; one per thread.
//
// The caller fills at, by, from, to and phone of `event` (and may have added fields, which stay); here come kind,
// exchange and at most 26 fields. Fields of each kind: docs/trace.md. Texts live until the next call, those that are
// views into `payload` as long as that.
//
// Exchange: 17.0.n, n counted from 1 in the order in which questions were first seen. Field `repeat` says how often
// the same message was seen in its exchange before. The tables behind both are bounded (exchange_table.hpp).
class DatagramDecoder {
public:
    using Outcome = DecodeOutcome;

    explicit DatagramDecoder(DatagramOptions options = {});
    ~DatagramDecoder();
    DatagramDecoder(DatagramDecoder&&) noexcept;
    DatagramDecoder& operator=(DatagramDecoder&&) noexcept;

    // The payload of one UDP datagram: DHCP, DNS, TFTP, syslog, SIP, SNMP, NTP. Well-known ports decide first; DHCP,
    // TFTP requests and what follows them, syslog with "<PRI>", SIP and SNMP are known by their bytes on any port.
    Outcome udp(emulator::TraceEvent& event, std::string_view payload);

    // What stands behind the Ethernet type 0x0806, in IP packets of protocol 1, behind 0x88cc, and behind the SNAP
    // header with 00-00-0c and 0x2000.
    Outcome arp(emulator::TraceEvent& event, std::string_view payload);
    Outcome icmp(emulator::TraceEvent& event, std::string_view payload);
    Outcome lldp(emulator::TraceEvent& event, std::string_view payload);
    Outcome cdp(emulator::TraceEvent& event, std::string_view payload);

    // One whole message, for what came over TCP: the caller found where it begins and ends.
    Outcome sip(emulator::TraceEvent& event, std::string_view message);
    Outcome dns(emulator::TraceEvent& event, std::string_view message);
    Outcome syslog(emulator::TraceEvent& event, std::string_view message);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace hwbridge
