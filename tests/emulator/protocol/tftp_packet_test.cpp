#include "emulator/protocol/tftp_packet.hpp"

#include "tests/emulator/protocol/random_bytes.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::string_literals;

TEST(TftpPacketTest, WritesTheBytesOfRfc1350)
{
    EXPECT_EQ(encode(TftpRead{.file = "basic.txt"}), "\0\1basic.txt\0octet\0"s);
    EXPECT_EQ(encode(TftpWrite{.file = "report", .mode = "netascii"}), "\0\2report\0netascii\0"s);
    EXPECT_EQ(encode(TftpData{.block = 0x1234, .bytes = "abc"}), "\0\3\x12\x34"
                                                                 "abc"s);
    EXPECT_EQ(encode(TftpAck{.block = 65535}), "\0\4\xff\xff"s);
    EXPECT_EQ(encode(TftpError{TftpErrorCode::FileNotFound, "File not found"}), "\0\5\0\1File not found\0"s);
    EXPECT_EQ(encode(TftpOack{{{"blksize", "512"}}}), "\0\6blksize\0"
                                                      "512\0"s);
}

TEST(TftpPacketTest, ReadsBackWhatItWrites)
{
    const TftpPacket packets[] = {
        TftpRead{"a/b.xml", "octet", {{"tsize", "0"}, {"blksize", "1428"}}},
        TftpWrite{"a", "netascii", {}},
        TftpData{7, std::string_view{"\0\r\n", 3}},
        TftpData{8, {}},
        TftpAck{0},
        TftpError{TftpErrorCode{77}, ""},
        TftpOack{},
    };
    for (const TftpPacket& packet : packets) {
        const std::string bytes = encode(packet);
        const Result<TftpPacket> read = decodeTftp(bytes);
        ASSERT_TRUE(read.has_value()) << read.error().detail;
        EXPECT_EQ(read->index(), packet.index());
        EXPECT_EQ(encode(*read), bytes);
    }
}

TEST(TftpPacketTest, ReadsAnyCaseOfTheModeAndAnErrorWithoutItsZero)
{
    EXPECT_EQ(std::get<TftpRead>(*decodeTftp("\0\1f\0OcTeT\0"s)).mode, "octet");
    EXPECT_EQ(std::get<TftpError>(*decodeTftp("\0\5\0\2no"s)).message, "no");
}

TEST(TftpPacketTest, RefusesWhatIsNoPacket)
{
    for (const std::string& bytes :
         {""s, "\0"s, "\0\0"s, "\0\7"s, "\1\1f\0octet\0"s, "\0\1"s, "\0\1f"s, "\0\1f\0octet"s,
          "\0\1f\0octet\0tsize\0"s, "\0\1f\0octet\0tsize\0000"s, "\0\1f\0octet\0\0x\0"s, "\0\3\0"s, "\0\4\0"s,
          "\0\4\0\1\0"s, "\0\5\0"s, "\0\6a"s}) {
        const Result<TftpPacket> read = decodeTftp(bytes);
        ASSERT_FALSE(read.has_value()) << testing::PrintToString(bytes);
        EXPECT_EQ(read.error().kind, ErrorKind::Malformed);
        EXPECT_FALSE(read.error().detail.empty());
    }
}

TEST(TftpPacketTest, SurvivesGarbageAndWritesBackWhatItCouldRead)
{
    RandomBytes random{3};
    const std::string seeds[] = {"\0\1basic.txt\0octet\0tsize\0"
                                 "0\0"s,
                                 "\0\3\0\1abc"s, "\0\5\0\1gone\0"s, "\0\6a\0b\0"s};
    for (int round = 0; round < 50000; ++round) {
        const std::string bytes =
            round % 5 == 0
                ? std::string(1, '\0') + static_cast<char>(random.upTo(7)) + random.octets(random.upTo(40))
                : random.damaged(seeds[static_cast<std::size_t>(round) % 4], 3);
        const Result<TftpPacket> read = decodeTftp(bytes);
        if (read.has_value()) {
            ASSERT_TRUE(decodeTftp(encode(*read)).has_value()) << testing::PrintToString(bytes);
        }
    }
}

}  // namespace
}  // namespace emulator
