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

std::uint64_t DecodeCounters::all() const
{
    return std::accumulate(packets.begin(), packets.end(), std::uint64_t{0});
}

}  // namespace hwbridge
