#include "emulator/base/time_point.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;

TEST(WallTimeTest, IsReadAndPrintedInOneForm)
{
    for (const char* text :
         {"2026-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z"}) {
        const std::optional<WallTime> wall = parseWallTime(text);
        ASSERT_TRUE(wall.has_value()) << text;
        EXPECT_EQ(printWallTime(*wall), text);
    }
    EXPECT_EQ(parseWallTime("1970-01-02T00:00:01Z")->time_since_epoch(), 24h + 1s);
}

TEST(WallTimeTest, RefusesImpossibleDatesAndOtherForms)
{
    for (const char* text :
         {"", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z", "2026-02-29T00:00:00Z",
          "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
          "2026-01-01T00:00:60Z", "-026-01-01T00:00:00Z", "2026-01-01T00:00:0xZ", "2026-01-01T-1:00:00Z",
          "2026-01-01T00:00:00+"})
        EXPECT_FALSE(parseWallTime(text).has_value()) << text;
}

TEST(CivilTimeTest, TakesAWallTimeApart)
{
    const CivilTime time = civilTime(wallTime(*parseWallTime("2026-12-31T23:59:58Z"), TimePoint{1s + 7us}));
    EXPECT_EQ(time.year, 2026);
    EXPECT_EQ(time.month, 12u);
    EXPECT_EQ(time.day, 31u);
    EXPECT_EQ(time.hour, 23);
    EXPECT_EQ(time.minute, 59);
    EXPECT_EQ(time.second, 59);
    EXPECT_EQ(time.microsecond, 7);
    const CivilTime early = civilTime(WallTime{-1us});
    EXPECT_EQ(early.year, 1969);
    EXPECT_EQ(early.second, 59);
    EXPECT_EQ(early.microsecond, 999'999);
}

struct DurationRow {
    const char* text;
    Duration expected;
};
class DurationTest : public testing::TestWithParam<DurationRow> {};

TEST_P(DurationTest, IsReadWithItsUnit)
{
    EXPECT_EQ(parseDuration(GetParam().text), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Units, DurationTest,
                         testing::Values(DurationRow{"250ms", 250ms}, DurationRow{"2s", 2s},
                                         DurationRow{"90", 90s}, DurationRow{"5m", 5min},
                                         DurationRow{"1h", 1h}, DurationRow{"7d", 168h},
                                         DurationRow{"1.5s", 1500ms}, DurationRow{"0", 0s},
                                         DurationRow{"3us", 3us}, DurationRow{"0.1us", 0us},
                                         DurationRow{"0.000001", 1us}));

TEST(DurationTest, RefusesOtherTexts)
{
    for (const char* text : {"", "s", "-1s", "-0", "+1s", "1 s", "1S", "1w", "1e3", "nan", "inf", "infinity",
                             "0x10", "1.2.3", "1,5s", "99999999999d", "1e400"})
        EXPECT_FALSE(parseDuration(text).has_value()) << text;
}

}  // namespace
}  // namespace emulator
