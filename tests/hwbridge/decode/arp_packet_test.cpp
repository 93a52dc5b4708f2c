#include "tests/hwbridge/decode/described.hpp"
#include "tests/hwbridge/decode/sample_messages.hpp"

#include <gmock/gmock.h>

namespace hwbridge {

using namespace std::chrono_literals;

TEST(ArpPacketTest, DescribesAQuestionAndItsAnswer)
{
    Wire wire;
    const Described asked = wire.arp(arpPacket(1, "000e08000001", 0xc0a80105, "000000000000", 0xc0a80101));
    EXPECT_EQ(asked.kind(), EventKind::ArpRequest);
    EXPECT_EQ(asked.text(FieldName::SenderMac), "00:0e:08:00:00:01");
    EXPECT_EQ(asked.text(FieldName::SenderIp), "192.168.1.5");
    EXPECT_EQ(asked.text(FieldName::TargetMac), "00:00:00:00:00:00");
    EXPECT_EQ(asked.text(FieldName::TargetIp), "192.168.1.1");
    EXPECT_FALSE(asked.has(FieldName::Note));
    const Described answered = wire.arp(arpPacket(2, "00aabbccddee", 0xc0a80101, "000e08000001", 0xc0a80105));
    EXPECT_EQ(answered.kind(), EventKind::ArpReply);
    EXPECT_EQ(answered.text(FieldName::SenderMac), "00:aa:bb:cc:dd:ee");
    EXPECT_EQ(answered.exchange(), asked.exchange());
}

TEST(ArpPacketTest, CountsAQuestionThatIsAskedAgainUntilItIsAnswered)
{
    Wire wire;
    const std::string question = arpPacket(1, "000e08000001", 0xc0a80105, "000000000000", 0xc0a80101);
    const Described first = wire.arp(question);
    const Described second = wire.pass(1s).arp(question);
    EXPECT_EQ(second.exchange(), first.exchange());
    EXPECT_EQ(first.repeat(), 0);
    EXPECT_EQ(second.repeat(), 1);
    wire.arp(arpPacket(2, "00aabbccddee", 0xc0a80101, "000e08000001", 0xc0a80105));
    const Described later = wire.pass(1s).arp(question);
    EXPECT_NE(later.exchange(), first.exchange());
    EXPECT_EQ(later.repeat(), 0);
    EXPECT_NE(wire.pass(11s).arp(question).exchange(), later.exchange());
}

TEST(ArpPacketTest, SaysWhatIsNoQuestionToOthers)
{
    Wire wire;
    EXPECT_EQ(wire.arp(arpPacket(1, "000e08000001", 0, "000000000000", 0xc0a80105)).note(), "probe");
    EXPECT_EQ(wire.arp(arpPacket(1, "000e08000001", 0xc0a80105, "000000000000", 0xc0a80105)).note(),
              "announcement");
    EXPECT_EQ(wire.arp(arpPacket(2, "000e08000001", 0xc0a80105, "ffffffffffff", 0xc0a80105)).note(),
              "gratuitous");
}

TEST(ArpPacketTest, LooksNotAtThePaddingOfAFrame)
{
    Wire wire;
    const std::string question = arpPacket(1, "000e08000001", 0xc0a80105, "000000000000", 0xc0a80101);
    wire.arp(question);
    EXPECT_EQ(wire.arp(question + std::string(18, 'x')).repeat(), 1);
}

TEST(ArpPacketTest, LeavesOtherNetworksAndOperationsAlone)
{
    Wire wire;
    EXPECT_EQ(wire.arp(arpPacket(3, "000e08000001", 0, "000e08000001", 0)).outcome(), Outcome::Unknown);
    std::string other = arpPacket(1, "000e08000001", 0, "000e08000001", 0);
    other[1] = 6;  // IEEE 802
    EXPECT_EQ(wire.arp(other).outcome(), Outcome::Unknown);
    std::string wrong = arpPacket(1, "000e08000001", 0, "000e08000001", 0);
    wrong[5] = 16;
    EXPECT_EQ(wire.arp(wrong).note(), "arp: found addresses of 6 and 16 bytes; expected 6 and 4");
}

}  // namespace hwbridge
