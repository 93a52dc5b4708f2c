#include "tests/hwbridge/capture/capture_bytes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using emulator::IpAddress;
using emulator::MacAddress;

std::string options(bool big, std::initializer_list<std::pair<std::uint16_t, std::string>> list)
{
    Bytes bytes{big};
    for (const auto& [code, value] : list)
        bytes.option(code, value);
    return bytes.u32(0).str();
}

std::string u64(std::uint64_t value, bool big = false)
{
    return Bytes{big}.u64(value).str();
}

class ByteOrderTest : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Either, ByteOrderTest, testing::Bool(),
                         [](const auto& test) { return test.param ? "Big" : "Little"; });

TEST_P(ByteOrderTest, GivesPacketsOfMixedLinks)
{
    const bool big = GetParam();
    const ReadCapture read = readCapture(
        section(big, options(big, {{1, "about it"}, {4, "Dumpcap"}})) +
        interface(1, big, options(big, {{2, "eth0"}, {3, "the bench"}, {11, std::string(1, '\0') + "arp"}}),
                  96) +
        interface(276, big, options(big, {{2, "any"}, {9, "\x09"}})) +
        enhanced("on one", 1'700'000'000'000'001, 0, big) +
        enhanced("on two", 1'700'000'000'000'000'001, 1, big, options(big, {{1, "a comment"}})));
    EXPECT_EQ(read.error, "");
    ASSERT_EQ(read.packets.size(), 2u);
    EXPECT_EQ(read.packets[0].link, LinkType::Ethernet);
    EXPECT_EQ(read.packets[0].at, 1'700'000'000'000'001'000);
    EXPECT_EQ(read.packets[0].bytes, "on one");
    EXPECT_EQ(read.packets[1].link, LinkType::LinuxCooked2);
    EXPECT_EQ(read.packets[1].at, 1'700'000'000'000'000'001);
    EXPECT_EQ(read.packets[1].number, 2u);
    EXPECT_EQ(read.facts.application, "Dumpcap");
    ASSERT_EQ(read.facts.interfaces.size(), 2u);
    EXPECT_EQ(read.facts.interfaces[0].name, "eth0");
    EXPECT_EQ(read.facts.interfaces[0].description, "the bench");
    EXPECT_EQ(read.facts.interfaces[0].filter, "arp");
    EXPECT_EQ(read.facts.interfaces[0].snapLength, 96u);
    EXPECT_EQ(read.facts.interfaces[1].name, "any");
    ASSERT_EQ(read.facts.comments.size(), 2u);
    EXPECT_EQ(read.facts.comments[0].packet, 0u);
    EXPECT_EQ(read.facts.comments[0].text, "about it");
    EXPECT_EQ(read.facts.comments[1].packet, 2u);
    EXPECT_EQ(read.facts.comments[1].text, "a comment");
}

TEST_P(ByteOrderTest, ReadsSimpleAndObsoletePackets)
{
    const bool big = GetParam();
    const std::string obsolete =
        block(2, Bytes{big}.u16(0).u16(3).u32(1).u32(2).u32(5).u32(1500).padded("hello").text(
                     options(big, {{1, "old"}})));
    const ReadCapture read =
        readCapture(section(big) + interface(1, big, {}, 4) + block(3, Bytes{big}.u32(3).padded("abc")) +
                    block(3, Bytes{big}.u32(60).padded("cut!")) + obsolete);
    EXPECT_EQ(read.error, "");
    ASSERT_EQ(read.packets.size(), 3u);
    EXPECT_EQ(read.packets[0].bytes, "abc");
    EXPECT_EQ(read.packets[0].wireLength, 3u);
    EXPECT_EQ(read.packets[0].at, 0);
    EXPECT_EQ(read.packets[1].bytes, "cut!");
    EXPECT_EQ(read.packets[1].wireLength, 60u);
    EXPECT_EQ(read.packets[2].bytes, "hello");
    EXPECT_EQ(read.packets[2].wireLength, 1500u);
    EXPECT_EQ(read.packets[2].at, ((1ll << 32) + 2) * 1000);
    EXPECT_EQ(read.facts.dropped(), 3u);
    EXPECT_EQ(read.facts.comments.at(0).text, "old");
}

TEST_P(ByteOrderTest, ReadsNames)
{
    const bool big = GetParam();
    const auto ipv4 = [](std::string_view address, std::string_view names) {
        return std::string{address} + std::string{names};
    };
    using namespace std::string_literals;
    const std::string names = options(big, {{1, ipv4("\x0a\0\0\1"s, "000e08000001.phonerig\0"s)},
                                            {2, std::string(16, '\xfe') + "six\0"s},
                                            {1, ipv4("\x0a\0\0\2"s, "server\0alias\0"s)},
                                            {1, ipv4("\x0a\0\0\2"s, "another\0"s)},
                                            {1, "bad"},
                                            {1, ipv4("\x0a\0\0\3"s, "\0"s)}});
    const ReadCapture read = readCapture(section(big) + block(4, Bytes{big}.text(names)));
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.facts.names.size(), 2u);
    EXPECT_EQ(read.facts.names.of(IpAddress{0x0a000001}), "000e08000001.phonerig");
    EXPECT_EQ(read.facts.names.of(IpAddress{0x0a000002}), "server");
    EXPECT_EQ(read.facts.names.phone(IpAddress{0x0a000001}), *MacAddress::parse("000e08000001"));
    EXPECT_FALSE(read.facts.names.phone(IpAddress{0x0a000002}).has_value());
    EXPECT_FALSE(read.facts.names.of(IpAddress{0x0a000003}).has_value());
}

TEST_P(ByteOrderTest, TellsWhatWasLost)
{
    const bool big = GetParam();
    const auto statistics = [&](std::uint32_t id, std::uint64_t ifDrop, std::uint64_t osDrop) {
        return block(5, Bytes{big}.u32(id).u32(0).u32(0).text(
                            options(big, {{5, u64(ifDrop, big)}, {7, u64(osDrop, big)}})));
    };
    const std::string head = section(big) + interface(1, big) + interface(1, big);
    EXPECT_FALSE(readCapture(head).facts.dropped().has_value());
    const ReadCapture read = readCapture(head + statistics(0, 1, 2) + statistics(1, 10, 0) +
                                         statistics(0, 5, 2) + statistics(77, 1000, 0));
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.facts.interfaces[0].dropped, 7u) << "the last one counts";
    EXPECT_EQ(read.facts.dropped(), 17u);
    const ReadCapture flagged =
        readCapture(head + enhanced("a", 0, 1, big, options(big, {{4, u64(3, big)}})) +
                    enhanced("b", 0, 1, big, options(big, {{4, u64(4, big)}})));
    EXPECT_EQ(flagged.facts.dropped(), 7u);
    const ReadCapture both =
        readCapture(head + statistics(1, 1, 2) + enhanced("a", 0, 1, big, options(big, {{4, u64(3, big)}})));
    EXPECT_EQ(both.facts.dropped(), 3u) << "counted once";
}

TEST(PcapngBlocksTest, BeginsAnewWithEverySection)
{
    const ReadCapture read = readCapture(
        section(false) + interface(1, false) + enhanced("a", 1) + section(true) + interface(101, true) +
        enhanced("b", 2, 0, true) + section(false) + interface(113, false, options(false, {{9, "\x09"}})) +
        enhanced("c", 3) + section(true) + section(true));
    EXPECT_EQ(read.error, "");
    ASSERT_EQ(read.packets.size(), 3u);
    EXPECT_EQ(read.packets[1].link, LinkType::RawIp);
    EXPECT_EQ(read.packets[1].at, 2000);
    EXPECT_EQ(read.packets[2].link, LinkType::LinuxCooked);
    EXPECT_EQ(read.packets[2].at, 3);
    EXPECT_EQ(read.packets[2].number, 3u);
    EXPECT_EQ(read.facts.interfaces.size(), 3u);
    // An interface of an earlier section is none of this one's.
    EXPECT_EQ(readCapture(section() + interface() + enhanced("a") + section() + enhanced("b")).error,
              "x.pcap: packet 2 at byte 112: found interface 0, but the section describes 0");
}

// As tshark 4.0 numbers them: sysdig events, journal entries and custom blocks are frames there.
TEST(PcapngBlocksTest, NumbersPacketsAsWiresharkCounts)
{
    const auto numbers = [](std::initializer_list<std::uint32_t> between) {
        std::string bytes = section() + interface() + enhanced("a");
        for (const std::uint32_t type : between)
            bytes += block(type, Bytes{}.u32(12345).text("some more text here"));
        const ReadCapture read = readCapture(bytes + enhanced("b"));
        EXPECT_EQ(read.error, "");
        EXPECT_EQ(read.packets.size(), 2u);
        EXPECT_EQ(read.facts.packets, 2u);
        EXPECT_EQ(read.facts.skippedBlocks, between.size());
        return read.packets.back().number;
    };
    EXPECT_EQ(numbers({}), 2u);
    EXPECT_EQ(numbers({7, 8, 10, 0x77, 0x208, 0x80000001}), 2u);
    EXPECT_EQ(numbers({9, 0xbad, 0x40000bad, 0x204, 0x216, 0x221}), 8u);
}

TEST(PcapngBlocksTest, SkipsBlocksOfAnySize)
{
    const std::string huge(17u << 20, 'x');
    const std::string bytes =
        section() + interface() + enhanced("a") + block(0x77, Bytes{}.text(huge)) + enhanced("b");
    const ReadCapture read = readCapture(bytes);
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.packets.size(), 2u);
    EXPECT_EQ(readCapture(std::string_view{bytes}.substr(0, bytes.size() - 60)).error,
              "x.pcap: a block before packet 2 is cut off: 24 more bytes were expected");
}

struct ResolutionRow {
    const char* name;
    std::string resolution;  // bytes of if_tsresol
    std::int64_t offset;
    std::uint64_t ticks;
    std::int64_t at;
};

class ResolutionTest : public testing::TestWithParam<ResolutionRow> {};

TEST_P(ResolutionTest, TellsTheTime)
{
    const auto& [name, resolution, offset, ticks, at] = GetParam();
    const std::string head =
        section() +
        interface(1, false, options(false, {{9, resolution}, {14, u64(static_cast<std::uint64_t>(offset))}}));
    EXPECT_EQ(readCapture(head + enhanced("a", ticks)).packets.at(0).at, at);
}

constexpr std::int64_t lastTime = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t mostTicks = std::numeric_limits<std::uint64_t>::max();

INSTANTIATE_TEST_SUITE_P(
    All, ResolutionTest,
    testing::Values(ResolutionRow{"Seconds", std::string(1, '\0'), 0, 1'700'000'000,
                                  1'700'000'000'000'000'000},
                    ResolutionRow{"Milli", "\3", 0, 1'700'000'000'123, 1'700'000'000'123'000'000},
                    ResolutionRow{"Micro", "\6", 0, 1'700'000'000'123'456, 1'700'000'000'123'456'000},
                    ResolutionRow{"Nano", "\x09", 0, 1'700'000'000'123'456'789, 1'700'000'000'123'456'789},
                    ResolutionRow{"Pico", "\x0c", 0, 1'234'567'890'123'456'789, 1'234'567'890'123'456},
                    ResolutionRow{"Halves", "\x81", 0, 3, 1'500'000'000},
                    ResolutionRow{"NtpLike", "\xa0", 0, (7ull << 32) + (1ull << 31), 7'500'000'000},
                    ResolutionRow{"HighestPowerOfTwo", "\xc0", 0, 1ull << 63, 500'000'000},
                    ResolutionRow{"BeyondPowersOfTwo", "\xff", 5, mostTicks, 5'000'000'000},
                    ResolutionRow{"TensBeyondAll", "\x7f", 5, mostTicks, 5'000'000'000},
                    ResolutionRow{"Offset", "\6", 1'700'000'000, 250'000, 1'700'000'000'250'000'000},
                    ResolutionRow{"NegativeOffset", "\6", -2, 1'500'000, -500'000'000},
                    ResolutionRow{"TooLate", "\6", 0, mostTicks, lastTime},
                    ResolutionRow{"TooLateBySeconds", std::string(1, '\0'), 0, mostTicks, lastTime},
                    ResolutionRow{"TooLateByOffset", "\6", lastTime, mostTicks, lastTime},
                    ResolutionRow{"TooEarly", "\6", std::numeric_limits<std::int64_t>::min(), 0,
                                  std::numeric_limits<std::int64_t>::min()}),
    [](const auto& test) { return test.param.name; });

TEST(PcapngBlocksTest, TakesTheFrameCheckSequenceOff)
{
    const std::string flags = options(false, {{2, Bytes{}.u32(4u << 5 | 1).str()}});
    const ReadCapture read =
        readCapture(section() + interface() + interface(1, false, options(false, {{13, "\4"}})) +
                    enhanced("frameFCS!", 0, 0) + enhanced("frameFCS!", 0, 0, false, flags) +
                    enhanced("frameFCS!", 0, 1));
    ASSERT_EQ(read.packets.size(), 3u);
    EXPECT_EQ(read.packets[0].bytes, "frameFCS!");
    EXPECT_EQ(read.packets[1].bytes, "frame");
    EXPECT_EQ(read.packets[1].wireLength, 5u);
    EXPECT_EQ(read.packets[2].bytes, "frame");
}

struct BrokenRow {
    const char* name;
    std::string bytes;  // after a good packet
    std::string error;  // after "x.pcap: "
};

class BrokenTest : public testing::TestWithParam<BrokenRow> {};

TEST_P(BrokenTest, NamesPacketAndByte)
{
    const auto& [name, bytes, error] = GetParam();
    const ReadCapture read =
        readCapture(section() + interface() + enhanced("good") + bytes + enhanced("after"));
    ASSERT_EQ(read.packets.size(), 1u);
    EXPECT_EQ(read.packets[0].bytes, "good");
    EXPECT_EQ(read.error, "x.pcap: " + error);
}

std::string packetWith(std::uint32_t interface, std::uint32_t captured, const std::string& options = {})
{
    return block(
        6, Bytes{}.u32(interface).u32(0).u32(0).u32(captured).u32(captured).padded("abcd").text(options));
}

INSTANTIATE_TEST_SUITE_P(
    All, BrokenTest,
    testing::Values(
        BrokenRow{"LengthTooSmall", Bytes{}.u32(6).u32(8).u32(0).str(),
                  "packet 2 at byte 84: found a block of 8 bytes, expected a multiple of 4 from 12"},
        BrokenRow{"LengthNotAligned", Bytes{}.u32(5).u32(33).u32(0).str(),
                  "interface statistics before packet 2 at byte 84: found a block of 33 bytes, expected a "
                  "multiple of "
                  "4 from 12"},
        BrokenRow{"LengthTooLarge", Bytes{}.u32(6).u32(0xfffffffc).u32(0).str(),
                  "packet 2 at byte 84: found a block of 4294967292 bytes, expected at most 16777216"},
        BrokenRow{"LengthsDiffer", Bytes{}.u32(6).u32(32).padded(std::string(20, 'x')).u32(36).str(),
                  "packet 2 at byte 84: found a block that begins with a length of 32 and ends with 36, "
                  "expected the "
                  "same"},
        BrokenRow{"NoSuchInterface", packetWith(1, 4),
                  "packet 2 at byte 84: found interface 1, but the section describes 1"},
        BrokenRow{
            "PacketBeyondItsBlock", packetWith(0, 5),
            "packet 2 at byte 84: found a length of 5 bytes, expected at most the 4 that its block holds"},
        BrokenRow{"PacketTooLarge", packetWith(0, 262145),
                  "packet 2 at byte 84: found a length of 262145 bytes, expected at most 262144"},
        BrokenRow{"OptionBeyondItsBlock", packetWith(0, 4, Bytes{}.u16(1).u16(9).padded("abcd").str()),
                  "packet 2 at byte 84: found an option of 9 bytes, expected at most the 4 that are left in "
                  "its block"},
        BrokenRow{"PacketTooShort", block(6, Bytes{}.u32(0)),
                  "packet 2 at byte 84: found a block of 16 bytes, expected at least 32"},
        BrokenRow{"InterfaceTooShort", block(1, Bytes{}.u32(0)),
                  "interface description before packet 2 at byte 84: found a block of 16 bytes, expected at "
                  "least 20"},
        BrokenRow{
            "SimpleBeyondItsBlock", block(3, Bytes{}.u32(8).padded("abcd")),
            "packet 2 at byte 84: found a length of 8 bytes, expected at most the 4 that its block holds"},
        BrokenRow{"NameBeyondItsBlock", block(4, Bytes{}.u16(1).u16(90).padded("abcd")),
                  "list of names before packet 2 at byte 84: found a name of 90 bytes, expected at most the "
                  "4 that are "
                  "left"},
        BrokenRow{"NoMagic", block(pcapng::sectionHeader, Bytes{}.u32(0x12345678).u64(0).u64(0)),
                  "section header before packet 2 at byte 84: found the byte-order magic 12345678, expected "
                  "1a2b3c4d"},
        BrokenRow{"Version",
                  block(pcapng::sectionHeader, Bytes{}.u32(pcapng::byteOrderMagic).u16(2).u16(1).u64(0)),
                  "section header before packet 2 at byte 84: found pcapng version 2.1, expected 1.0"}),
    [](const auto& test) { return test.param.name; });

TEST(PcapngBlocksTest, SaysWhereTheFileIsCutOff)
{
    const std::string whole = section() + interface() + enhanced("abcdefg");
    for (std::size_t length = 49; length < whole.size(); ++length)
        EXPECT_THAT(
            readCapture(std::string_view{whole}.substr(0, length)).error,
            testing::MatchesRegex("x\\.pcap: (packet 1|block before packet 1) at byte 48 is cut off: found "
                                  "[0-9]+ bytes of it, expected (12|40)"));
}

TEST(PcapngBlocksTest, KeepsOnlySoMuchOfWhatHostileFilesSay)
{
    const std::string longName(60'000, 'n');
    const std::string longFilter = std::string(1, '\0') + longName;
    std::string bytes = section();
    bytes += interface(1, false, options(false, {{2, longName}, {3, longName}, {11, longFilter}}));
    for (int i = 1; i < 5000; ++i)
        bytes += interface();
    const std::string comment(60'000, 'c');
    for (int i = 0; i < 400; ++i)
        bytes += enhanced("a", 0, 4999, false, options(false, {{1, comment}}));
    const ReadCapture read = readCapture(bytes);
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.packets.size(), 400u);
    EXPECT_EQ(read.facts.interfaces.size(), CaptureFacts::mostInterfaces);
    EXPECT_EQ(read.facts.interfaces[0].name.size(), CaptureFacts::longestInterfaceText);
    EXPECT_EQ(read.facts.interfaces[0].description.size(), CaptureFacts::longestInterfaceText);
    EXPECT_LE(read.facts.interfaces[0].filter.size(), CaptureFacts::longestInterfaceText);
    EXPECT_EQ(read.facts.comments.size(), CaptureFacts::mostCommentText / comment.size());
}

TEST(CaptureNamesTest, CountsWhatItDoesNotKeep)
{
    CaptureNames names;
    names.add({1}, std::string(CaptureNames::longestName, 'n'));
    names.add({2}, std::string(CaptureNames::longestName + 1, 'n'));
    for (std::uint32_t i = 3; i < CaptureNames::mostNames + 10; ++i)
        names.add({i}, "n");
    names.add({1}, "again");
    EXPECT_EQ(names.size(), CaptureNames::mostNames);
    EXPECT_EQ(names.leftOut(), 1u + 8u);
    EXPECT_FALSE(names.of({2}).has_value());
}

TEST(CaptureNamesTest, TellsPhonesByTheirNames)
{
    const MacAddress phone = *MacAddress::parse("00:0e:08:aa:bb:cc");
    EXPECT_EQ(phoneName(phone), "000e08aabbcc.phonerig");
    EXPECT_EQ(phoneOfName("000e08aabbcc.phonerig"), phone);
    for (const char* other : {"", "000e08aabbcc", ".phonerig", "000e08aabbc.phonerig",
                              "000e08aabbcg.phonerig", "x000e08aabbcc.phonerig", "000e08aabbcc.phonerig."})
        EXPECT_FALSE(phoneOfName(other).has_value()) << other;
}

}  // namespace
}  // namespace hwbridge
