#include "emulator/provisioning/delay_list.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;

Chance luck()
{
    return Chance{Seed{1}, MacAddress{}};
}

TEST(DelayListTest, OneNumberIsTheWaitForEver)
{
    Chance chance = luck();
    const DelayList list = DelayList::parse("3600").value();
    EXPECT_EQ(list.wait(0, chance), Duration{3600s});
    EXPECT_EQ(list.wait(1000, chance), Duration{3600s});
}

TEST(DelayListTest, AListIsFollowedAndItsLastElementRepeats)
{
    Chance chance = luck();
    const DelayList list = DelayList::parse(" 600 , 1200,300 ").value();
    EXPECT_EQ(list.wait(0, chance), Duration{600s});
    EXPECT_EQ(list.wait(1, chance), Duration{1200s});
    EXPECT_EQ(list.wait(2, chance), Duration{300s});
    EXPECT_EQ(list.wait(3, chance), Duration{300s});
}

TEST(DelayListTest, ARangeStaysInsideIncludingBothEnds)
{
    Chance chance = luck();
    const DelayList list = DelayList::parse("2400+30").value();
    for (int i = 0; i < 1000; ++i) {
        const Duration wait = list.wait(0, chance).value();
        EXPECT_GE(wait, 2400s);
        EXPECT_LE(wait, 2430s);
    }
}

TEST(DelayListTest, ZeroAndEmptyMeanNever)
{
    Chance chance = luck();
    for (const char* text : {"0", "", "  ", "0+0"})
        EXPECT_FALSE(DelayList::parse(text).value().wait(0, chance).has_value()) << text;
}

TEST(DelayListTest, ZeroInsideAListIsNoWaitAtAll)
{
    Chance chance = luck();
    EXPECT_EQ(DelayList::parse("0,60").value().wait(0, chance), Duration{0});
}

TEST(DelayListTest, AnythingElseIsMalformedAndSaysWhatWasExpected)
{
    for (const char* text :
         {"abc", "-1", "1,,2", "1,", ",1", "10+", "+5", "1.5", "99999999999", "1;2", "3600s"}) {
        const Result<DelayList> list = DelayList::parse(text);
        ASSERT_FALSE(list.has_value()) << text;
        EXPECT_EQ(list.error().kind, ErrorKind::Malformed) << text;
        EXPECT_NE(list.error().detail.find("2400+30"), std::string::npos);
    }
}

TEST(DelayListTest, AListHasABound)
{
    std::string text = "1";
    for (std::size_t i = 0; i < DelayList::maxSteps; ++i)
        text += ",1";
    EXPECT_EQ(DelayList::parse(text).error().kind, ErrorKind::TooLarge);
}

}  // namespace
}  // namespace emulator
