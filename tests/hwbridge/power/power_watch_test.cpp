#include "hwbridge/power/power_watch.hpp"

#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::Duration;
using emulator::ErrorKind;
using emulator::TimePoint;
using Kind = WireSign::Kind;

constexpr bool heard = true;
constexpr TimePoint action{1s};

PowerWatch aWatch(PowerAction what, bool heardBefore = heard)
{
    PowerWatch watch{what,
                     "CP7832-1",
                     "port 1.3 of the switch at 192.0.2.1",
                     {.grace = 3s, .quiet = 10s, .back = 180s},
                     heardBefore};
    watch.acted(action);
    return watch;
}

std::string said(const PowerWatch& watch, Duration afterwards)
{
    const auto verdict = watch.verdict(action + afterwards);
    if (!verdict)
        return "not yet";
    return verdict->has_value() ? "confirmed: " + verdict->value() : verdict->error().detail;
}

TEST(PowerWatchTest, BeforeTheDriverIsDoneNothingIsDecided)
{
    PowerWatch watch{PowerAction::Off, "CP7832-1", "switch", {}, heard};
    watch.seen({Kind::LinkDown, TimePoint{}});
    EXPECT_FALSE(watch.verdict(TimePoint{1h}).has_value());
    EXPECT_EQ(watch.wakeAt(), TimePoint::max());
}

TEST(PowerWatchTest, ALinkThatGoesDownConfirmsOffAtOnce)
{
    PowerWatch watch = aWatch(PowerAction::Off, !heard);
    EXPECT_EQ(said(watch, 1s), "not yet");
    watch.seen({Kind::LinkDown, action + 1s});
    EXPECT_EQ(said(watch, 1s), "confirmed: its link went down");
}

TEST(PowerWatchTest, OffIsNotConfirmedBeforeTheDarkTimeIsOver)
{
    PowerWatch unplugged{PowerAction::Off, "CP7832-1", "the switch", {.dark = 20s}, heard};
    unplugged.acted(action);
    unplugged.seen({Kind::LinkDown, action + 1s});
    EXPECT_EQ(said(unplugged, 20s - 1us), "not yet");
    EXPECT_EQ(said(unplugged, 20s), "confirmed: its link went down");

    PowerWatch silent{
        PowerAction::Off, "CP7832-1", "the switch", {.grace = 3s, .quiet = 10s, .dark = 20s}, heard};
    silent.acted(action);
    EXPECT_EQ(said(silent, 20s - 1us), "not yet");
    EXPECT_EQ(said(silent, 20s), "confirmed: silent for 17 s");
    silent.seen({Kind::Packet, action + 19s});
    EXPECT_EQ(said(silent, 20s),
              "the switch says that CP7832-1 is off, but CP7832-1 sent 1 packet from 3 s to 20 s after it");
}

TEST(PowerWatchTest, SilenceOfAPhoneThatWasHeardConfirmsOff)
{
    const PowerWatch watch = aWatch(PowerAction::Off);
    EXPECT_EQ(watch.wakeAt(), action + 13s);
    EXPECT_EQ(said(watch, 13s - 1us), "not yet");
    EXPECT_EQ(said(watch, 13s), "confirmed: silent for 10 s");
}

TEST(PowerWatchTest, SilenceCountsFromWhenThePhoneWasSpokenTo)
{
    PowerWatch watch = aWatch(PowerAction::Off);
    watch.knocked(action + 12s);
    EXPECT_EQ(said(watch, 22s - 1us), "not yet");
    EXPECT_EQ(said(watch, 22s), "confirmed: silent for 10 s");
}

TEST(PowerWatchTest, SilenceOfAPhoneThatWasNeverHeardProvesNothing)
{
    const PowerWatch watch = aWatch(PowerAction::Off, !heard);
    EXPECT_EQ(said(watch, 13s),
              "port 1.3 of the switch at 192.0.2.1 says that CP7832-1 is off, but nothing was heard of "
              "CP7832-1 before either: its silence proves nothing; is the capture on its wire?");
    EXPECT_EQ(watch.verdict(action + 13s)->error().kind, ErrorKind::Unsupported);
}

TEST(PowerWatchTest, PacketsInTheGraceAreAPhonesLastWords)
{
    PowerWatch watch = aWatch(PowerAction::Off, !heard);
    watch.seen({Kind::Packet, action + 3s});
    EXPECT_EQ(said(watch, 13s), "confirmed: silent for 10 s");
}

TEST(PowerWatchTest, ASwitchThatDoesNotObeyIsCaughtByThePacketsThatFollow)
{
    PowerWatch watch = aWatch(PowerAction::Off);
    for (const auto at : {1s, 4s, 5s, 8s, 12s})
        watch.seen({Kind::Packet, action + at});
    EXPECT_EQ(said(watch, 13s),
              "port 1.3 of the switch at 192.0.2.1 says that CP7832-1 is off, but CP7832-1 sent 4 packets "
              "from 3 s to 13 s after it");
    EXPECT_EQ(watch.verdict(action + 13s)->error().kind, ErrorKind::Refused);
}

TEST(PowerWatchTest, ALinkThatComesBackIsNotDown)
{
    PowerWatch watch = aWatch(PowerAction::Off);
    watch.seen({Kind::LinkDown, action + 1s});
    watch.seen({Kind::LinkUp, action + 2s});
    watch.seen({Kind::Packet, action + 5s});
    EXPECT_EQ(said(watch, 13s),
              "port 1.3 of the switch at 192.0.2.1 says that CP7832-1 is off, but CP7832-1 sent 1 packet "
              "from 3 s to 13 s after it");
}

TEST(PowerWatchTest, DhcpConfirmsOnAndSaysHowSoon)
{
    PowerWatch watch = aWatch(PowerAction::On, !heard);
    watch.seen({Kind::LinkUp, action + 2s});
    EXPECT_EQ(said(watch, 2s), "not yet");
    watch.seen({Kind::Dhcp, action + 4200ms});
    EXPECT_EQ(said(watch, 5s), "confirmed: DHCP after 4.2 s");
}

TEST(PowerWatchTest, AnyTrafficConfirmsOn)
{
    PowerWatch watch = aWatch(PowerAction::On);
    watch.seen({Kind::Packet, TimePoint{900ms}});
    EXPECT_EQ(said(watch, 0s), "confirmed: traffic after 0 s");
}

TEST(PowerWatchTest, APhoneThatDoesNotComeBackIsSaidNotTo)
{
    const PowerWatch watch = aWatch(PowerAction::On);
    EXPECT_EQ(said(watch, 180s - 1us), "not yet");
    EXPECT_EQ(said(watch, 180s),
              "port 1.3 of the switch at 192.0.2.1 says that CP7832-1 is on, but CP7832-1 sent nothing in "
              "the 180 s after it");
    EXPECT_EQ(watch.verdict(action + 180s)->error().kind, ErrorKind::TimedOut);
}

}  // namespace
}  // namespace hwbridge
