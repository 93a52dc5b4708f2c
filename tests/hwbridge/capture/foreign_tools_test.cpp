// Files that Wireshark's tools and tcpdump write, read by us.

#include "hwbridge/capture/pcapng_writer.hpp"
#include "tests/hwbridge/capture/capture_bytes.hpp"
#include "tests/hwbridge/capture/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace hwbridge {
namespace {

class ForeignToolsTest : public testing::Test {
protected:
    void SetUp() override
    {
        if (!runs("command -v editcap mergecap tcpdump tshark"))
            GTEST_SKIP() << "editcap, mergecap, tshark or tcpdump is missing; install tshark and tcpdump";
        PcapngWriter writer;
        writer.addInterface({.name = "eth0"});
        writer.addNames({{{0x0a000001}, "000e08000001.phonerig"}});
        for (std::int64_t i = 0; i < 300; ++i) {
            const std::string bytes(60 + static_cast<std::size_t>(i), static_cast<char>(i));
            Packet packet;
            packet.at =
                WallNanoseconds{std::chrono::nanoseconds{1'700'000'000'000'000'000 + i * 1'234'567'891}};
            packet.bytes = bytes;
            packet.wireLength = static_cast<std::uint32_t>(bytes.size() + (i % 7 == 0 ? 100 : 0));
            writer.addPacket(0, packet, i == 6 ? "the seventh" : "");
        }
        std::ofstream{m_folder / "ours.pcapng"} << writer.bytes();
        m_ours = readCapture(writer.bytes()).packets;
    }

    bool runs(const std::string& command)
    {
        const std::string path = "PATH=\"$PATH:/usr/sbin:/sbin\"; cd '" + m_folder.path().string() + "'; ";
        return std::system((path + command + " >/dev/null 2>&1").c_str()) == 0;
    }

    // What a tool made of our packets, with times to `unit` nanoseconds.
    void expectOurs(const std::string& name, std::int64_t unit)
    {
        const ReadCapture read = readCapture(contentOf(m_folder / name));
        EXPECT_EQ(read.error, "") << name;
        ASSERT_EQ(read.packets.size(), m_ours.size()) << name;
        for (std::size_t i = 0; i < m_ours.size(); ++i) {
            ASSERT_EQ(read.packets[i].number, i + 1);
            ASSERT_EQ(read.packets[i].at, m_ours[i].at / unit * unit) << name;
            ASSERT_EQ(read.packets[i].bytes, m_ours[i].bytes);
            ASSERT_EQ(read.packets[i].wireLength, m_ours[i].wireLength);
            ASSERT_EQ(read.packets[i].link, LinkType::Ethernet);
        }
    }

    TemporaryFolder m_folder;
    std::vector<SeenPacket> m_ours;
};

TEST_F(ForeignToolsTest, ReadsWhatEditcapWrites)
{
    for (const auto& [format, unit] : {std::pair{"pcap", 1000}, std::pair{"nsecpcap", 1},
                                       std::pair{"modpcap", 1000}, std::pair{"pcapng", 1}}) {
        ASSERT_TRUE(runs(std::string{"editcap -F "} + format + " ours.pcapng theirs")) << format;
        expectOurs("theirs", unit);
    }
    const ReadCapture again = readCapture(contentOf(m_folder / "theirs"));
    EXPECT_EQ(again.facts.comments.at(0).packet, 7u);
    EXPECT_EQ(again.facts.comments.at(0).text, "the seventh");
    EXPECT_EQ(again.facts.interfaces.at(0).name, "eth0");
}

TEST_F(ForeignToolsTest, ReadsWhatTcpdumpWrites)
{
    ASSERT_TRUE(runs("editcap -F nsecpcap ours.pcapng nano && tcpdump -r nano -w theirs"));
    expectOurs("theirs", 1000);
    ASSERT_TRUE(runs("tcpdump --time-stamp-precision=nano -r nano -w theirs"));
    expectOurs("theirs", 1);
}

TEST_F(ForeignToolsTest, ReadsMixedLinksThatMergecapWrites)
{
    ASSERT_TRUE(
        runs("editcap -T linux-sll ours.pcapng sll.pcapng && mergecap -a -w theirs ours.pcapng sll.pcapng"));
    const ReadCapture read = readCapture(contentOf(m_folder / "theirs"));
    EXPECT_EQ(read.error, "");
    ASSERT_EQ(read.packets.size(), 2 * m_ours.size());
    EXPECT_EQ(read.packets.front().link, LinkType::Ethernet);
    EXPECT_EQ(read.packets.back().link, LinkType::LinuxCooked);
    EXPECT_EQ(read.packets.back().bytes, m_ours.back().bytes);
    EXPECT_EQ(read.packets.back().number, 2 * m_ours.size());
}

TEST_F(ForeignToolsTest, ShowsWiresharkNamesAndComments)
{
    EXPECT_TRUE(runs("tshark -r ours.pcapng -Y 'frame.comment == \"the seventh\"' -T fields -e frame.number "
                     "| grep -qx 7"));
    EXPECT_TRUE(runs("tshark -r ours.pcapng -q -z hosts | grep -q '10.0.0.1.*000e08000001.phonerig'"));
}

}  // namespace
}  // namespace hwbridge
