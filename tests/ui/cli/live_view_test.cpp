#include "ui/cli/live_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ui {
namespace {

using namespace std::chrono_literals;
using emulator::MuteLed;
using emulator::PhoneSnapshot;
using emulator::PhoneState;
using ::testing::HasSubstr;
using ::testing::Not;

PhoneSnapshot aPhone(MuteLed led = MuteLed::Off, std::string message = "")
{
    PhoneSnapshot phone;
    phone.mac = emulator::MacAddress{{0x00, 0x0e, 0x08, 0x00, 0x00, 0x01}};
    phone.address = {0x7f4e0001};
    phone.state = PhoneState::Idle;
    phone.led = led;
    phone.lastMessage = std::move(message);
    return phone;
}

LiveFrame aFrame(std::vector<PhoneSnapshot> phones)
{
    LiveFrame frame;
    frame.title = "phonerig up";
    frame.total = phones.size();
    frame.answering = phones.size();
    frame.inState[static_cast<std::size_t>(PhoneState::Idle)] = phones.size();
    frame.phones = std::move(phones);
    return frame;
}

TerminalLook aTerminal(std::size_t columns = 100, std::size_t rows = 24)
{
    return {true, false, true, columns, rows};
}

TEST(LiveViewTest, APhoneIsOneLineWithItsAddressMacStateAndMessage)
{
    const auto lines = drawLive(aFrame({aPhone(MuteLed::Off, "Successful resync")}), aTerminal());
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[0], "phonerig up");
    EXPECT_EQ(lines[1], "0.0 s  1 phone, 1 answering, 1 idle");
    EXPECT_EQ(lines[2], "127.78.0.1      00:0e:08:00:00:01  idle       ·  Successful resync");
}

TEST(LiveViewTest, TheLedIsLitInItsOwnRhythm)
{
    LiveFrame frame = aFrame({aPhone(MuteLed::SlowBlink)});
    frame.phones[0].ledSince = emulator::TimePoint{5s};
    const auto markAt = [&](emulator::Duration time) {
        frame.now = emulator::TimePoint{time};
        return drawLive(frame, aTerminal()).back();
    };
    EXPECT_THAT(markAt(5500ms), HasSubstr("●"));
    EXPECT_THAT(markAt(6500ms), HasSubstr("○"));
    EXPECT_THAT(markAt(7500ms), HasSubstr("●"));
}

TEST(LiveViewTest, WithoutUnicodeOrColoursMarksArePlain)
{
    TerminalLook look = aTerminal();
    look.unicode = false;
    const std::string line = drawLive(aFrame({aPhone(MuteLed::SlowBlink)}), look).back();
    EXPECT_THAT(line, HasSubstr("*"));
    EXPECT_THAT(line, Not(HasSubstr("\x1b")));
    look.colours = true;
    EXPECT_THAT(drawLive(aFrame({aPhone(MuteLed::SlowBlink)}), look).back(), HasSubstr("\x1b[31m*\x1b[0m"));
}

TEST(LiveViewTest, LinesAreCutToTheWidthAndControlCharactersShown)
{
    const std::string message = "a\x1b[2Jb\n" + std::string(200, 'x');
    const auto lines = drawLive(aFrame({aPhone(MuteLed::Off, message)}), aTerminal(80));
    EXPECT_THAT(lines.back(), HasSubstr("a.[2Jb.xxx"));
    EXPECT_EQ(lines.back().size(), 81u);  // the mark has two bytes and one column
    for (const std::size_t columns : {1u, 10u, 30u, 46u, 50u})
        for (const std::string& line : drawLive(aFrame({aPhone()}), aTerminal(columns)))
            EXPECT_LE(line.size(), columns + 1);
}

TEST(LiveViewTest, MorePhonesThanLinesAreSummarised)
{
    LiveFrame frame = aFrame(std::vector<PhoneSnapshot>(30, aPhone()));
    frame.total = 200;
    const auto lines = drawLive(frame, aTerminal(100, 12));
    EXPECT_EQ(lines.size(), 10u);
    EXPECT_EQ(lines.back(), "… and 193 more");
    frame.detail = "3/9 wait 2 s";
    EXPECT_LT(drawLive(frame, aTerminal(100, 12)).size(), 12u);
}

TEST(LiveViewTest, AMessageThatBeginsWithThePhonesNameIsShownWithoutIt)
{
    const auto lines = drawLive(
        aFrame({aPhone(MuteLed::Off, "CP-7832-3PCC 00:0e:08:00:00:01 -- Successful resync")}), aTerminal());
    EXPECT_THAT(lines.back(), HasSubstr("  Successful resync"));
    EXPECT_THAT(lines.back(), Not(HasSubstr("--")));
}

TEST(LiveViewTest, UnicodeOfASyslogLineStays)
{
    EXPECT_EQ(cutToWidth("Grüße an alle", 5), "Grüße");
    EXPECT_EQ(cutToWidth("a\xff\xc3", 5), "a..");
    EXPECT_EQ(cutToWidth("\xc2\x9b"
                         "31m",
                         9),
              "..31m");  // a control sequence of one character
    EXPECT_EQ(cutToWidth("", 5), "");
}

}  // namespace
}  // namespace ui
