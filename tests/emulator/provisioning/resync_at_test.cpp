#include "emulator/provisioning/resync_at.hpp"

#include "tests/support/covers.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;

const WallTime midnight{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

std::optional<WallTime> next(WallTime now, std::string_view hhmm, std::uint32_t delay = 600)
{
    Chance chance{Seed{5}, MacAddress{}};
    return nextResyncAt(now, hhmm, delay, chance);
}

TEST(ResyncAtTest, IsLaterTodayOrTomorrow)
{
    const WallTime before = next(midnight + 9h, "0959").value();
    EXPECT_GT(before, midnight + 9h + 59min);
    EXPECT_LT(before, midnight + 10h + 9min);
    const WallTime after = next(midnight + 9h + 59min, "0959").value();
    EXPECT_GT(after, midnight + 33h + 59min);
}

TEST(ResyncAtTest, TwentyFourHundredIsMidnight)
{
    COVERS("RSYNC-AT-RANGE");
    const WallTime at = next(midnight + 1h, "2400").value();
    EXPECT_GT(at, midnight + 24h);
    EXPECT_LT(at, midnight + 24h + 10min);
}

TEST(ResyncAtTest, IsNothingForWhatIsNoTimeOfDay)
{
    COVERS("RSYNC-AT-RANGE", "RSYNC-AT-INVALID", "PARAM-RESYNC-AT");
    for (const char* text :
         {"", "959", "09590", "0960", "2401", "2500", "9999", "abcd", "-100", "09 9", "12:3"})
        EXPECT_FALSE(next(midnight, text).has_value()) << text;
}

}  // namespace
}  // namespace emulator
