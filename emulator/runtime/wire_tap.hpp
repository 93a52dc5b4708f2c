#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/mac_address.hpp"
#include "emulator/base/time_point.hpp"

#include <cstdint>
#include <string>

namespace emulator {

// Something that crosses the port of one phone at one instant, as it would on a wire.
struct WireMessage {
    enum class Kind : std::uint8_t {
        Datagram,
        Unreachable,  // ICMP: nobody listens where the datagram `bytes` went
        // A TCP connection, in the order in which its messages come. Bytes may be more than one segment holds.
        Open,
        Accept,
        Bytes,
        Acknowledge,
        Finish,
        Reset
    };
    TimePoint at{};
    std::uint32_t phone = 0;     // PhoneIndex; orders messages of one instant, `sequence` those of one phone
    std::uint64_t sequence = 0;  // design decision D6
    Kind kind{};
    bool fromPhone = false;
    MacAddress mac;  // of the phone
    Endpoint phoneEnd;
    Endpoint peer;
    std::string bytes{};
};

// Who wants to see what crosses the wire of a virtual run, in order: by time, phone, sequence. What is secret is still
// in it: a tap's output is private (design decision D7).
class WireTap {
public:
    virtual ~WireTap() = default;
    virtual void crossed(const WireMessage& message) = 0;
};

}  // namespace emulator
