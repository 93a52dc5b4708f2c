#include "tests/hwbridge/decode/described.hpp"
#include "tests/hwbridge/decode/sample_messages.hpp"

#include <gmock/gmock.h>

namespace hwbridge {

using testing::HasSubstr;
using testing::Not;

namespace {

constexpr std::string_view syslogPhone = "192.168.1.5:40002";
constexpr std::string_view syslogServer = "192.168.1.1:514";
constexpr std::string_view elsewhere = "192.168.1.1:34567";

}  // namespace

TEST(SyslogDatagramTest, DescribesAPhonesLine)
{
    const Described seen =
        Wire{}.udp(syslogPhone, elsewhere, "<134>Nov  7 04:00:00 CP-7832-3PCC 00:0e:08:00:00:01 -- up");
    EXPECT_EQ(seen.kind(), EventKind::SyslogMessage);
    EXPECT_EQ(seen.number(FieldName::Facility), 16);
    EXPECT_EQ(seen.number(FieldName::Severity), 6);
    EXPECT_EQ(seen.text(FieldName::Timestamp), "Nov  7 04:00:00");
    EXPECT_EQ(seen.text(FieldName::Text), "Nov  7 04:00:00 CP-7832-3PCC 00:0e:08:00:00:01 -- up");
    EXPECT_EQ(seen.text(FieldName::Raw), "<134>Nov  7 04:00:00 CP-7832-3PCC 00:0e:08:00:00:01 -- up");
    EXPECT_FALSE(seen.has(FieldName::Version));
}

TEST(SyslogDatagramTest, DescribesTheHeadOfRfc5424)
{
    const Described seen = Wire{}.udp(syslogPhone, elsewhere,
                                      "<165>1 2026-11-27T04:00:00.003Z host.example.org app - ID47 - hello");
    EXPECT_EQ(seen.text(FieldName::Version), "1");
    EXPECT_EQ(seen.text(FieldName::Timestamp), "2026-11-27T04:00:00.003Z");
    EXPECT_EQ(seen.text(FieldName::Hostname), "host.example.org");
    EXPECT_EQ(seen.text(FieldName::Identifier), "app");
    const Described nil = Wire{}.udp(syslogPhone, elsewhere, "<165>1 - - app - - - hello");
    EXPECT_FALSE(nil.has(FieldName::Timestamp));
    EXPECT_FALSE(nil.has(FieldName::Hostname));
    EXPECT_EQ(nil.text(FieldName::Identifier), "app");
}

TEST(SyslogDatagramTest, KnowsNoTimeWhereThereIsNone)
{
    for (const std::string_view text :
         {"<134>", "<134>up", "<134>Now 27 04:00:00", "<134>Nov 27 04-00-00 x", "<134>an 27 04:00:00 x",
          "<134> an 27 04:00:00", "<134>1 soon host app"})
        EXPECT_FALSE(Wire{}.udp(syslogPhone, syslogServer, text).has(FieldName::Timestamp)) << text;
}

TEST(SyslogDatagramTest, TakesAnythingAtItsPortAndPriElsewhere)
{
    EXPECT_EQ(Wire{}.udp(syslogPhone, syslogServer, "anything").kind(), EventKind::SyslogMessage);
    EXPECT_EQ(Wire{}.udp(syslogPhone, syslogServer, "").kind(), EventKind::SyslogMessage);
    for (const std::string_view other :
         {"anything", "<134>", "<192>text", "<1234>text", "<>text", "<x>text", "<13", "<13>\x01"})
        EXPECT_EQ(Wire{}.udp(syslogPhone, elsewhere, other).outcome(), Outcome::Unknown) << other;
    EXPECT_EQ(Wire{}.udp(syslogPhone, elsewhere, "<0>text").number(FieldName::Severity), 0);
    EXPECT_EQ(Wire{}.udp(syslogPhone, elsewhere, "<191>text").number(FieldName::Severity), 7);
}

TEST(SyslogDatagramTest, ShowsNoSecretAndNumbersEveryLine)
{
    Wire wire;
    const std::string line = "<134>Nov 27 04:00:00 Requesting resync http://u:hunter2@h/a";
    const Described first = wire.udp(syslogPhone, syslogServer, line);
    const Described second = wire.udp(syslogPhone, syslogServer, line);
    EXPECT_THAT(first.text(FieldName::Raw), Not(HasSubstr("hunter2")));
    EXPECT_THAT(first.text(FieldName::Text), Not(HasSubstr("hunter2")));
    EXPECT_EQ(first.text(FieldName::Timestamp), "Nov 27 04:00:00");
    EXPECT_NE(second.exchange(), first.exchange());
}

}  // namespace hwbridge
