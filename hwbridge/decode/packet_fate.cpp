#include "hwbridge/decode/packet_fate.hpp"

#include <numeric>

namespace hwbridge {

namespace {

struct Words {
    std::string_view name;
    std::string_view wording;
};

constexpr std::array<Words, static_cast<std::size_t>(PacketFate::Count)> words{{
    {"event", "made an event"},
    {"malformed", "malformed"},
    {"fragment", "IP fragments of a packet that a later one completed, or none"},
    {"tcp_control", "TCP without payload"},
    {"tcp_message", "TCP payload of messages"},
    {"tcp_unknown", "TCP payload of unknown protocols"},
    {"tcp_encrypted", "TCP payload, encrypted"},
    {"tcp_again", "TCP payload sent again"},
    {"udp_unknown", "UDP of unknown protocols"},
    {"ip_other", "other IP protocols"},
    {"ipv6", "IPv6"},
    {"other_type", "other EtherTypes"},
    {"other_llc", "IEEE 802.2 frames other than CDP"},
    {"cut", "cut short by the capture"},
    {"unknown_link", "of an unknown link type"},
}};

}  // namespace

std::string_view name(PacketFate fate)
{
    return words[static_cast<std::size_t>(fate)].name;
}

std::string_view wording(PacketFate fate)
{
    return words[static_cast<std::size_t>(fate)].wording;
}

std::vector<Counted> givenUp(const DecodeCounters& counters)
{
    std::vector<Counted> all{
        {"IP fragments of packets that never became complete", counters.fragmentsLost},
        {"bytes of known protocols that belong to no message", counters.senselessBytes},
        {"TCP connections given up, because too many were open at a time", counters.connectionsEvicted}};
    std::erase_if(all, [](const Counted& one) { return one.count == 0; });
    return all;
}

std::vector<Counted> leftBehind(const DecodeCounters& counters)
{
    constexpr std::array<PacketFate, 9> unread{
        PacketFate::TcpUnknown, PacketFate::TcpEncrypted, PacketFate::UdpUnknown,
        PacketFate::IpOther,    PacketFate::Ipv6,         PacketFate::OtherType,
        PacketFate::OtherLlc,   PacketFate::Cut,          PacketFate::UnknownLink};
    std::vector<Counted> all;
    for (const PacketFate fate : unread)
        if (counters.of(fate) > 0)
            all.push_back({wording(fate), counters.of(fate)});
    const std::vector<Counted> more = givenUp(counters);
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

std::uint64_t DecodeCounters::all() const
{
    return std::accumulate(packets.begin(), packets.end(), std::uint64_t{0});
}

}  // namespace hwbridge
