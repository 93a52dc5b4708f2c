#include "hwbridge/capture/capture_file.hpp"

#include "hwbridge/capture/capture_ring.hpp"
#include "tests/hwbridge/capture/capture_bytes.hpp"
#include "tests/hwbridge/capture/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <set>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

Packet aPacket(std::string_view bytes, std::chrono::nanoseconds at = 0s, LinkType link = LinkType::Ethernet)
{
    Packet packet;
    packet.at = WallNanoseconds{at};
    packet.link = link;
    packet.bytes = bytes;
    packet.wireLength = static_cast<std::uint32_t>(bytes.size());
    return packet;
}

CaptureHeader aHeader()
{
    CaptureHeader header;
    header.interface.name = "eth0";
    header.names = {{{0x0a000001}, "000e08000001.phonerig"}};
    return header;
}

mode_t modeOf(const std::string& path)
{
    struct stat status {};
    ::stat(path.c_str(), &status);
    return status.st_mode & 0777;
}

TEST(CaptureFileTest, IsAPrivateFileThatIsWholeAtEveryFlush)
{
    const TemporaryFolder folder;
    const std::string path = folder / "a.pcapng";
    auto file = CaptureFile::create(path, aHeader()).value();
    EXPECT_EQ(modeOf(path), 0600u);
    EXPECT_EQ(readCapture(contentOf(path)).facts.names.size(), 1u);
    file.packetSeen(aPacket("one", 1s));
    file.write(aPacket("two", 2s), "expected a 200");
    file.packetSeen(aPacket("three", 3s, LinkType::LinuxCooked2));
    ASSERT_TRUE(file.flush().has_value());
    EXPECT_EQ(file.size(), fs::file_size(path));

    const ReadCapture early = readCapture(contentOf(path));
    EXPECT_EQ(early.error, "");
    ASSERT_EQ(early.packets.size(), 3u);
    EXPECT_EQ(early.packets[2].link, LinkType::LinuxCooked2);
    EXPECT_EQ(early.facts.comments.at(0).text, "expected a 200");
    EXPECT_EQ(early.facts.names.size(), 1u);
    EXPECT_FALSE(early.facts.dropped().has_value());
    ASSERT_TRUE(file.finish(7).has_value());
    EXPECT_EQ(readCapture(contentOf(path)).facts.dropped(), 7u);
    EXPECT_EQ(readCapture(contentOf(path)).facts.interfaces.at(1).name, "eth0");
}

TEST(CaptureFileTest, MakesAnExistingFileItsOwn)
{
    const TemporaryFolder folder;
    const std::string path = folder / "a.pcapng";
    std::ofstream{path} << std::string(100'000, 'x');
    ::chmod(path.c_str(), 0644);
    ASSERT_TRUE(CaptureFile::create(path, aHeader())->finish(0).has_value());
    EXPECT_EQ(modeOf(path), 0600u);
    EXPECT_EQ(readCapture(contentOf(path)).error, "");
}

TEST(CaptureFileTest, SaysWhyItCannotBeWritten)
{
    const auto absent = CaptureFile::create("/nonexistent/a.pcapng", {});
    ASSERT_FALSE(absent.has_value());
    EXPECT_EQ(absent.error().detail, "cannot write /nonexistent/a.pcapng: No such file or directory");
    EXPECT_EQ(CaptureFile::create("/", {}).error().detail, "cannot write /: Is a directory");
    EXPECT_EQ(CaptureFile::create("/dev/full", {}).error().detail,
              "cannot write /dev/full: No space left on device");
}

// A limit of the file's size stands for a full disk: it, too, takes the first half of a write.
TEST(CaptureFileTest, LeavesWholeBlocksWhenTheDiskIsFull)
{
    const TemporaryFolder folder;
    const std::string path = folder / "a.pcapng";
    auto file = CaptureFile::create(path, aHeader()).value();
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const rlimit small{10'000, before.rlim_max};
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &small);
    std::size_t packets = 0;
    for (; file.flush().has_value() && packets < 1000; ++packets)
        file.packetSeen(aPacket(std::string(999, 'x')));
    file.packetSeen(aPacket("later"));
    const auto finished = file.finish(0);
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);

    ASSERT_FALSE(finished.has_value());
    EXPECT_EQ(finished.error().detail, "cannot write " + path + ": File too large");
    const ReadCapture read = readCapture(contentOf(path));
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.packets.size(), packets - 1);
    EXPECT_EQ(packets, 10u);
}

std::set<std::string> namesIn(const TemporaryFolder& folder)
{
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator{folder.path()})
        names.insert(entry.path().filename().string());
    return names;
}

TEST(CaptureRingTest, IsOneFileOfThatNameWithoutLimits)
{
    const TemporaryFolder folder;
    auto ring = CaptureRing::create(folder / "a.pcapng", aHeader(), {}).value();
    for (int i = 0; i < 1000; ++i)
        ring.packetSeen(aPacket(std::string(1000, 'x'), i * 1h));
    ASSERT_TRUE(ring.finish().has_value());
    EXPECT_EQ(namesIn(folder), std::set<std::string>{"a.pcapng"});
    EXPECT_EQ(ring.packets(), 1000u);
}

TEST(CaptureRingTest, BeginsTheNextFileBySizeAndKeepsTheLast)
{
    const TemporaryFolder folder;
    RingLimits limits;
    limits.fileBytes = 5000;
    limits.files = 3;
    auto ring = CaptureRing::create(folder / "a.pcapng", aHeader(), limits).value();
    for (int i = 0; i < 40; ++i)
        ring.packetSeen(aPacket(std::string(1000, static_cast<char>('A' + i)), i * 1s));
    ring.packetSeen(aPacket(std::string(20'000, 'L'), 100s));
    ring.packetSeen(aPacket("after", 101s));
    ASSERT_TRUE(ring.finish().has_value());
    EXPECT_EQ(ring.packets(), 42u);
    EXPECT_EQ(ring.filesKept(), 3u);
    EXPECT_EQ(namesIn(folder),
              (std::set<std::string>{"a-000010.pcapng", "a-000011.pcapng", "a-000012.pcapng"}));

    const ReadCapture full = readCapture(contentOf(folder / "a-000010.pcapng"));
    EXPECT_EQ(full.error, "");
    EXPECT_EQ(full.packets.size(), 4u);
    EXPECT_EQ(full.packets.at(3).bytes.front(), 'A' + 39);
    EXPECT_LE(fs::file_size(folder / "a-000010.pcapng"), 5000u);
    EXPECT_EQ(full.facts.names.size(), 1u) << "every file names the phones";
    EXPECT_EQ(readCapture(contentOf(folder / "a-000011.pcapng")).packets.size(), 1u)
        << "larger than a file may be";
    EXPECT_EQ(readCapture(contentOf(folder / "a-000012.pcapng")).packets.at(0).bytes, "after");
}

TEST(CaptureRingTest, BeginsTheNextFileByAge)
{
    const TemporaryFolder folder;
    RingLimits limits;
    limits.fileAge = 60s;
    auto ring = CaptureRing::create(folder / "a", aHeader(), limits).value();
    for (const auto at : {0s, 59s, 60s, 61s, 500s})
        ring.packetSeen(aPacket("x", 1000s + at));
    ASSERT_TRUE(ring.finish().has_value());
    EXPECT_EQ(readCapture(contentOf(folder / "a-000001")).packets.size(), 2u);
    EXPECT_EQ(readCapture(contentOf(folder / "a-000002")).packets.size(), 2u);
    EXPECT_EQ(readCapture(contentOf(folder / "a-000003")).packets.size(), 1u);
    EXPECT_EQ(namesIn(folder).size(), 3u);
}

TEST(CaptureRingTest, GoesOnFromNumbersThatAreThereAndRemovesOnlyItsOwn)
{
    const TemporaryFolder folder;
    for (const char* other : {"a-000007.pcapng", "a-000099.pcap", "a-x00100.pcapng", "b-000100.pcapng"})
        std::ofstream{folder / other} << "other";
    RingLimits limits;
    limits.fileAge = 1s;
    limits.files = 1;
    auto ring = CaptureRing::create(folder / "a.pcapng", aHeader(), limits).value();
    for (int i = 0; i < 5; ++i)
        ring.packetSeen(aPacket("x", i * 1s));
    ASSERT_TRUE(ring.finish().has_value());
    EXPECT_EQ(namesIn(folder), (std::set<std::string>{"a-000007.pcapng", "a-000012.pcapng", "a-000099.pcap",
                                                      "a-x00100.pcapng", "b-000100.pcapng"}));
}

TEST(CaptureRingTest, TellsInEachFileWhatWasLostWhileItWasWritten)
{
    const TemporaryFolder folder;
    RingLimits limits;
    limits.fileAge = 1s;
    auto ring = CaptureRing::create(folder / "a", aHeader(), limits).value();
    ring.packetSeen(aPacket("x", 0s));
    ring.noteDropped(5);
    ring.packetSeen(aPacket("x", 1s));
    ring.noteDropped(7);
    ASSERT_TRUE(ring.finish().has_value());
    EXPECT_EQ(readCapture(contentOf(folder / "a-000001")).facts.dropped(), 5u);
    EXPECT_EQ(readCapture(contentOf(folder / "a-000002")).facts.dropped(), 2u);
}

TEST(CaptureRingTest, EndsWithTheFirstFileItCannotWrite)
{
    const TemporaryFolder folder;
    RingLimits limits;
    limits.fileAge = 1s;
    auto ring = CaptureRing::create(folder / "a", aHeader(), limits).value();
    ring.packetSeen(aPacket("x", 0s));
    fs::create_directory(folder / "a-000002");
    ring.packetSeen(aPacket("x", 1s));
    ring.packetSeen(aPacket("x", 2s));
    EXPECT_TRUE(ring.failed());
    EXPECT_EQ(ring.packets(), 1u);
    EXPECT_EQ(ring.finish().error().detail, "cannot write " + (folder / "a-000002") + ": Is a directory");
}

}  // namespace
}  // namespace hwbridge
