#pragma once

#include "emulator/base/ip_address.hpp"

#include <cstdint>
#include <string_view>

namespace hwbridge {

// What is wrong with a header, for packet.malformed. Views of constant texts; empty: nothing.
using Fault = std::string_view;

// One IPv4 packet, read in place (RFC 791). Options are skipped. Checksums are not looked at: network cards fill them
// in after the capture has seen the packet.
struct IpView {
    emulator::IpAddress source;
    emulator::IpAddress destination;
    std::uint8_t protocol = 0;
    std::uint16_t identification = 0;
    std::uint32_t fragmentOffset = 0;  // bytes
    bool moreFragments = false;
    std::string_view payload;  // what the capture has of it
    std::size_t missing = 0;   // bytes of the payload that the capture does not have

    bool isFragment() const { return moreFragments || fragmentOffset != 0; }
};
Fault viewIp(IpView& view, std::string_view bytes);

// One UDP datagram (RFC 768).
struct UdpView {
    std::uint16_t source = 0;
    std::uint16_t destination = 0;
    std::string_view payload;
    std::size_t missing = 0;
};
Fault viewUdp(UdpView& view, std::string_view bytes, std::size_t missing);

// One TCP segment (RFC 9293).
struct TcpView {
    std::uint16_t source = 0;
    std::uint16_t destination = 0;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledged = 0;
    bool fin = false;
    bool syn = false;
    bool reset = false;
    bool ack = false;
    std::string_view payload;
    std::size_t missing = 0;
};
Fault viewTcp(TcpView& view, std::string_view bytes, std::size_t missing);

}  // namespace hwbridge
