#include "hwbridge/bench/bench_message.hpp"

#include "hwbridge/bench/line_splitter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string whyNot(std::string_view line)
{
    const emulator::Result<ClientMessage> message = readClientMessage(line);
    return message.has_error() ? message.error().detail : "nothing is wrong";
}

struct Line {
    const char* name;
    const char* text;
};
class ClientLineTest : public testing::TestWithParam<Line> {};
class ServerLineTest : public testing::TestWithParam<Line> {};

TEST_P(ClientLineTest, IsReadAndPrintedAlike)
{
    const emulator::Result<ClientMessage> message = readClientMessage(GetParam().text);
    ASSERT_TRUE(message.has_value()) << message.error().detail;
    EXPECT_EQ(print(*message), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, ClientLineTest,
    testing::Values(
        Line{"Hello", R"({"id":1,"do":"hello","version":1,"holder":"me@here","token":"0123456789abcdef"})"},
        Line{"List", R"({"id":2,"do":"list"})"},
        Line{"ListOnceRestored", R"({"id":2,"do":"list","restored":"alice"})"},
        Line{
            "Lease",
            R"({"id":3,"do":"lease","tag":"headset","reason":"nightly","for":9E1,"wait":true,"check":false})"},
        Line{"Withdraw", R"({"id":4,"do":"withdraw","request":3})"},
        Line{"Renew", R"({"id":5,"do":"renew","lease":17})"},
        Line{"Save", R"({"id":6,"do":"save","lease":17,"parameters":[{"name":"GPP_A","value":"a\nb"}]})"},
        Line{"Release", R"({"id":7,"do":"release","lease":17})"},
        Line{"ReleaseByName", R"({"id":8,"do":"release","phone":"alice"})"},
        Line{"Kick", R"({"id":9,"do":"kick","phone":"alice","reason":"demo"})"},
        Line{"Verdict", R"({"id":10,"do":"verdict","lease":17,"failure":"no page"})"}),
    [](const auto& one) { return one.param.name; });

TEST_P(ServerLineTest, IsReadAndPrintedAlike)
{
    const emulator::Result<ServerMessage> message = readServerMessage(GetParam().text);
    ASSERT_TRUE(message.has_value()) << message.error().detail;
    EXPECT_EQ(print(*message), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, ServerLineTest,
    testing::Values(
        Line{"Welcome", R"({"id":1,"welcome":"lab","version":1,"heartbeat":1.5E1,"restores":false})"},
        Line{"Phones",
             R"({"id":2,"phones":[{"phone":"alice","model":"M","mac":"00:0e:08:00:00:01","tags":["t"],)"
             R"("state":"held","lease":17,"holder":"me@here","until":"2026-01-01T00:00:00Z","why":"x"}]})"},
        Line{"PhonesThatAreWaitedForAndChecked",
             R"({"id":2,"phones":[{"phone":"alice","model":"M","tags":[],"state":"free","waiting":2,)"
             R"("next":"me@here","checked":"2026-01-01T00:00:00Z","passed":true}]})"},
        Line{"Grant", R"({"id":3,"lease":17,"phone":"alice","until":"2026-01-01T00:00:00Z"})"},
        Line{"Waits", R"({"id":3,"waits":2})"}, Line{"Done", R"({"id":4,"done":true})"},
        Line{"Error", R"({"id":5,"error":"no","kind":"not_found"})"},
        Line{"End", R"({"ended":17,"phone":"alice","why":"it was released"})"}),
    [](const auto& one) { return one.param.name; });

TEST(BenchMessageTest, SaysWhatWasFoundAndWhatWasExpected)
{
    EXPECT_THAT(whyNot("renew"), HasSubstr("found no JSON"));
    EXPECT_THAT(whyNot("[1]"), HasSubstr("no object"));
    EXPECT_THAT(whyNot(R"({"id":1,"do":"leese"})"), HasSubstr("did you mean lease?"));
    EXPECT_THAT(whyNot(R"({"do":"list"})"), HasSubstr("\"id\": expected a whole number from 1"));
    EXPECT_THAT(whyNot(R"({"id":1.5,"do":"list"})"), HasSubstr("\"id\": expected a whole number"));
    EXPECT_THAT(whyNot(R"({"id":1,"do":"list","phone":"a"})"),
                HasSubstr("found the key \"phone\", expected id, do or restored"));
    EXPECT_THAT(whyNot(R"({"id":1,"do":"lease"})"), HasSubstr("\"phone\": expected a text here, or \"tag\""));
    EXPECT_THAT(whyNot(R"({"id":1,"do":"lease","phone":"a","for":-1})"), HasSubstr("seconds above 0"));
    EXPECT_THAT(whyNot(R"({"id":1,"do":"lease","phone":"a","wait":1})"),
                HasSubstr("\"wait\": expected true or false"));
    EXPECT_THAT(whyNot(R"({"id":1,"do":"kick","phone":"a\u001b[2J"})"), HasSubstr("control characters"));
    EXPECT_THAT(whyNot(R"({"id":1,"do":"save","lease":1,"parameters":[{"nam":"x","value":""}]})"),
                HasSubstr("\"parameters\": expected name and value of each"));
    EXPECT_THAT(whyNot("{\"id\":1,\"do\":\"lease\",\"phone\":\"" + std::string(300, 'x') + "\"}"),
                HasSubstr("at most 256 bytes"));
}

std::vector<std::string> linesOf(LineSplitter& splitter, std::string_view bytes)
{
    std::vector<std::string> lines;
    EXPECT_TRUE(splitter
                    .feed(bytes,
                          [&](std::string_view line) {
                              lines.emplace_back(line);
                              return line != "stop";
                          })
                    .has_value());
    return lines;
}

TEST(LineSplitterTest, CutsWhateverPiecesTheBytesComeIn)
{
    LineSplitter splitter{10};
    EXPECT_THAT(linesOf(splitter, "a\nb"), ElementsAre("a"));
    EXPECT_THAT(linesOf(splitter, "c\r\n\n\r\nd\n"), ElementsAre("bc", "d"));
    EXPECT_THAT(linesOf(splitter, "stop\nmore\n"), ElementsAre("stop"));
    EXPECT_THAT(linesOf(splitter, "again\n"), IsEmpty());
}

TEST(LineSplitterTest, RefusesALineBeyondItsLimitBeforeItIsComplete)
{
    LineSplitter splitter{4};
    EXPECT_THAT(linesOf(splitter, "1234\n12"), ElementsAre("1234"));
    EXPECT_EQ(splitter.feed("345", [](std::string_view) { return true; }).error().kind,
              emulator::ErrorKind::TooLarge);
    EXPECT_THAT(linesOf(splitter, "a\n"), IsEmpty());
}

}  // namespace
}  // namespace hwbridge
