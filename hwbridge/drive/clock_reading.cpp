#include "hwbridge/drive/clock_reading.hpp"

#include "emulator/base/ascii.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace hwbridge {

using namespace std::chrono_literals;
using emulator::WallTime;

namespace {

constexpr std::size_t longestTime = 64;  // bytes; our choice
constexpr std::size_t longestNumber = 4;
constexpr std::size_t mostNumbers = 6;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

// The numbers of a text in their order, and its letters without what is between them: "p.m. UTC" is "pmutc".
struct TimeWords {
    std::vector<int> numbers;
    std::string letters;
};

std::optional<TimeWords> timeWords(std::string_view text)
{
    constexpr std::string_view between = " ,.:/-";
    TimeWords words;
    if (text.size() > longestTime)
        return std::nullopt;
    while (!text.empty()) {
        const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
        if (digits > longestNumber || (digits > 0 && words.numbers.size() == mostNumbers))
            return std::nullopt;
        if (digits > 0) {
            int number = 0;
            for (const char digit : text.substr(0, digits))
                number = number * 10 + (digit - '0');
            words.numbers.push_back(number);
            text.remove_prefix(digits);
            continue;
        }
        const char c = emulator::lowerAscii(text.front());
        if (c >= 'a' && c <= 'z')
            words.letters += c;
        else if (between.find(c) == std::string_view::npos)
            return std::nullopt;
        text.remove_prefix(1);
    }
    return words;
}

std::optional<WallTime> wallOf(int year, int month, int day, std::chrono::seconds ofDay)
{
    if (month > 12 || day > 31)  // std::chrono takes eight bits of each
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok())
        return std::nullopt;
    return WallTime{std::chrono::sys_days{date} + ofDay};
}

std::optional<std::chrono::seconds> timeOfDay(int hour, int minute, int second)
{
    constexpr int leapSecond = 60;
    if (hour > 23 || minute > 59 || second > leapSecond)
        return std::nullopt;
    return std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
}

// "am" or "pm" at the front of the letters is taken off, and makes 12 hours a day's 24. False: no such hour.
bool takeHalfOfDay(std::string& letters, int& hour)
{
    const bool morning = letters.starts_with("am");
    if (!morning && !letters.starts_with("pm"))
        return true;
    letters.erase(0, 2);
    if (hour < 1 || hour > 12)
        return false;
    hour = hour % 12 + (morning ? 0 : 12);
    return true;
}

}  // namespace

std::optional<ClockReading> readHttpDate(std::string_view text)
{
    constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
    const std::optional<TimeWords> words = timeWords(text);
    // "Fri" "Nov" "GMT", and 27 2026 17 45 13.
    if (!words || words->numbers.size() != 5 || words->letters.size() != 9 ||
        !words->letters.ends_with("gmt"))
        return std::nullopt;
    const auto* const month = std::ranges::find(months, std::string_view{words->letters}.substr(3, 3));
    const std::vector<int>& n = words->numbers;
    const auto ofDay = timeOfDay(n[2], n[3], n[4]);
    if (month == months.end() || !ofDay)
        return std::nullopt;
    const auto wall = wallOf(n[1], static_cast<int>(month - months.begin()) + 1, n[0], *ofDay);
    return wall ? std::optional{ClockReading{*wall, true, std::string{text}}} : std::nullopt;
}

std::optional<ClockReading> readCurrentTime(std::string_view text, WallTime now)
{
    std::optional<TimeWords> words = timeWords(text);
    if (!words || words->numbers.size() < 5 || !isDigit(text.front()))
        return std::nullopt;
    std::vector<int>& n = words->numbers;
    n.resize(mostNumbers, 0);
    if (!takeHalfOfDay(words->letters, n[3]))
        return std::nullopt;
    const bool zoned = words->letters == "utc" || words->letters == "gmt";
    const auto ofDay = timeOfDay(n[3], n[4], n[5]);
    if ((!zoned && !words->letters.empty()) || !ofDay)
        return std::nullopt;
    const int year = n[2] < 100 ? 2000 + n[2] : n[2];
    const auto monthFirst = wallOf(year, n[0], n[1], *ofDay);
    const auto dayFirst = wallOf(year, n[1], n[0], *ofDay);
    if (!monthFirst && !dayFirst)
        return std::nullopt;
    const bool isMonthFirst =
        monthFirst && (!dayFirst || std::chrono::abs(*monthFirst - now) <= std::chrono::abs(*dayFirst - now));
    return ClockReading{isMonthFirst ? *monthFirst : *dayFirst, zoned, std::string{text}};
}

std::chrono::seconds offsetOf(const ClockReading& reading, WallTime before, WallTime after)
{
    // A clock that shows seconds is, on average, half of one further.
    const emulator::Duration ahead = reading.wall + 500ms - (before + (after - before) / 2);
    const auto seconds = std::chrono::round<std::chrono::seconds>(ahead);
    if (reading.zoned)
        return seconds;
    constexpr std::chrono::seconds quarter = 15min;
    return (seconds % quarter + quarter + quarter / 2) % quarter - quarter / 2;
}

}  // namespace hwbridge
