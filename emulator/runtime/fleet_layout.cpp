#include "emulator/runtime/fleet_layout.hpp"

#include <algorithm>
#include <string>

namespace emulator {

namespace {

constexpr std::uint64_t lastLoopback = 0x7ffffffe;  // 127.255.255.254
constexpr std::uint64_t lastAddress = 0xfffffffe;
constexpr std::size_t maxPhones = 0xfffffe;  // all of 127.0.0.0/8

Result<void> checkAddresses(const FleetGroup& group, std::string_view device)
{
    const bool onLoopback = device == "lo";
    if (group.firstAddress.isLoopback() != onLoopback)
        return fail(ErrorKind::Unsupported,
                    onLoopback ? "phones live on loopback addresses (127.0.0.0/8); " +
                                     group.firstAddress.text() + " is none"
                               : "phones on " + std::string{device} + " have addresses of that interface; " +
                                     group.firstAddress.text() + " is a loopback address");
    if (group.count > maxPhones ||
        group.firstAddress.value + group.count - 1 > (onLoopback ? lastLoopback : lastAddress))
        return fail(ErrorKind::Malformed, std::to_string(group.count) + " phones from " +
                                              group.firstAddress.text() + " on do not fit into " +
                                              (onLoopback ? "127.0.0.0/8" : "the address space"));
    return {};
}

// The overlapping pair among ranges [begin, begin+count), as places in `ranges`.
struct Range {
    std::uint64_t begin = 0;
    std::uint64_t count = 0;
    std::size_t group = 0;
};
std::optional<std::pair<std::size_t, std::size_t>> overlap(std::vector<Range> ranges)
{
    std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
    for (std::size_t i = 1; i < ranges.size(); ++i)
        if (ranges[i - 1].begin + ranges[i - 1].count > ranges[i].begin)
            return std::minmax(ranges[i - 1].group, ranges[i].group);
    return std::nullopt;
}

}  // namespace

Result<FleetLayout> FleetLayout::make(const Fleet& fleet, unsigned shards, std::string_view device)
{
    FleetLayout layout;
    layout.m_shards = std::max(shards, 1u);
    layout.m_counts.resize(layout.m_shards);
    layout.m_base = IpAddress{~std::uint32_t{}};
    std::vector<Range> addresses;
    std::vector<Range> macs;
    for (std::size_t g = 0; g < fleet.groups.size(); ++g) {
        const FleetGroup& group = fleet.groups[g];
        if (group.count == 0)
            continue;
        if (const Result<void> good = checkAddresses(group, device); good.has_error())
            return good.error();
        addresses.push_back({group.firstAddress.value, group.count, g});
        macs.push_back({group.firstMac.number(), group.count, g});
        layout.m_base = std::min(layout.m_base, group.firstAddress);
        layout.m_size += group.count;
    }
    if (layout.m_size == 0)
        return fail(ErrorKind::Malformed, "a fleet needs at least one phone");
    if (const auto pair = overlap(addresses))
        return fail(ErrorKind::Malformed, "two groups of phones share addresses: from " +
                                              fleet.groups[pair->first].firstAddress.text() + " and from " +
                                              fleet.groups[pair->second].firstAddress.text());
    if (const auto pair = overlap(macs))
        return fail(ErrorKind::Malformed, "two groups of phones share MACs: from " +
                                              fleet.groups[pair->first].firstMac.colons() + " and from " +
                                              fleet.groups[pair->second].firstMac.colons());
    std::uint32_t first = 0;
    for (const FleetGroup& group : fleet.groups) {
        Group& placed = layout.m_groups.emplace_back();
        placed.first = first;
        placed.count = static_cast<std::uint32_t>(group.count);
        placed.address = group.firstAddress.value;
        placed.mac = group.firstMac.number();
        placed.locals = layout.m_counts;
        placed.offsets.resize(layout.m_shards);
        const std::uint32_t start = (placed.address - layout.m_base.value) % layout.m_shards;
        for (unsigned s = 0; s < layout.m_shards; ++s) {
            const std::uint32_t offset = (s + layout.m_shards - start) % layout.m_shards;
            placed.offsets[s] = offset;
            if (placed.count > offset)
                layout.m_counts[s] += (placed.count - offset - 1) / layout.m_shards + 1;
        }
        first += placed.count;
    }
    return layout;
}

std::size_t FleetLayout::group(PhoneIndex phone) const
{
    // Empty groups share their first number with the next one, which is the later of the two.
    const auto after =
        std::upper_bound(m_groups.begin(), m_groups.end(), static_cast<std::uint32_t>(phone),
                         [](std::uint32_t number, const Group& group) { return number < group.first; });
    return static_cast<std::size_t>(after - m_groups.begin()) - 1;
}

FleetLayout::Place FleetLayout::place(PhoneIndex phone) const
{
    const Group& in = m_groups[group(phone)];
    const std::uint32_t number = static_cast<std::uint32_t>(phone) - in.first;
    const unsigned shard = (in.address - m_base.value + number) % m_shards;
    return {shard, in.locals[shard] + (number - in.offsets[shard]) / m_shards};
}

PhoneIndex FleetLayout::phoneAt(Place place) const
{
    std::size_t g = m_groups.size() - 1;
    while (g > 0 && m_groups[g].locals[place.shard] > place.local)
        --g;
    const Group& in = m_groups[g];
    return PhoneIndex{in.first + in.offsets[place.shard] + (place.local - in.locals[place.shard]) * m_shards};
}

std::uint32_t FleetLayout::count(unsigned shard) const
{
    return m_counts[shard];
}

std::optional<PhoneIndex> FleetLayout::find(IpAddress address) const
{
    for (const Group& group : m_groups)
        if (address.value >= group.address && address.value - group.address < group.count)
            return PhoneIndex{group.first + (address.value - group.address)};
    return std::nullopt;
}

std::optional<PhoneIndex> FleetLayout::find(const MacAddress& mac) const
{
    const std::uint64_t number = mac.number();
    for (const Group& group : m_groups)
        if (number >= group.mac && number - group.mac < group.count)
            return PhoneIndex{group.first + static_cast<std::uint32_t>(number - group.mac)};
    return std::nullopt;
}

IpAddress FleetLayout::address(PhoneIndex phone) const
{
    const Group& in = m_groups[group(phone)];
    return IpAddress{in.address + (static_cast<std::uint32_t>(phone) - in.first)};
}

MacAddress FleetLayout::mac(PhoneIndex phone) const
{
    const Group& in = m_groups[group(phone)];
    return MacAddress{}.plus(in.mac + (static_cast<std::uint32_t>(phone) - in.first));
}

}  // namespace emulator
