#include "emulator/protocol/syslog_message.hpp"

#include "tests/emulator/protocol/random_bytes.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using testing::StartsWith;

WallTime at(std::string_view text)
{
    return parseWallTime(text).value();
}

TEST(SyslogMessageTest, PutsTheIdentifierDirectlyAfterTheTimeStamp)
{
    COVERS("SYSLOG-IDENT-POSITION");
    EXPECT_EQ(encode(SyslogMessage{.at = at("2026-11-21T09:02:03Z"),
                                   .identifier = "c4b9cd811e29",
                                   .text = "Requesting resync"}),
              "<133>Nov 21 09:02:03 c4b9cd811e29 Requesting resync");
}

TEST(SyslogMessageTest, HasNothingBetweenTimeStampAndTextWithoutIdentifier)
{
    EXPECT_EQ(encode(SyslogMessage{.at = at("2026-11-21T23:59:59Z"), .text = "text"}),
              "<133>Nov 21 23:59:59 text");
}

TEST(SyslogMessageTest, PadsTheDayOfTheMonthWithASpace)
{
    EXPECT_EQ(encode(SyslogMessage{
                  .severity = SyslogSeverity::Emergency, .at = at("2027-02-03T00:00:00Z"), .text = "x"}),
              "<128>Feb  3 00:00:00 x");
    EXPECT_EQ(encode(SyslogMessage{
                  .severity = SyslogSeverity::Debug, .at = at("2024-12-31T10:20:30Z"), .text = "x"}),
              "<135>Dec 31 10:20:30 x");
}

TEST(SyslogMessageTest, SendsControlCharactersAsSpaces)
{
    EXPECT_EQ(encode(SyslogMessage{
                  .at = at("2026-01-01T00:00:00Z"), .identifier = "a\tb", .text = "one\r\ntwo\x7f"}),
              "<133>Jan  1 00:00:00 a b one  two ");
}

TEST(SyslogMessageTest, CutsLongTextAndIdentifiers)
{
    const std::string text(5000, 'x');
    const WallTime now = at("2026-01-01T00:00:00Z");
    EXPECT_EQ(encode(SyslogMessage{.at = now, .text = text}).size(), maxSyslogBytes);
    EXPECT_EQ(encode(SyslogMessage{.at = now, .identifier = text, .text = text}).size(), maxSyslogBytes);
    EXPECT_THAT(encode(SyslogMessage{.at = now, .text = text}), StartsWith("<133>Jan  1 00:00:00 xxx"));
}

TEST(SyslogDatagramTest, TakesThePriorityOff)
{
    const SyslogDatagram read = decodeSyslog("<133>Nov 21 09:02:03 hello");
    EXPECT_EQ(read.facility, 16);
    EXPECT_EQ(read.severity, SyslogSeverity::Notice);
    EXPECT_EQ(read.text, "Nov 21 09:02:03 hello");
    EXPECT_EQ(decodeSyslog("<0>x").severity, SyslogSeverity::Emergency);
    EXPECT_EQ(decodeSyslog("<191>x").facility, 23);
    EXPECT_EQ(decodeSyslog("<13>").text, "");
}

TEST(SyslogDatagramTest, TakesADatagramWithoutPriorityAsText)
{
    for (const std::string_view bytes :
         {"", "<", "<>x", "<1", "<133", "<192>x", "<1333>x", "<013>x", "<1a>x", "hello"}) {
        const SyslogDatagram read = decodeSyslog(bytes);
        EXPECT_EQ(read.text, bytes);
        EXPECT_EQ(read.facility, 1);
        EXPECT_EQ(read.severity, SyslogSeverity::Notice);
    }
}

TEST(SyslogDatagramTest, SurvivesGarbage)
{
    RandomBytes random{4};
    for (int round = 0; round < 20000; ++round) {
        const std::string bytes = random.damaged("<133>Nov 21 09:02:03 hello", 4);
        ASSERT_LE(decodeSyslog(bytes).text.size(), bytes.size());
    }
}

}  // namespace
}  // namespace emulator
