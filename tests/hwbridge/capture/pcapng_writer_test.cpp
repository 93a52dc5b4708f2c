#include "hwbridge/capture/pcapng_writer.hpp"

#include "tests/hwbridge/capture/capture_bytes.hpp"

#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using emulator::IpAddress;
using emulator::MacAddress;

Packet aWrittenPacket(std::string_view bytes, std::int64_t at = 0)
{
    Packet packet;
    packet.at = WallNanoseconds{std::chrono::nanoseconds{at}};
    packet.bytes = bytes;
    packet.wireLength = static_cast<std::uint32_t>(bytes.size());
    return packet;
}

TEST(PcapngWriterTest, WritesTheBlocksOfTheDraft)
{
    using namespace std::string_literals;
    PcapngWriter writer{"rig"};
    EXPECT_EQ(writer.bytes(),
              "\x0a\x0d\x0d\x0a\x28\0\0\0\x4d\x3c\x2b\x1a\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"
              "\4\0\3\0rig\0\0\0\0\0\x28\0\0\0"s);
    writer.clear();
    EXPECT_EQ(writer.addInterface({.name = "lo"}), 0u);
    EXPECT_EQ(writer.bytes(),
              "\1\0\0\0\x28\0\0\0\1\0\0\0\0\0\0\0\2\0\2\0lo\0\0\x09\0\1\0\x09\0\0\0\0\0\0\0\x28\0\0\0"s);
    writer.clear();
    writer.addPacket(0, aWrittenPacket("abcde", 0x0000000200000001));
    EXPECT_EQ(writer.bytes(),
              "\6\0\0\0\x28\0\0\0\0\0\0\0\2\0\0\0\1\0\0\0\5\0\0\0\5\0\0\0abcde\0\0\0\x28\0\0\0"s);
}

TEST(PcapngWriterTest, IsReadBackAsItWasWritten)
{
    PcapngWriter writer;
    writer.addInterface(
        {.snapLength = 200, .name = "eth0", .description = "bench", .filter = "host 10.0.0.1"});
    writer.addInterface({.link = LinkType::LinuxCooked2, .name = "any"});
    const MacAddress phone = *MacAddress::parse("000e08000001");
    writer.addPhone(IpAddress{0x0a000001}, phone);
    Packet packet = aWrittenPacket("abcdefg", 1'700'000'000'123'456'789);
    packet.wireLength = 1500;
    writer.addPacket(1, packet, "expected a syslog line");
    writer.addPacket(0, aWrittenPacket("", -1));
    writer.addCounts(1, packet.at, {1, 5});

    const ReadCapture read = readCapture(writer.bytes());
    EXPECT_EQ(read.error, "");
    ASSERT_EQ(read.packets.size(), 2u);
    EXPECT_EQ(read.packets[0].at, 1'700'000'000'123'456'789);
    EXPECT_EQ(read.packets[0].link, LinkType::LinuxCooked2);
    EXPECT_EQ(read.packets[0].wireLength, 1500u);
    EXPECT_EQ(read.packets[0].bytes, "abcdefg");
    EXPECT_EQ(read.facts.application, "phonerig");
    EXPECT_EQ(read.facts.interfaces.at(0).name, "eth0");
    EXPECT_EQ(read.facts.interfaces.at(0).description, "bench");
    EXPECT_EQ(read.facts.interfaces.at(0).filter, "host 10.0.0.1");
    EXPECT_EQ(read.facts.interfaces.at(0).snapLength, 200u);
    EXPECT_EQ(read.facts.interfaces.at(1).dropped, 5u);
    EXPECT_EQ(read.facts.names.phone(IpAddress{0x0a000001}), phone);
    ASSERT_EQ(read.facts.comments.size(), 1u);
    EXPECT_EQ(read.facts.comments[0].packet, 1u);
    EXPECT_EQ(read.facts.comments[0].text, "expected a syslog line");
}

TEST(PcapngWriterTest, WritesAnyNumberOfNamesAndTextsOfAnyLength)
{
    PcapngWriter writer{std::string(100'000, 'a')};
    writer.addInterface({.name = std::string(70'000, 'i')});
    std::vector<std::pair<IpAddress, std::string>> names;
    for (std::uint32_t i = 1; i <= 20'000; ++i)
        names.emplace_back(IpAddress{0x7f000000 + i}, "phone" + std::to_string(i));
    names.emplace_back(IpAddress{1}, std::string(1000, 'n'));
    writer.addNames(names);
    writer.addPacket(0, aWrittenPacket("a"), std::string(70'000, 'c'));
    const ReadCapture read = readCapture(writer.bytes());
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.facts.names.size(), 20'001u);
    EXPECT_EQ(read.facts.names.of(IpAddress{0x7f000000 + 20'000}), "phone20000");
    EXPECT_EQ(read.facts.names.of(IpAddress{1}), std::string(255, 'n'));
    EXPECT_EQ(read.facts.comments.at(0).text, std::string(65'535, 'c'));
    EXPECT_EQ(read.packets.size(), 1u);
}

}  // namespace
}  // namespace hwbridge
