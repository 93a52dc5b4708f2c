#include "hwbridge/bench/phone_packets.hpp"

#include "emulator/base/overloaded.hpp"
#include "hwbridge/decode/ip_view.hpp"
#include "hwbridge/decode/link_view.hpp"

#include <algorithm>

namespace hwbridge {

using emulator::IpAddress;
using emulator::MacAddress;

namespace {

bool isIn(const AddressRange& range, IpAddress address)
{
    const unsigned others = 32 - range.bits;
    return others >= 32 || address.value >> others == range.first.value >> others;
}

struct ArpEnds {
    IpAddress sender;
    IpAddress target;
};

// Source: RFC 826, for IPv4 over Ethernet.
std::optional<ArpEnds> arpEnds(std::string_view packet)
{
    constexpr std::size_t senderAt = 14;
    constexpr std::size_t targetAt = 24;
    constexpr std::string_view begin{"\x00\x01\x08\x00\x06\x04", 6};
    if (!packet.starts_with(begin) || packet.size() < targetAt + 4)
        return std::nullopt;
    const auto addressAt = [&](std::size_t at) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i)
            value = value << 8 | static_cast<std::uint8_t>(packet[at + i]);
        return IpAddress{value};
    };
    return ArpEnds{addressAt(senderAt), addressAt(targetAt)};
}

void makeUnique(std::vector<std::size_t>& phones)
{
    std::sort(phones.begin(), phones.end());
    phones.erase(std::unique(phones.begin(), phones.end()), phones.end());
}

}  // namespace

std::vector<PhoneAddress> packetNamesOf(const BenchPhone& phone)
{
    if (phone.capture && !phone.capture->filter.empty())
        return phone.capture->filter;
    std::vector<PhoneAddress> names;
    if (phone.mac)
        names.emplace_back(*phone.mac);
    if (phone.address)
        names.emplace_back(AddressRange{*phone.address});
    return names;
}

PhonePackets::PhonePackets(const std::vector<std::vector<PhoneAddress>>& names) : m_counts(names.size())
{
    for (std::size_t phone = 0; phone < names.size(); ++phone)
        for (const PhoneAddress& name : names[phone])
            std::visit(emulator::Overloaded{[&](const MacAddress& mac) { m_macs.emplace(mac, phone); },
                                            [&](const AddressRange& range) {
                                                if (range.bits == 32)
                                                    m_addresses.emplace(range.first, phone);
                                                else
                                                    m_ranges.emplace_back(range, phone);
                                            }},
                       name);
}

void PhonePackets::add(Phones& phones, const MacAddress& mac) const
{
    for (auto [at, end] = m_macs.equal_range(mac); at != end; ++at)
        phones.push_back(at->second);
}

void PhonePackets::add(Phones& phones, IpAddress address) const
{
    for (auto [at, end] = m_addresses.equal_range(address); at != end; ++at)
        phones.push_back(at->second);
    for (const auto& [range, phone] : m_ranges)
        if (isIn(range, address))
            phones.push_back(phone);
}

void PhonePackets::packetSeen(const Packet& packet)
{
    Phones senders;
    Phones receivers;
    const LinkView link = viewLink(packet.link, packet.bytes);
    if (link.source)
        add(senders, *link.source);
    if (link.destination)
        add(receivers, *link.destination);
    IpView ip;
    if (link.protocol == NetworkProtocol::Ipv4 && viewIp(ip, link.payload).empty()) {
        add(senders, ip.source);
        add(receivers, ip.destination);
    } else if (const auto arp =
                   link.protocol == NetworkProtocol::Arp ? arpEnds(link.payload) : std::nullopt) {
        add(senders, arp->sender);
        add(receivers, arp->target);
    }
    makeUnique(senders);
    makeUnique(receivers);
    const std::scoped_lock lock{m_mutex};
    for (const std::size_t phone : senders) {
        ++m_counts[phone].sent;
        m_counts[phone].last = packet.at;
    }
    for (const std::size_t phone : receivers) {
        if (std::binary_search(senders.begin(), senders.end(), phone))
            continue;  // it speaks to itself, as an ARP announcement does
        ++m_counts[phone].received;
        m_counts[phone].last = packet.at;
    }
}

std::vector<PacketCount> PhonePackets::counts() const
{
    const std::scoped_lock lock{m_mutex};
    return m_counts;
}

}  // namespace hwbridge
