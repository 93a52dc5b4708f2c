#include "scenarios/engine/pace.hpp"

#include <gtest/gtest.h>

namespace scenarios {
namespace {

using emulator::TimePoint;
using namespace std::chrono_literals;

// Real time of these tests: nobody reads a clock.
constexpr Pace::RealTime noon{12h};
constexpr TimePoint begun{};

TEST(PaceTest, AsFastAsItGoesEveryMomentMayPassAtOnce)
{
    Pace pace{false};
    for (const TimePoint moment : {begun, begun + 1us, begun + 24h}) {
        pace.reach(moment);
        ASSERT_TRUE(pace.due());
        EXPECT_LE(*pace.due(), noon);
        EXPECT_FALSE(pace.isHeld());
        pace.pass();
        EXPECT_EQ(pace.now(noon), moment);
    }
}

TEST(PaceTest, PausedNothingPassesBeforeAnOrder)
{
    Pace pace{true};
    EXPECT_FALSE(pace.isHeld()) << "no moment has been reached yet";
    pace.reach(begun + 5s);
    EXPECT_FALSE(pace.due());
    EXPECT_TRUE(pace.isHeld());
    EXPECT_EQ(pace.now(noon + 1h), begun) << "time stands still, whatever the clock says";
}

TEST(PaceTest, AStepLetsOneMomentPassAndPausesBehindIt)
{
    Pace pace{false};
    pace.step(noon);
    pace.reach(begun + 5s);
    EXPECT_TRUE(pace.due());
    pace.pass();
    EXPECT_EQ(pace.now(noon), begun + 5s);
    EXPECT_TRUE(pace.isPaused());
    pace.reach(begun + 5s);
    EXPECT_FALSE(pace.due()) << "another moment at the same time is a step of its own";
}

TEST(PaceTest, EachOfTwoStepsLetsAMomentPass)
{
    Pace pace{true};
    pace.step(noon);
    pace.step(noon);
    for (const TimePoint moment : {begun + 1s, begun + 2s}) {
        pace.reach(moment);
        ASSERT_TRUE(pace.due());
        pace.pass();
    }
    pace.reach(begun + 3s);
    EXPECT_TRUE(pace.isHeld());
}

TEST(PaceTest, APauseTakesBackStepsThatAreStillToBeDone)
{
    Pace pace{true};
    pace.step(noon);
    pace.pause(noon);
    pace.reach(begun + 1s);
    EXPECT_TRUE(pace.isHeld());
}

TEST(PaceTest, ByAFactorMomentsComeSoManyTimesAsFastAsRealTime)
{
    for (const auto& [factor, real] :
         {std::pair{1u, Pace::RealTime::duration{60s}}, {60u, 1s}, {86'400u, 694'444ns}}) {
        Pace pace{true};
        pace.go(noon, factor);
        pace.reach(begun + 60s);
        EXPECT_EQ(pace.due(), noon + real);
        pace.pass();
        pace.reach(begun + 120s);
        EXPECT_NEAR(static_cast<double>((*pace.due() - noon).count()),
                    static_cast<double>((2 * real).count()), 1)
            << "counted from the order on: nothing adds up";
    }
}

TEST(PaceTest, BetweenMomentsTimeIsShownAsItPassesButNotBeyondTheNextOne)
{
    Pace pace{true};
    pace.go(noon, 60);
    EXPECT_EQ(pace.now(noon + 1s), begun) << "nobody knows yet when something happens next";
    pace.reach(begun + 90s);
    EXPECT_EQ(pace.now(noon + 500ms), begun + 30s);
    EXPECT_EQ(pace.now(noon + 2s), begun + 90s);
}

TEST(PaceTest, APauseBetweenMomentsIsGoneOnWithFromThere)
{
    Pace pace{true};
    pace.go(noon, 1);
    pace.reach(begun + 10s);
    pace.pause(noon + 4s);
    EXPECT_EQ(pace.now(noon + 1h), begun + 4s);
    EXPECT_TRUE(pace.isHeld());
    pace.go(noon + 2h, 60);
    EXPECT_EQ(pace.due(), noon + 2h + 100ms);
    EXPECT_EQ(pace.factor(), 60u);
}

TEST(PaceTest, ALookAroundTakesNoStepAndNoRealTime)
{
    Pace pace{true};
    pace.go(noon, 1);
    pace.skipTo(begun + 5ms);
    EXPECT_EQ(pace.now(noon), begun + 5ms);
    pace.reach(begun + 1s);
    EXPECT_EQ(pace.due(), noon + 1s);
    pace.pause(noon);
    pace.step(noon);
    pace.skipTo(begun + 10ms);
    EXPECT_TRUE(pace.due()) << "the step is still to be done";
}

TEST(PaceTest, ARunThatIsLateMakesUpForIt)
{
    Pace pace{true};
    pace.go(noon, 1);
    pace.reach(begun + 1s);
    pace.pass();  // the machine was busy: it is noon + 5s by now
    pace.reach(begun + 2s);
    EXPECT_EQ(pace.due(), noon + 2s);
    EXPECT_EQ(pace.now(noon + 5s), begun + 2s);
}

}  // namespace
}  // namespace scenarios
