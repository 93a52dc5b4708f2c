#pragma once

#include "hwbridge/bench/inventory.hpp"
#include "hwbridge/capture/packet.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace hwbridge {

// Whose packets are a phone's: what its `capture` says, else its own MAC and address. Never empty.
std::vector<PhoneAddress> packetNamesOf(const BenchPhone& phone);

// What was seen of one phone's packets. A packet between two phones is seen of both.
struct PacketCount {
    std::uint64_t sent = 0;               // by the phone
    std::uint64_t received = 0;           // by others for it
    std::optional<WallNanoseconds> last;  // when one of them was seen last
    std::uint64_t all() const { return sent + received; }
    bool operator==(const PacketCount&) const = default;
};

// Counts the packets of several phones on one interface, by MAC, IPv4 address, and the addresses that ARP is about.
// A sink for a capture's thread; counts() may be asked by any.
class PhonePackets final : public PacketSink {
public:
    // `names`: of each phone, as packetNamesOf() gives them.
    explicit PhonePackets(const std::vector<std::vector<PhoneAddress>>& names);

    void packetSeen(const Packet& packet) override;
    std::vector<PacketCount> counts() const;  // in the order of `names`

private:
    using Phones = std::vector<std::size_t>;
    void add(Phones& phones, const emulator::MacAddress& mac) const;
    void add(Phones& phones, emulator::IpAddress address) const;

    std::multimap<emulator::MacAddress, std::size_t> m_macs;
    std::multimap<emulator::IpAddress, std::size_t> m_addresses;
    std::vector<std::pair<AddressRange, std::size_t>> m_ranges;
    mutable std::mutex m_mutex;
    std::vector<PacketCount> m_counts;
};

}  // namespace hwbridge
