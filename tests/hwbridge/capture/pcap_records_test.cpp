#include "tests/hwbridge/capture/capture_bytes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using testing::HasSubstr;

constexpr std::uint32_t micro = 0xa1b2c3d4;
constexpr std::uint32_t nano = 0xa1b23c4d;
constexpr std::int64_t second = 1'000'000'000;

struct PcapKind {
    const char* name;
    std::uint32_t magic;
    bool big;
    std::int64_t unit;  // nanoseconds
};

class PcapKindTest : public testing::TestWithParam<PcapKind> {};

TEST_P(PcapKindTest, GivesPacketsWithTheirTimes)
{
    const auto [name, magic, big, unit] = GetParam();
    const ReadCapture read =
        readCapture(pcapHeader(magic, big, 276) + pcapPacket("abc", 1'700'000'000, 123'456, big) +
                    pcapPacket("defgh", 4'294'967'295, 999'999, big, 1500));
    EXPECT_EQ(read.error, "");
    ASSERT_EQ(read.packets.size(), 2u);
    EXPECT_EQ(read.packets[0].number, 1u);
    EXPECT_EQ(read.packets[0].at, 1'700'000'000 * second + 123'456 * unit);
    EXPECT_EQ(read.packets[0].bytes, "abc");
    EXPECT_EQ(read.packets[0].wireLength, 3u);
    EXPECT_EQ(read.packets[0].link, LinkType::LinuxCooked2);
    EXPECT_EQ(read.packets[1].number, 2u);
    EXPECT_EQ(read.packets[1].at, 4'294'967'295 * second + 999'999 * unit);
    EXPECT_EQ(read.packets[1].bytes, "defgh");
    EXPECT_EQ(read.packets[1].wireLength, 1500u);
    ASSERT_EQ(read.facts.interfaces.size(), 1u);
    EXPECT_EQ(read.facts.interfaces[0].link, LinkType::LinuxCooked2);
    EXPECT_FALSE(read.facts.dropped().has_value());
}

INSTANTIATE_TEST_SUITE_P(All, PcapKindTest,
                         testing::Values(PcapKind{"LittleMicro", micro, false, 1000},
                                         PcapKind{"BigMicro", micro, true, 1000},
                                         PcapKind{"LittleNano", nano, false, 1},
                                         PcapKind{"BigNano", nano, true, 1}),
                         [](const auto& test) { return test.param.name; });

TEST(PcapRecordsTest, ReadsTheLongerHeadersOfPatchedLibpcaps)
{
    const auto packet = [](bool big, std::string_view bytes) {
        const auto length = static_cast<std::uint32_t>(bytes.size());
        return Bytes{big}.u32(5).u32(6).u32(length).u32(length).u32(2).u16(8).u16(0).text(bytes).str();
    };
    for (const bool big : {false, true}) {
        const ReadCapture read =
            readCapture(pcapHeader(0xa1b2cd34, big) + packet(big, "abc") + packet(big, "defg"));
        EXPECT_EQ(read.error, "");
        ASSERT_EQ(read.packets.size(), 2u);
        EXPECT_EQ(read.packets[0].bytes, "abc");
        EXPECT_EQ(read.packets[1].bytes, "defg");
        EXPECT_EQ(read.packets[1].at, 5 * second + 6000);
    }
}

TEST(PcapRecordsTest, TakesTheFrameCheckSequenceOffThatTheLinkTypeTellsOf)
{
    const std::uint32_t fourBytes = 1u << 26 | 2u << 28;
    const ReadCapture read =
        readCapture(pcapHeader(micro, false, 1 | fourBytes) + pcapPacket("framesFCS!") +
                    pcapPacket("cut", 0, 0, false, 64) + pcapPacket("fra", 0, 0, false, 5));
    ASSERT_EQ(read.packets.size(), 3u);
    EXPECT_EQ(read.packets[0].link, LinkType::Ethernet);
    EXPECT_EQ(read.packets[0].bytes, "frames");
    EXPECT_EQ(read.packets[0].wireLength, 6u);
    EXPECT_EQ(read.packets[1].bytes, "cut");
    EXPECT_EQ(read.packets[1].wireLength, 60u);
    EXPECT_EQ(read.packets[2].bytes, "f") << "what is left of five bytes without an FCS of four";
    // Other bits above the link type mean nothing.
    EXPECT_EQ(readCapture(pcapHeader(micro, false, 0x03f00071) + pcapPacket("a")).packets.at(0).link,
              LinkType::LinuxCooked);
}

TEST(PcapRecordsTest, KnowsThatOldVersionsHadTheLengthsTheOtherWayRound)
{
    const std::string swapped = Bytes{}.u32(0).u32(0).u32(9).u32(3).text("abc").str();
    for (const auto& [major, minor] : {std::pair{2, 2}, std::pair{2, 3}, std::pair{543, 0}}) {
        const ReadCapture read = readCapture(pcapHeader(micro, false, 1, static_cast<std::uint16_t>(minor),
                                                        static_cast<std::uint16_t>(major)) +
                                             swapped + swapped);
        EXPECT_EQ(read.error, "") << major << "." << minor;
        ASSERT_EQ(read.packets.size(), 2u);
        EXPECT_EQ(read.packets[1].bytes, "abc");
        EXPECT_EQ(read.packets[1].wireLength, 9u);
    }
}

TEST(PcapRecordsTest, NeverGivesMoreBytesThanItSaysWereOnTheWire)
{
    const ReadCapture read = readCapture(pcapHeader() + pcapPacket("abcdef", 0, 0, false, 2));
    EXPECT_EQ(read.packets.at(0).wireLength, 6u);
}

TEST(PcapRecordsTest, ReadsAnEmptyCaptureAndEmptyPackets)
{
    EXPECT_EQ(readCapture(pcapHeader()).error, "");
    EXPECT_EQ(readCapture(pcapHeader() + pcapPacket("") + pcapPacket("")).packets.size(), 2u);
}

TEST(PcapRecordsTest, GivesWhatComesBeforeACutAndNamesThePacketAfterIt)
{
    const std::string whole = pcapHeader() + pcapPacket("abc") + pcapPacket("defgh");
    for (std::size_t length = 24 + 19 + 1; length < whole.size(); ++length) {
        const ReadCapture read = readCapture(std::string_view{whole}.substr(0, length));
        ASSERT_EQ(read.packets.size(), 1u) << length;
        EXPECT_THAT(read.error,
                    testing::MatchesRegex("x\\.pcap: packet 2 at byte 43 is cut off: found [0-9]+ bytes "
                                          "of it, expected (16|21)"));
    }
    EXPECT_EQ(readCapture(std::string_view{whole}.substr(0, 43)).error, "");
}

TEST(PcapRecordsTest, RefusesPacketsThatAreTooLarge)
{
    const ReadCapture read =
        readCapture(pcapHeader() + pcapPacket("abc") + Bytes{}.u32(0).u32(0).u32(0xffffffff).u32(1).str());
    EXPECT_EQ(read.packets.size(), 1u);
    EXPECT_EQ(read.error,
              "x.pcap: packet 2 at byte 43: found a length of 4294967295 bytes, expected at most 262144");
    const std::string largest(CaptureReader::mostPacketBytes, 'x');
    EXPECT_EQ(readCapture(pcapHeader() + pcapPacket(largest)).packets.at(0).bytes, largest);
    EXPECT_THAT(readCapture(pcapHeader() + pcapPacket(largest + "x")).error,
                HasSubstr("found a length of 262145 bytes, expected at most 262144"));
}

TEST(PcapRecordsTest, RefusesVersionsThatNobodyWrote)
{
    EXPECT_EQ(readCapture(pcapHeader(micro, false, 1, 4, 3)).error,
              "x.pcap: found pcap version 3.4, expected 2.4");
}

}  // namespace
}  // namespace hwbridge
