#pragma once

#include "emulator/base/mac_address.hpp"
#include "emulator/runtime/traffic_trace.hpp"
#include "emulator/trace/trace_event.hpp"
#include "hwbridge/decode/moment.hpp"

#include <cstdint>
#include <optional>

namespace hwbridge {

class DatagramDecoder;

// One end of what was seen: its address, and its MAC where the link layer tells it.
struct WireEnd {
    emulator::Endpoint endpoint;
    std::optional<emulator::MacAddress> mac;
};

// What all decoders of one capture share.
class WireEvents {
public:
    virtual ~WireEvents() = default;
    // An event with time, observer, ends and packet number.
    virtual emulator::TraceEvent begin(emulator::EventKind kind, const Moment& moment, const WireEnd& from,
                                       const WireEnd& to) = 0;
    virtual void emit(emulator::TraceEvent& event, const WireEnd& from, const WireEnd& to) = 0;
    virtual DatagramDecoder& datagrams() = 0;
    virtual emulator::TrafficTrace& secrets() = 0;
    virtual std::uint64_t hashSeed() const = 0;
    virtual std::uint64_t hashMask() const = 0;
};

}  // namespace hwbridge
