#include "scenarios/report/ladder.hpp"

#include "tests/scenarios/report/report_case.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using emulator::EventKind;
using emulator::FieldName;
using emulator::Observer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using Fields = ReportCase::Fields;

std::size_t count(const std::string& text, const std::string& what)
{
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
        ++found;
    return found;
}

std::vector<std::string> texts(const Ladder& ladder)
{
    std::vector<std::string> all;
    for (const LadderRow& row : ladder.rows)
        all.push_back(row.text);
    return all;
}

// Heights of the lit stripes of the LED's bar, from top to bottom.
std::vector<int> stripes(const std::string& svg, const std::string& kind)
{
    const std::regex form{"<rect class=\"" + kind + "\"[^>]* height=\"([0-9]+)\"/>"};
    std::vector<int> heights;
    for (std::sregex_iterator one{svg.begin(), svg.end(), form}, end; one != end; ++one)
        heights.push_back(std::stoi((*one)[1]));
    return heights;
}

TEST(LadderDrawingTest, HasOneArrowPerMessage)
{
    ReportCase a;
    a.sent(EventKind::HttpRequest, 0ms, {{FieldName::Method, "GET"}, {FieldName::Target, "/basic.txt"}});
    a.got(EventKind::HttpResponse, 1ms,
          {{FieldName::Status, 200}, {FieldName::Reason, "OK"}, {FieldName::Bytes, 1234}});
    a.noted(EventKind::PhoneState, 2ms, {{FieldName::State, "idle"}});
    const Ladder ladder = ladderOf(a.result, PhoneNumber{0});
    EXPECT_THAT(texts(ladder), ElementsAre("GET /basic.txt", "200 OK, 1.2 kB", "idle"));
    const std::string svg = ladderSvg(ladder);
    EXPECT_EQ(count(svg, "<line class=\"arrow "), 2u);
    EXPECT_EQ(count(svg, "<path class=\"tip "), 2u);
    EXPECT_TRUE(isWellFormed(svg));
}

TEST(LadderDrawingTest, CrossesOutAnAnswerThatNeverCame)
{
    ReportCase a;
    a.got(EventKind::HttpResponse, 0ms, {{FieldName::Error, "connection refused"}});
    const Ladder ladder = ladderOf(a.result, PhoneNumber{0});
    EXPECT_TRUE(ladder.rows.at(0).lost);
    const std::string svg = ladderSvg(ladder);
    EXPECT_THAT(svg, HasSubstr("class=\"cross\""));
    EXPECT_THAT(svg, Not(HasSubstr("class=\"tip")));
}

TEST(LadderDrawingTest, NamesTheBlocksThatAreFolded)
{
    ReportCase a;
    for (std::int64_t block = 1; block <= 58; ++block) {
        a.got(EventKind::TftpData, 1ms * block, {{FieldName::Block, block}, {FieldName::Bytes, 512}});
        a.sent(EventKind::TftpAck, 1ms * block, {{FieldName::Block, block}});
    }
    const std::string svg = ladderSvg(ladderOf(a.result, PhoneNumber{0}));
    EXPECT_THAT(svg, HasSubstr("data 2\xe2\x80\xa6"
                               "57 and acks"));
    EXPECT_EQ(count(svg, "<line class=\"arrow "), 5u);
}

TEST(LadderDrawingTest, SaysHowLongNothingHappened)
{
    ReportCase a;
    a.noted(EventKind::PhoneState, 0ms, {{FieldName::State, "booting"}});
    a.noted(EventKind::PhoneState, 100ms, {{FieldName::State, "waiting"}});
    a.noted(EventKind::PhoneState, 100ms + 26h, {{FieldName::State, "idle"}});
    const std::string svg = ladderSvg(ladderOf(a.result, PhoneNumber{0}));
    EXPECT_EQ(count(svg, "class=\"gone\""), 1u);
    EXPECT_THAT(svg, HasSubstr(">1 d 2 h</text>"));
    EXPECT_TRUE(isWellFormed(svg));
}

TEST(LadderDrawingTest, DrawsTheBlinkingAsLongAsItsBeats)
{
    const auto blinking = [](const char* pattern) {
        ReportCase a;
        a.noted(EventKind::PhoneLed, 0ms, {{FieldName::Led, "mute"}, {FieldName::State, pattern}});
        a.noted(EventKind::PhoneLed, 4s, {{FieldName::Led, "mute"}, {FieldName::State, "off"}});
        return ladderSvg(ladderOf(a.result, PhoneNumber{0}));
    };
    // The row itself, then 24 pixels a second: 1 s on, 1 s off, 1 s on, 1 s off.
    EXPECT_THAT(stripes(blinking("slow blink"), "slow"), ElementsAre(20, 24, 24));
    // 0.2 s on, 0.2 s off, 0.2 s on, 1.4 s off, twice.
    EXPECT_THAT(stripes(blinking("fast blink"), "fast"), ElementsAre(20, 5, 5, 5, 5));
    EXPECT_THAT(stripes(blinking("off"), "slow"), ElementsAre());
}

TEST(LadderDrawingTest, ShowsBeginningAndEndOfALongBlinking)
{
    ReportCase a;
    a.noted(EventKind::PhoneLed, 0ms, {{FieldName::Led, "mute"}, {FieldName::State, "slow blink"}});
    a.noted(EventKind::PhoneLed, 24h, {{FieldName::Led, "mute"}, {FieldName::State, "off"}});
    const std::string svg = ladderSvg(ladderOf(a.result, PhoneNumber{0}));
    EXPECT_EQ(count(svg, "class=\"crack\""), 2u);
    EXPECT_LT(svg.size(), 8'000u);
    EXPECT_TRUE(isWellFormed(svg));
}

TEST(LadderTest, PutsAllBrowsersOnOneLane)
{
    ReportCase a;
    for (std::uint16_t port = 40000; port < 40020; ++port) {
        const emulator::Endpoint browser{{0x7f000001}, port};
        a.event(EventKind::HttpRequest, 0ms, browser, a.phoneAt(),
                {{FieldName::Method, "GET"}, {FieldName::Target, "/"}}, Observer::Phone, port);
        a.event(EventKind::HttpResponse, 0ms, a.phoneAt(), browser,
                {{FieldName::Status, 200}, {FieldName::Reason, "OK"}}, Observer::Phone, port);
    }
    const Ladder ladder = ladderOf(a.result, PhoneNumber{0});
    EXPECT_THAT(ladder.lanes, ElementsAre("phone1", "tftp", "browser"));
    EXPECT_FALSE(ladder.rows.at(0).toPeer);
    EXPECT_EQ(ladder.rows.at(0).peer, 2u);
    EXPECT_TRUE(ladder.rows.at(1).toPeer);
    EXPECT_EQ(ladder.rows.at(1).peer, 2u);
}

TEST(LadderTest, HasFewLanesHoweverManyEndsThereAre)
{
    ReportCase a;
    for (std::uint32_t i = 0; i < 500; ++i)
        a.event(EventKind::HttpRequest, 0ms, a.phoneAt(), {{0xcb007100 + i}, 80},
                {{FieldName::Method, "GET"}, {FieldName::Target, "/"}}, Observer::Phone, i);
    EXPECT_LE(ladderOf(a.result, PhoneNumber{0}).lanes.size(), 8u);
}

TEST(LadderTest, FoldsTheParametersOfALargeProfile)
{
    ReportCase a;
    for (int i = 0; i < 1400; ++i)
        a.noted(EventKind::PhoneParam, 0ms, {{FieldName::Param, "GPP_A"}, {FieldName::Value, "1"}});
    EXPECT_THAT(texts(ladderOf(a.result, PhoneNumber{0})),
                ElementsAre("GPP_A = 1", "GPP_A = 1", "GPP_A = 1", "1397 more parameters"));
}

TEST(LadderTest, LeavesOutTheMiddleSoThatTheEndIsSeen)
{
    ReportCase a;
    for (int i = 0; i < 5000; ++i)
        a.sent(EventKind::TftpRead, 1s * i, {{FieldName::File, std::to_string(i)}});
    const Ladder ladder = ladderOf(a.result, PhoneNumber{0});
    ASSERT_EQ(ladder.rows.size(), maxLadderRows);
    EXPECT_EQ(ladder.left, 4700u);
    EXPECT_EQ(ladder.rows.front().text, "read 0");
    EXPECT_EQ(ladder.rows.back().text, "read 4999");
    EXPECT_EQ(ladder.rows.at(ladder.cut).text, "read 4900");
    const std::string svg = ladderSvg(ladder);
    EXPECT_THAT(svg, HasSubstr("4700 lines are left out here"));
    EXPECT_TRUE(isWellFormed(svg));
}

TEST(LadderTest, DoesNotRepeatWhoASyslogLineIsFrom)
{
    ReportCase a;
    a.sent(EventKind::SyslogMessage, 0ms,
           {{FieldName::Text, "Jan  1 00:00:00 CP-7832-3PCC 00:0e:08:00:00:01 -- Successful resync"}});
    EXPECT_THAT(texts(ladderOf(a.result, PhoneNumber{0})), ElementsAre("Successful resync"));
}

}  // namespace
}  // namespace scenarios
