#include "tests/hwbridge/decode/described.hpp"
#include "tests/hwbridge/decode/sample_messages.hpp"

#include <gmock/gmock.h>

namespace hwbridge {

using namespace std::chrono_literals;

TEST(IcmpPacketTest, ShowsTheEndsOfADatagramThatNobodyTook)
{
    Wire wire;
    const Described seen = wire.icmp(icmpPortUnreachable());
    EXPECT_EQ(seen.kind(), EventKind::IcmpMessage);
    EXPECT_EQ(seen.number(FieldName::Type), 3);
    EXPECT_EQ(seen.number(FieldName::Code), 3);
    EXPECT_EQ(seen.text(FieldName::Name), "port unreachable");
    EXPECT_EQ(seen.text(FieldName::QuotedProtocol), "udp");
    EXPECT_EQ(seen.text(FieldName::QuotedFrom), "192.168.1.5:40000");
    EXPECT_EQ(seen.text(FieldName::QuotedTo), "192.168.1.1:69");
    EXPECT_EQ(seen.event().exchange, ExchangeId{});
}

TEST(IcmpPacketTest, JoinsTheExchangeOfTheDatagramThatItQuotes)
{
    Wire wire;
    const Described read = wire.udp("192.168.1.5:40000", "192.168.1.1:69",
                                    Bytes{}.u16(1).text("a").u8(0).text("octet").u8(0).string());
    EXPECT_EQ(wire.icmp(icmpPortUnreachable()).exchange(), read.exchange());

    const Described asked = wire.udp("192.168.1.5:40000", "192.168.1.1:53", dnsQuery(0x4242));
    const std::string refused = Bytes{}
                                    .hex("03 03 0000 00000000")
                                    .hex("45 00 0020 0000 4000 40 11 0000 c0a80105 c0a80101")
                                    .u16(40000)
                                    .u16(53)
                                    .hex("000c 0000")
                                    .text(dnsQuery(0x4242));
    EXPECT_EQ(wire.icmp(refused).exchange(), asked.exchange());
}

TEST(IcmpPacketTest, JoinsAnEchoAndItsReply)
{
    Wire wire;
    const std::string ask = Bytes{}.hex("08 00 0000").u16(77).u16(3).text("ping");
    const Described asked = wire.icmp("192.0.2.1:0", "192.0.2.2:0", ask);
    EXPECT_EQ(asked.text(FieldName::Name), "echo request");
    EXPECT_EQ(asked.number(FieldName::Id), 77);
    EXPECT_EQ(asked.number(FieldName::Sequence), 3);
    const Described other =
        wire.icmp("192.0.2.1:0", "192.0.2.2:0", Bytes{}.hex("08 00 0000").u16(77).u16(4).string());
    const Described answered = wire.icmp("192.0.2.2:0", "192.0.2.1:0",
                                         Bytes{}.hex("00 00 0000").u16(77).u16(3).text("ping").string());
    EXPECT_EQ(answered.text(FieldName::Name), "echo reply");
    EXPECT_EQ(answered.exchange(), asked.exchange());
    EXPECT_NE(other.exchange(), asked.exchange());
}

TEST(IcmpPacketTest, TellsTheMtuAndTheGateway)
{
    Wire wire;
    std::string tooLarge = icmpPortUnreachable();
    tooLarge[1] = 4;
    tooLarge[6] = 0x05;
    tooLarge[7] = static_cast<char>(0xdc);
    EXPECT_EQ(wire.icmp(tooLarge).number(FieldName::Mtu), 1500);
    std::string redirect = icmpPortUnreachable();
    redirect.replace(0, 8, Bytes{}.hex("05 01 0000 c0a801fe").string());
    EXPECT_EQ(wire.icmp(redirect).text(FieldName::Gateway), "192.168.1.254");
}

TEST(IcmpPacketTest, QuotesALaterFragmentWithoutPorts)
{
    Wire wire;
    std::string fragment = icmpPortUnreachable();
    fragment[8 + 7] = 1;
    const Described seen = wire.icmp(fragment);
    EXPECT_EQ(seen.outcome(), Outcome::Described);
    EXPECT_EQ(seen.text(FieldName::QuotedFrom), "192.168.1.5:0");
}

TEST(IcmpPacketTest, SaysWhatIsMissing)
{
    Wire wire;
    EXPECT_EQ(wire.icmp(std::string{"\x08\x00\x00", 3}).note(), "icmp: found 3 bytes; expected at least 8");
    EXPECT_EQ(wire.icmp(icmpPortUnreachable().substr(0, 20)).note(),
              "icmp: found, after port unreachable, 12 bytes of the quoted datagram; expected its IP header "
              "and 8 bytes");
}

}  // namespace hwbridge
