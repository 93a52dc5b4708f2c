#pragma once

#include "emulator/trace/trace_event.hpp"
#include "hwbridge/decode/moment.hpp"

#include <cstdint>

namespace hwbridge {

class DatagramDecoder;

// Where the decoders of one connection hand what they saw.
class StreamEvents {
public:
    virtual ~StreamEvents() = default;
    // An event of that sender with everything but its own fields. `exchange` counts within the connection.
    virtual emulator::TraceEvent begin(emulator::EventKind kind, Side sender, const Moment& moment,
                                       std::uint32_t exchange) = 0;
    virtual void emit(emulator::TraceEvent& event) = 0;
    // For protocols that also travel in datagrams, whose exchanges the datagram decoder numbers.
    virtual DatagramDecoder& datagrams() = 0;
};

// Why no more bytes of a side will come.
enum class StreamEnd : std::uint8_t {
    Closed,
    Reset,
    Abandoned
};  // Abandoned: the capture ended, or memory did

}  // namespace hwbridge
