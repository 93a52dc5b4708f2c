#include "tests/hwbridge/decode/described.hpp"
#include "tests/hwbridge/decode/sample_messages.hpp"

#include "emulator/protocol/tftp_packet.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>
#include <vector>

namespace hwbridge {

using namespace std::chrono_literals;
using testing::MatchesRegex;

namespace {

constexpr std::string_view tftpPhone = "192.168.1.5:40001";
constexpr std::string_view asked = "192.168.1.1:6969";        // a server at a port of its own choice
constexpr std::string_view tftpServer = "192.168.1.1:51000";  // where it answers from

std::string read(TftpOptions options = {}, std::string file = "spa.cfg")
{
    return encode(TftpRead{std::move(file), "octet", std::move(options)});
}

std::string data(unsigned block, std::size_t bytes = 512)
{
    static const std::string content(70000, 'x');
    return encode(TftpData{static_cast<std::uint16_t>(block), std::string_view{content}.substr(0, bytes)});
}

std::string ack(unsigned block)
{
    return encode(TftpAck{static_cast<std::uint16_t>(block)});
}

}  // namespace

TEST(TftpTransfersTest, FollowsATransferToThePortThatAnswered)
{
    Wire wire;
    const Described request = wire.udp(tftpPhone, asked, read());
    EXPECT_EQ(request.kind(), EventKind::TftpRead);
    EXPECT_EQ(request.text(FieldName::File), "spa.cfg");
    EXPECT_EQ(request.text(FieldName::Mode), "octet");
    const Described first = wire.pass(1ms).udp(tftpServer, tftpPhone, data(1));
    EXPECT_EQ(first.kind(), EventKind::TftpData);
    EXPECT_EQ(first.number(FieldName::Block), 1);
    EXPECT_EQ(first.number(FieldName::Bytes), 512);
    const Described acknowledged = wire.pass(1ms).udp(tftpPhone, tftpServer, ack(1));
    wire.udp(tftpServer, tftpPhone, data(2, 100));
    const Described last = wire.pass(3ms).udp(tftpPhone, tftpServer, ack(2));
    for (const Described* one : {&first, &acknowledged, &last}) {
        EXPECT_EQ(one->exchange(), request.exchange());
        EXPECT_EQ(one->repeat(), 0);
    }
    EXPECT_FALSE(acknowledged.has(FieldName::Took));
    EXPECT_EQ(last.number(FieldName::Took), 5000);
    EXPECT_EQ(last.number(FieldName::Total), 612);
    EXPECT_EQ(last.number(FieldName::Resent), 0);
}

TEST(TftpTransfersTest, LeavesOtherPortsOfTheServerAlone)
{
    Wire wire;
    wire.udp(tftpPhone, asked, read());
    wire.udp(tftpServer, tftpPhone, data(1));
    EXPECT_EQ(wire.udp("192.168.1.1:51001", tftpPhone, data(1)).outcome(), Outcome::Unknown);
    EXPECT_EQ(wire.udp(tftpServer, "192.168.1.5:40009", data(1)).outcome(), Outcome::Unknown);
    EXPECT_EQ(wire.udp("192.168.1.7:51000", tftpPhone, data(1)).outcome(), Outcome::Unknown);
}

TEST(TftpTransfersTest, CountsWhatComesAgain)
{
    Wire wire;
    wire.udp(tftpPhone, asked, read());
    EXPECT_EQ(wire.pass(1s).udp(tftpPhone, asked, read()).repeat(), 1);
    wire.udp(tftpServer, tftpPhone, data(1));
    EXPECT_EQ(wire.pass(1s).udp(tftpServer, tftpPhone, data(1)).repeat(), 1);
    EXPECT_EQ(wire.pass(2s).udp(tftpServer, tftpPhone, data(1)).repeat(), 2);
    wire.udp(tftpPhone, tftpServer, ack(1));
    EXPECT_EQ(wire.udp(tftpPhone, tftpServer, ack(1)).repeat(), 1);
    wire.udp(tftpServer, tftpPhone, data(2, 0));
    const Described last = wire.udp(tftpPhone, tftpServer, ack(2));
    EXPECT_EQ(last.repeat(), 0);
    EXPECT_EQ(last.number(FieldName::Resent), 4);
    EXPECT_EQ(last.number(FieldName::Total), 512);
}

TEST(TftpTransfersTest, KnowsAnotherTransferOfTheSamePort)
{
    Wire wire;
    const Described first = wire.udp(tftpPhone, asked, read());
    wire.udp(tftpServer, tftpPhone, data(1, 10));
    wire.udp(tftpPhone, tftpServer, ack(1));
    const Described second = wire.udp(tftpPhone, asked, read());
    EXPECT_NE(second.exchange(), first.exchange());
    EXPECT_EQ(second.repeat(), 0);
    const Described other = wire.udp(tftpPhone, asked, read({}, "other.cfg"));
    EXPECT_NE(other.exchange(), second.exchange());
    EXPECT_NE(wire.pass(61s).udp(tftpPhone, asked, read({}, "other.cfg")).exchange(), other.exchange());
}

TEST(TftpTransfersTest, TakesTheBlockSizeThatWasGranted)
{
    Wire wire;
    const Described request = wire.udp(tftpPhone, asked, read({{"blksize", "1428"}, {"tsize", "0"}}));
    EXPECT_EQ(request.text(FieldName::Text), "blksize=1428 tsize=0");
    const Described granted =
        wire.udp(tftpServer, tftpPhone, encode(TftpOack{{{"tsize", "1500"}, {"BLKSIZE", "1024"}}}));
    EXPECT_EQ(granted.kind(), EventKind::TftpOack);
    EXPECT_EQ(granted.text(FieldName::Text), "tsize=1500 BLKSIZE=1024");
    wire.udp(tftpPhone, tftpServer, ack(0));
    wire.udp(tftpServer, tftpPhone, data(1, 1024));
    EXPECT_FALSE(wire.udp(tftpPhone, tftpServer, ack(1)).has(FieldName::Total));
    wire.udp(tftpServer, tftpPhone, data(2, 476));
    EXPECT_EQ(wire.udp(tftpPhone, tftpServer, ack(2)).number(FieldName::Total), 1500);
}

TEST(TftpTransfersTest, CountsAWindowThatIsSentAgain)
{
    Wire wire;
    wire.udp(tftpPhone, asked, read({{"windowsize", "4"}}));
    wire.udp(tftpServer, tftpPhone, encode(TftpOack{{{"windowsize", "4"}}}));
    for (const unsigned block : {1u, 2u, 3u, 4u})
        EXPECT_EQ(wire.udp(tftpServer, tftpPhone, data(block)).repeat(), 0);
    for (const unsigned block : {1u, 2u, 3u, 4u})
        EXPECT_EQ(wire.udp(tftpServer, tftpPhone, data(block)).repeat(), 1);
    EXPECT_EQ(wire.udp(tftpServer, tftpPhone, data(3)).repeat(), 2);
}

TEST(TftpTransfersTest, GoesOnWhenBlockNumbersBeginAnew)
{
    Wire wire;
    wire.udp(tftpPhone, asked, read());
    for (unsigned block = 1; block < 65540; ++block)
        ASSERT_EQ(wire.udp(tftpServer, tftpPhone, data(block & 0xffff)).repeat(), 0) << block;
    wire.udp(tftpServer, tftpPhone, data(65540 & 0xffff, 1));
    EXPECT_EQ(wire.udp(tftpPhone, tftpServer, ack(65540 & 0xffff)).number(FieldName::Total),
              65539ll * 512 + 1);
}

TEST(TftpTransfersTest, EndsWithAnError)
{
    Wire wire;
    const Described request = wire.udp(tftpPhone, asked, read());
    const Described failed = wire.pass(2ms).udp(
        tftpServer, tftpPhone, encode(TftpError{TftpErrorCode::FileNotFound, "File not found"}));
    EXPECT_EQ(failed.kind(), EventKind::TftpError);
    EXPECT_EQ(failed.number(FieldName::Code), 1);
    EXPECT_EQ(failed.text(FieldName::Text), "File not found");
    EXPECT_EQ(failed.exchange(), request.exchange());
    EXPECT_EQ(failed.number(FieldName::Took), 2000);
    EXPECT_EQ(failed.number(FieldName::Total), 0);
}

TEST(TftpTransfersTest, FollowsAWriteToo)
{
    Wire wire;
    const Described request = wire.udp(tftpPhone, asked, encode(TftpWrite{"log.txt", "octet", {}}));
    EXPECT_EQ(request.kind(), EventKind::TftpWrite);
    wire.udp(tftpServer, tftpPhone, ack(0));
    EXPECT_EQ(wire.udp(tftpPhone, tftpServer, data(1, 9)).exchange(), request.exchange());
    EXPECT_EQ(wire.udp(tftpServer, tftpPhone, ack(1)).number(FieldName::Total), 9);
}

TEST(TftpTransfersTest, KnowsARequestByItsBytesAtAnyPort)
{
    Wire wire;
    EXPECT_EQ(Wire{}.udp(tftpPhone, "192.168.1.1:40000", encode(TftpRead{"a", "netascii", {}})).kind(),
              EventKind::TftpRead);
    const auto outcome = [&](const std::string& bytes) {
        return wire.udp(tftpPhone, "192.168.1.1:40001", bytes).outcome();
    };
    EXPECT_EQ(outcome(encode(TftpRead{"a", "strange", {}})), Outcome::Unknown);
    EXPECT_EQ(outcome(encode(TftpRead{"", "octet", {}})), Outcome::Unknown);
    EXPECT_EQ(outcome(Bytes{}.u16(1).text("no end").string()), Outcome::Unknown);
    EXPECT_EQ(outcome(data(1)), Outcome::Unknown);
    EXPECT_EQ(wire.udp(tftpPhone, "192.168.1.1:69", encode(TftpRead{"a", "strange", {}})).kind(),
              EventKind::TftpRead);
}

TEST(TftpTransfersTest, SaysWhatIsWrong)
{
    Wire wire;
    EXPECT_EQ(wire.udp(tftpPhone, "192.168.1.1:69", "x").note(),
              "tftp: found TFTP packet of 1 bytes; expected at least 2");
    wire.udp(tftpPhone, asked, read());
    EXPECT_EQ(wire.udp(tftpServer, tftpPhone, Bytes{}.u16(3).u8(0).string()).note(),
              "tftp: found TFTP data packet without a block number");
}

TEST(TftpTransfersTest, ShowsNoSecretOfAFileName)
{
    EXPECT_THAT(Wire{}.udp(tftpPhone, asked, read({}, "a.cfg?password=hunter2")).text(FieldName::File),
                MatchesRegex("a.cfg\\?password=secret-[0-9a-f]*"));
}

TEST(TftpTransfersTest, RemembersManyTransfersInBoundedMemory)
{
    Wire wire;
    const auto client = [](unsigned i) { return fmt::format("10.{}.{}.5:40000", i / 250, i % 250); };
    std::vector<std::uint32_t> numbers;
    for (unsigned i = 0; i < 40000; ++i)
        numbers.push_back(wire.pass(1us).udp(client(i), asked, read()).exchange());
    EXPECT_EQ(std::set<std::uint32_t>(numbers.begin(), numbers.end()).size(), 40000u);
    // The newest are known; those that were quiet longest are forgotten.
    EXPECT_EQ(wire.udp(tftpServer, client(39999), data(1)).exchange(), numbers.back());
    EXPECT_EQ(wire.udp(tftpServer, client(0), data(1)).outcome(), Outcome::Unknown);
}

}  // namespace hwbridge
