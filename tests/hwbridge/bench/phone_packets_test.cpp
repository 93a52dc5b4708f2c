#include "hwbridge/bench/phone_packets.hpp"

#include "tests/hwbridge/decode/sample_messages.hpp"
#include "tests/hwbridge/decode/wire.hpp"

#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::IpAddress;
using emulator::MacAddress;

const MacAddress aliceMac{{0x00, 0x0e, 0x08, 0x00, 0x00, 0x01}};
const IpAddress alice = wire::phone.address;
const IpAddress other = wire::server.address;
constexpr int udpNumber = 17;

Packet packet(std::string_view bytes, std::chrono::seconds at = 0s)
{
    Packet packet;
    packet.at = WallNanoseconds{at};
    packet.bytes = bytes;
    packet.wireLength = static_cast<std::uint32_t>(bytes.size());
    return packet;
}

std::string fromAlice(std::string_view payload = "x")
{
    return wire::ethernet(wire::ip(udpNumber, alice, other, wire::udp(wire::phone, wire::server, payload)));
}

std::string toAlice()
{
    return wire::ethernet(wire::ip(udpNumber, other, alice, wire::udp(wire::server, wire::phone, "x")),
                          0x0800, false);
}

TEST(PhonePacketsTest, CountsWhatAPhoneSendsAndWhatIsSentToIt)
{
    PhonePackets packets{{{AddressRange{alice}}}};
    packets.packetSeen(packet(fromAlice(), 5s));
    packets.packetSeen(packet(toAlice(), 6s));
    packets.packetSeen(packet(toAlice(), 7s));
    EXPECT_EQ(packets.counts().front(), (PacketCount{1, 2, WallNanoseconds{7s}}));
}

TEST(PhonePacketsTest, CountsAPacketOnceOfAPhoneThatIsKnownByMacAndByAddress)
{
    PhonePackets packets{{{aliceMac, AddressRange{alice}}}};
    packets.packetSeen(packet(fromAlice()));
    EXPECT_EQ(packets.counts().front().sent, 1u);
    EXPECT_EQ(packets.counts().front().all(), 1u);
}

TEST(PhonePacketsTest, CountsAPacketBetweenTwoPhonesOfBothAndOfNobodyElse)
{
    PhonePackets packets{
        {{AddressRange{alice}}, {AddressRange{other}}, {AddressRange{IpAddress{0x0a000003}}}}};
    packets.packetSeen(packet(fromAlice()));
    const std::vector<PacketCount> counts = packets.counts();
    EXPECT_EQ(counts[0].sent, 1u);
    EXPECT_EQ(counts[1].received, 1u);
    EXPECT_EQ(counts[2].all(), 0u);
}

TEST(PhonePacketsTest, KnowsAPhoneWithoutAMacByTheArpThatIsAboutIt)
{
    PhonePackets packets{{{AddressRange{alice}}}};
    packets.packetSeen(packet(
        wire::ethernet(arpPacket(1, "000e08000001", alice.value, "000000000000", other.value), 0x0806)));
    packets.packetSeen(packet(wire::ethernet(
        arpPacket(2, "020000000002", other.value, "000e08000001", alice.value), 0x0806, false)));
    EXPECT_EQ(packets.counts().front().sent, 1u);
    EXPECT_EQ(packets.counts().front().received, 1u);
}

TEST(PhonePacketsTest, KnowsThePhonesOfARange)
{
    PhonePackets packets{
        {{AddressRange{IpAddress{0x0a000000}, 24}}, {AddressRange{IpAddress{0x0a000100}, 24}}}};
    packets.packetSeen(packet(fromAlice()));
    EXPECT_EQ(packets.counts()[0].sent, 1u);
    EXPECT_EQ(packets.counts()[1].all(), 0u);
}

TEST(PhonePacketsTest, TakesBytesThatAreNoPacket)
{
    PhonePackets packets{{{AddressRange{alice}}}};
    const std::string whole =
        wire::ethernet(arpPacket(1, "000e08000001", alice.value, "000000000000", other.value), 0x0806);
    for (std::size_t length = 0; length < whole.size(); ++length)
        packets.packetSeen(packet(std::string_view{whole}.substr(0, length)));
    EXPECT_EQ(packets.counts().front().all(), 0u);
}

TEST(PhonePacketsTest, AnInventorysFilterSaysWhosePacketsTheyAre)
{
    BenchPhone phone;
    phone.mac = aliceMac;
    phone.address = alice;
    EXPECT_EQ(packetNamesOf(phone), (std::vector<PhoneAddress>{aliceMac, AddressRange{alice}}));
    phone.capture = CaptureSettings{"eth1", {AddressRange{other}}, false};
    EXPECT_EQ(packetNamesOf(phone), (std::vector<PhoneAddress>{AddressRange{other}}));
}

}  // namespace
}  // namespace hwbridge
