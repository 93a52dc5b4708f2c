#include "hwbridge/drive/clock_reading.hpp"

#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::WallTime;

WallTime at(std::string_view text)
{
    return *emulator::parseWallTime(text);
}

std::string readAs(const std::optional<ClockReading>& reading)
{
    return reading ? emulator::printWallTime(reading->wall) + (reading->zoned ? "" : " local") : "nothing";
}

TEST(ClockReadingTest, ReadsTheDateOfAnHttpAnswer)
{
    EXPECT_EQ(readAs(readHttpDate("Sun, 06 Nov 1994 08:49:37 GMT")), "1994-11-06T08:49:37Z");
    for (const std::string_view wrong :
         {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 31 Feb 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 PST", "Sun, 06 Foo 1994 08:49:37 GMT",
          "Sun, 262 Nov 1994 08:49:37 GMT"})
        EXPECT_EQ(readAs(readHttpDate(wrong)), "nothing") << wrong;
}

TEST(ClockReadingTest, ReadsCurrentTimeAsPhonesMayWriteIt)
{
    const WallTime now = at("2026-11-05T12:00:00Z");
    const auto read = [&](std::string_view text) { return readAs(readCurrentTime(text, now)); };
    EXPECT_EQ(read("11/27/2026 17:45:13 UTC"), "2026-11-27T17:45:13Z");
    EXPECT_EQ(read("27/11/2026 17:45:13 GMT"), "2026-11-27T17:45:13Z");
    EXPECT_EQ(read("11/27/26 5:45:13 p.m."), "2026-11-27T17:45:13Z local");
    EXPECT_EQ(read("11/27/2026 12:05 AM"), "2026-11-27T00:05:00Z local");
    EXPECT_EQ(read("05/11/2026 11:00:00"), "2026-11-05T11:00:00Z local");
    EXPECT_EQ(read("11/05/2026 11:00:00"), "2026-11-05T11:00:00Z local");
    for (const std::string_view wrong :
         {"", "Unknown", "13/13/2026 10:00:00", "11/27/2026 24:00:00", "11/27/2026 13:00 pm", "11/27/2026",
          "11/27/2026 10:00:00 EST", "11/27/2026 10:00:00 1", "99999/27/2026 10:00:00",
          "257/27/2026 10:00:00", "11/27/2026 10:00:00 \xff"})
        EXPECT_EQ(read(wrong), "nothing") << wrong;
    EXPECT_EQ(read("11/27/2026 17:45:13" + std::string(100, ' ')), "nothing");
}

TEST(ClockReadingTest, AnOffsetIsToTheSecond)
{
    const WallTime asked = at("2026-11-27T17:45:13Z") + 300ms;
    const auto offset = [&](std::string_view shown) {
        return offsetOf({at(shown), true, {}}, asked, asked + 200ms).count();
    };
    EXPECT_EQ(offset("2026-11-27T17:45:13Z"), 0);
    EXPECT_EQ(offset("2026-11-27T17:45:16Z"), 3);
    EXPECT_EQ(offset("2026-11-26T17:45:13Z"), -86400);
}

TEST(ClockReadingTest, TheZoneOfALocalTimeIsNoOffset)
{
    const WallTime asked = at("2026-11-27T17:45:13Z") + 500ms;
    const auto offset = [&](std::string_view shown) {
        return offsetOf({at(shown), false, {}}, asked, asked).count();
    };
    EXPECT_EQ(offset("2026-11-27T09:45:15Z"), 2);
    EXPECT_EQ(offset("2026-11-27T23:30:11Z"), -2);
    EXPECT_EQ(offset("2026-11-27T17:52:43Z"), -450);
}

}  // namespace
}  // namespace hwbridge
