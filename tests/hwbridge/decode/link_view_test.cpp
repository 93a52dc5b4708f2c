#include "hwbridge/decode/link_view.hpp"

#include "tests/hwbridge/decode/wire.hpp"

#include <gtest/gtest.h>

using namespace wire;
using namespace std::string_literals;

namespace {

const std::string payload = ip(17, phone.address, server.address, "x");

TEST(LinkViewTest, ReadsEthernetWithBothMacs)
{
    const std::string frame = ethernet(payload);
    const LinkView view = viewLink(LinkType::Ethernet, frame);
    EXPECT_EQ(view.protocol, NetworkProtocol::Ipv4);
    EXPECT_EQ(view.payload, payload);
    EXPECT_EQ(view.source->colons(), "00:0e:08:00:00:01");
    EXPECT_EQ(view.destination->colons(), "02:00:00:00:00:02");
}

TEST(LinkViewTest, LooksThroughStackedVlanTags)
{
    const std::string frame = ethernet(be16(100) + be16(0x8100) + be16(7) + be16(0x0800) + payload, 0x88a8);
    const LinkView view = viewLink(LinkType::Ethernet, frame);
    EXPECT_EQ(view.protocol, NetworkProtocol::Ipv4);
    EXPECT_EQ(view.vlanTags, 2);
    EXPECT_EQ(view.payload, payload);
}

TEST(LinkViewTest, EndsAnEndlessStackOfVlanTags)
{
    const auto tagged = [](int tags) {
        std::string bytes;
        for (int i = 1; i < tags; ++i)
            bytes += be16(1) + be16(0x8100);
        return viewLink(LinkType::Ethernet, ethernet(bytes + be16(1) + be16(0x0800) + payload, 0x8100))
            .protocol;
    };
    EXPECT_EQ(tagged(4), NetworkProtocol::Ipv4);
    EXPECT_EQ(tagged(5), NetworkProtocol::TooShort);
    EXPECT_EQ(tagged(100), NetworkProtocol::TooShort);
}

TEST(LinkViewTest, FindsCdpBehindLlcAndSnapWithoutThePadding)
{
    const std::string cdp = "\xaa\xaa\x03\x00\x00\x0c\x20\x00"s + "cdp!";
    const std::string frame = ethernet(cdp + std::string(30, '\0'), cdp.size());
    const LinkView view = viewLink(LinkType::Ethernet, frame);
    EXPECT_EQ(view.protocol, NetworkProtocol::Cdp);
    EXPECT_EQ(view.payload, "cdp!");
}

TEST(LinkViewTest, CallsSpanningTreeOtherLlc)
{
    EXPECT_EQ(viewLink(LinkType::Ethernet, ethernet("\x42\x42\x03 and so on"s, 14)).protocol,
              NetworkProtocol::OtherLlc);
}

TEST(LinkViewTest, ReadsLinuxCookedCaptureOfBothVersions)
{
    const std::string first = be16(0) + be16(1) + be16(6) + phoneMac + be16(0) + be16(0x0800) + payload;
    const LinkView one = viewLink(LinkType::LinuxCooked, first);
    EXPECT_EQ(one.payload, payload);
    EXPECT_EQ(one.source->colons(), "00:0e:08:00:00:01");
    EXPECT_FALSE(one.destination.has_value());

    const std::string second =
        be16(0x0800) + be16(0) + be32(2) + be16(1) + "\0\x06"s + phoneMac + be16(0) + payload;
    const LinkView two = viewLink(LinkType::LinuxCooked2, second);
    EXPECT_EQ(two.protocol, NetworkProtocol::Ipv4);
    EXPECT_EQ(two.payload, payload);
    EXPECT_EQ(two.source->colons(), "00:0e:08:00:00:01");
}

TEST(LinkViewTest, ReadsLoopbackOfEitherByteOrderAndRawIp)
{
    EXPECT_EQ(viewLink(LinkType::Null, "\x02\0\0\0"s + payload).payload, payload);
    EXPECT_EQ(viewLink(LinkType::Null, "\0\0\0\x02"s + payload).protocol, NetworkProtocol::Ipv4);
    EXPECT_EQ(viewLink(LinkType::Null, "\x1e\0\0\0"s + payload).protocol, NetworkProtocol::Ipv6);
    EXPECT_EQ(viewLink(LinkType::Loop, "\0\0\0\x02"s + payload).protocol, NetworkProtocol::Ipv4);
    EXPECT_EQ(viewLink(LinkType::RawIp, payload).protocol, NetworkProtocol::Ipv4);
    EXPECT_EQ(viewLink(LinkType{12}, payload).protocol, NetworkProtocol::Ipv4);
    EXPECT_EQ(viewLink(LinkType{14}, payload).protocol, NetworkProtocol::Ipv4);
    EXPECT_EQ(viewLink(LinkType::RawIp, "\x60 and so on").protocol, NetworkProtocol::Ipv6);
}

TEST(LinkViewTest, SaysWhatItCannotRead)
{
    EXPECT_EQ(viewLink(LinkType{147}, "anything").protocol, NetworkProtocol::UnknownLink);
    EXPECT_EQ(viewLink(LinkType::Ethernet, "short").protocol, NetworkProtocol::TooShort);
    EXPECT_EQ(viewLink(LinkType::Ethernet, ethernet("x", 0x88b5)).protocol, NetworkProtocol::OtherType);
    EXPECT_EQ(viewLink(LinkType::Ethernet, ethernet("x", 0x86dd)).protocol, NetworkProtocol::Ipv6);
}

}  // namespace
