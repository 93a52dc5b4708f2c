#include "hwbridge/capture/capture_reader.hpp"

#include "tests/hwbridge/capture/capture_bytes.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>

#include <thread>

namespace hwbridge {
namespace {

TEST(CaptureReaderTest, SaysWhatIsNoCapture)
{
    EXPECT_EQ(readCapture("").error, "x.pcap: found no bytes, expected pcap or pcapng");
    EXPECT_EQ(readCapture("GET").error,
              "x.pcap: found a file that begins with 474554, expected pcap or pcapng");
    EXPECT_EQ(readCapture(std::string(100, 'G')).error,
              "x.pcap: found a file that begins with 47474747, expected pcap or pcapng");
    EXPECT_EQ(readCapture("\x1f\x8b\x08\x01").error,
              "x.pcap: found a file compressed with gzip, expected pcap or pcapng; unpack it first");
    EXPECT_EQ(readCapture("\xd4\xc3\xb2").error,
              "x.pcap: found a file that begins with d4c3b2, expected pcap or pcapng");
}

TEST(CaptureReaderTest, SaysThatAFileHeaderIsCutOff)
{
    for (const bool big : {false, true})
        for (const std::size_t left : {4u, 20u, 23u})
            EXPECT_EQ(readCapture(pcapHeader(0xa1b2c3d4, big).substr(0, left)).error,
                      "x.pcap: the file header is cut off: found " + std::to_string(left) +
                          " bytes, expected 24");
}

TEST(CaptureReaderTest, SaysWhatCannotBeRead)
{
    const auto absent = CaptureReader::open("/nonexistent/x.pcap");
    ASSERT_FALSE(absent.has_value());
    EXPECT_EQ(absent.error().kind, emulator::ErrorKind::NotFound);
    EXPECT_EQ(absent.error().detail, "cannot read /nonexistent/x.pcap: No such file or directory");
    auto folder = CaptureReader::open("/");
    ASSERT_TRUE(folder.has_value());
    SeenPackets sink;
    EXPECT_EQ((*folder)->readAll(sink).error().detail, "cannot read /: Is a directory");
}

// A pipe gives bytes in pieces of any size; packets are handed over as soon as they are complete.
TEST(CaptureReaderTest, GivesPacketsOfAPipeAsSoonAsTheyAreThere)
{
    for (const bool ng : {false, true}) {
        int ends[2];
        ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
        const std::string head = ng ? section() + interface() : pcapHeader();
        const std::string packet = ng ? enhanced("abcdefg") : pcapPacket("abcdefg");
        const auto reader = CaptureReader::from(ends[0], "pipe");
        SeenPackets sink;
        const auto send = [&](std::string_view bytes) {
            ASSERT_EQ(::write(ends[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
            ASSERT_TRUE(reader->readSome(sink).value());
        };
        for (const char byte : head)
            send({&byte, 1});
        send(packet);
        EXPECT_EQ(sink.all.size(), 1u);
        for (std::size_t i = 0; i < packet.size(); ++i) {
            EXPECT_EQ(sink.all.size(), 1u);
            send({packet.data() + i, 1});
        }
        EXPECT_EQ(sink.all.size(), 2u);
        send(packet + packet + packet.substr(0, 9));
        EXPECT_EQ(sink.all.size(), 4u);
        send(packet.substr(9));
        EXPECT_EQ(sink.all.size(), 5u);
        ::close(ends[1]);
        EXPECT_FALSE(reader->readSome(sink).value());
        ::close(ends[0]);
        EXPECT_EQ(sink.all.back().number, 5u);
        EXPECT_EQ(sink.all.back().bytes, "abcdefg");
    }
}

// More bytes than the window holds at a time, so that packets lie across its end in every way.
TEST(CaptureReaderTest, ReadsFilesThatAreLargerThanItsWindow)
{
    for (const bool ng : {false, true}) {
        std::string bytes = ng ? section() + interface() : pcapHeader();
        std::size_t packets = 0;
        for (std::size_t i = 0; bytes.size() < 5'000'000; ++i, ++packets) {
            const std::string content(1 + i * 7919 % 3000, static_cast<char>('a' + i % 26));
            bytes += ng ? enhanced(content, i) : pcapPacket(content, static_cast<std::uint32_t>(i));
        }
        const ReadCapture read = readCapture(bytes);
        EXPECT_EQ(read.error, "");
        ASSERT_EQ(read.packets.size(), packets);
        for (std::size_t i = 0; i < packets; ++i) {
            ASSERT_EQ(read.packets[i].number, i + 1);
            ASSERT_EQ(read.packets[i].bytes,
                      std::string(1 + i * 7919 % 3000, static_cast<char>('a' + i % 26)));
        }
    }
}

// Whatever is broken, what stands before it is given, and the end is one sentence.
TEST(CaptureReaderTest, EndsInOneSentenceForEveryDamagedByte)
{
    const std::string options = Bytes{}.option(1, "note").u32(0).str();
    const std::string good = section() + interface() + enhanced("first") +
                             enhanced("second", 1, 0, false, options) + enhanced("third");
    const std::size_t firstEnd = (section() + interface() + enhanced("first")).size();
    for (std::size_t at = firstEnd; at < good.size(); ++at)
        for (const unsigned value : {0x00u, 0x01u, 0x7fu, 0x80u, 0xffu}) {
            std::string bad = good;
            bad[at] = static_cast<char>(value);
            const ReadCapture read = readCapture(bad);
            ASSERT_GE(read.packets.size(), 1u) << at;
            EXPECT_EQ(read.packets[0].bytes, "first");
            EXPECT_EQ(read.error.find('\n'), std::string::npos);
            if (!read.error.empty()) {
                EXPECT_NE(read.error.find("packet "), std::string::npos) << read.error;
            }
        }
}

}  // namespace
}  // namespace hwbridge
