#pragma once

#include "emulator/base/ip_address.hpp"
#include "hwbridge/capture/capture_facts.hpp"
#include "hwbridge/capture/packet.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hwbridge {

// How many packets a capture has, and how many it lost.
struct CaptureCounts {
    std::uint64_t packets = 0;
    std::uint64_t dropped = 0;
    bool operator==(const CaptureCounts&) const = default;
};

// Makes the bytes of one pcapng section; who has a file takes them from here.
// Shape:  little-endian, times in nanoseconds, blocks complete at any moment. Names come in blocks of bounded size.
// Source: draft-ietf-opsawg-pcapng.
class PcapngWriter {
public:
    explicit PcapngWriter(std::string_view application = "phonerig");

    // Returns the number that packets of this interface name. Of the interface its link, snapLength and texts count.
    std::uint32_t addInterface(const CaptureInterface& interface);
    void addNames(const std::vector<std::pair<emulator::IpAddress, std::string>>& names);
    void addPhone(emulator::IpAddress address, const emulator::MacAddress& phone);
    // Every line of a comment is for people; texts are cut to 65,535 bytes. The packet's number is not written.
    void addPacket(std::uint32_t interface, const Packet& packet, std::string_view comment = {});
    // So far, on that interface. Our choice, as dumpcap's: everything lost counts as isb_ifdrop, which Wireshark shows.
    void addCounts(std::uint32_t interface, WallNanoseconds at, const CaptureCounts& counts);

    std::string_view bytes() const { return m_bytes; }
    void clear() { m_bytes.clear(); }  // they are where they belong
    std::uint32_t interfaces() const { return m_interfaces; }

private:
    std::string m_bytes;
    std::uint32_t m_interfaces = 0;
};

}  // namespace hwbridge
