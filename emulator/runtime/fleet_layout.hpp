#pragma once

#include "emulator/runtime/fleet.hpp"
#include "emulator/runtime/phone_host.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace emulator {

// Where each phone of a fleet is: its shard and its place in it, by number, address or MAC. Phones are dealt to
// shards by address, so that the kernel can steer a connection to its shard (design decision D3).
class FleetLayout {
public:
    // Errors: Malformed for no phones, for groups whose addresses or MACs overlap, and for addresses beyond
    //         127.255.255.254; Unsupported for addresses outside 127.0.0.0/8 on `lo`, and inside it on another device.
    static Result<FleetLayout> make(const Fleet& fleet, unsigned shards, std::string_view device = "lo");

    std::size_t size() const { return m_size; }
    unsigned shards() const { return m_shards; }
    IpAddress base() const { return m_base; }  // a phone's shard is (address - base) mod shards

    struct Place {
        unsigned shard = 0;
        std::uint32_t local = 0;
    };
    Place place(PhoneIndex phone) const;
    PhoneIndex phoneAt(Place place) const;
    std::uint32_t count(unsigned shard) const;  // phones of a shard

    std::optional<PhoneIndex> find(IpAddress address) const;
    std::optional<PhoneIndex> find(const MacAddress& mac) const;
    IpAddress address(PhoneIndex phone) const;
    MacAddress mac(PhoneIndex phone) const;
    std::size_t group(PhoneIndex phone) const;  // its group in the fleet

private:
    struct Group {
        std::uint32_t first = 0;  // number of its first phone
        std::uint32_t count = 0;
        std::uint32_t address = 0;
        std::uint64_t mac = 0;
        std::vector<std::uint32_t> locals;   // per shard: place of its first phone of this group
        std::vector<std::uint32_t> offsets;  // per shard: that phone's number in the group
    };
    std::vector<Group> m_groups;
    std::size_t m_size = 0;
    unsigned m_shards = 1;
    IpAddress m_base;
    std::vector<std::uint32_t> m_counts;
};

}  // namespace emulator
