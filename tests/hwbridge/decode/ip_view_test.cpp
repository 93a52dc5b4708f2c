#include "hwbridge/decode/ip_view.hpp"

#include "tests/hwbridge/decode/wire.hpp"

#include <gtest/gtest.h>

using namespace wire;

namespace {

TEST(IpViewTest, SkipsOptionsAndThePaddingOfShortFrames)
{
    IpFields fields;
    fields.options = std::string(8, '\1');
    const std::string bytes =
        ip(17, phone.address, server.address, "payload", fields) + std::string(20, '\0');
    IpView view;
    ASSERT_EQ(viewIp(view, bytes), "");
    EXPECT_EQ(view.payload, "payload");
    EXPECT_EQ(view.source, phone.address);
    EXPECT_EQ(view.destination, server.address);
    EXPECT_EQ(view.missing, 0u);
}

TEST(IpViewTest, RefusesADatagramThatIsAByteLongerThanItsPacket)
{
    std::string bytes = udp(phone, server, "payload");
    UdpView view;
    EXPECT_EQ(viewUdp(view, bytes, 0), "");
    EXPECT_EQ(viewUdp(view, std::string_view{bytes}.substr(0, bytes.size() - 1), 1), "");
    EXPECT_EQ(view.missing, 1u);
    EXPECT_EQ(viewUdp(view, std::string_view{bytes}.substr(0, bytes.size() - 1), 0),
              "udp: found a length beyond its IP packet");
}

TEST(IpViewTest, CountsWhatTheCaptureDoesNotHave)
{
    const std::string bytes = ip(17, phone.address, server.address, "payload");
    IpView view;
    ASSERT_EQ(viewIp(view, std::string_view{bytes}.substr(0, bytes.size() - 3)), "");
    EXPECT_EQ(view.payload, "payl");
    EXPECT_EQ(view.missing, 3u);
}

TEST(IpViewTest, TakesTheWholePacketWhereTheLengthIsLeftToTheNetworkCard)
{
    std::string bytes = ip(6, phone.address, server.address, "a segment that will be cut up");
    bytes[2] = bytes[3] = '\0';
    IpView view;
    ASSERT_EQ(viewIp(view, bytes), "");
    EXPECT_EQ(view.payload, "a segment that will be cut up");
}

TEST(IpViewTest, RefusesHeadersThatLie)
{
    const std::string good = ip(17, phone.address, server.address, "payload");
    IpView view;
    EXPECT_NE(viewIp(view, "short"), "");
    std::string other = good;
    other[0] = '\x44';  // 16 bytes
    EXPECT_NE(viewIp(view, other), "");
    other[0] = '\x4f';  // 60 bytes
    EXPECT_NE(viewIp(view, other), "");
    other[0] = '\x55';
    EXPECT_NE(viewIp(view, other), "");
    other = good;
    other[3] = '\x10';  // a total below the header's length
    EXPECT_NE(viewIp(view, other), "");
}

TEST(UdpViewTest, BelievesItsOwnLengthUnlessItIsBeyondThePacket)
{
    std::string bytes = udp(phone, server, "payload") + "behind it";
    UdpView view;
    ASSERT_EQ(viewUdp(view, bytes, 0), "");
    EXPECT_EQ(view.payload, "payload");
    bytes[5] = '\x7f';
    EXPECT_NE(viewUdp(view, bytes, 0), "");
    bytes[5] = '\x07';
    EXPECT_NE(viewUdp(view, bytes, 0), "");
    EXPECT_NE(viewUdp(view, "short", 0), "");
}

TEST(TcpViewTest, SkipsOptionsAndRefusesHeadersThatLie)
{
    std::string bytes = tcp(phone, server, 7, 9, Syn | Ack, "\2\4\5\xb4payload");
    bytes[12] = '\x60';
    TcpView view;
    ASSERT_EQ(viewTcp(view, bytes, 0), "");
    EXPECT_EQ(view.payload, "payload");
    EXPECT_EQ(view.sequence, 7u);
    EXPECT_EQ(view.acknowledged, 9u);
    EXPECT_TRUE(view.syn && view.ack && !view.fin && !view.reset);
    bytes[12] = '\x40';
    EXPECT_NE(viewTcp(view, bytes, 0), "");
    bytes[12] = '\xf0';
    EXPECT_NE(viewTcp(view, bytes, 0), "");
    EXPECT_NE(viewTcp(view, "short", 0), "");
}

}  // namespace
