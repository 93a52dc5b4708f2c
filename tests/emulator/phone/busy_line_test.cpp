#include "tests/emulator/phone/phone_run.hpp"

#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Settings = std::map<std::string, std::string>;
using ForcedResync = GenerationOptions::ForcedResync;

// A four-line phone with a period of 30 s, booted and resynced once.
PhoneRun aPhoneThatIsCalled(Settings set = {}, ForcedResync forced = ForcedResync::IdleCountdown)
{
    set.try_emplace("Profile_Rule", "http://192.168.1.200/basic.txt");
    set.try_emplace("Resync_Random_Delay", "0");
    set.try_emplace("Resync_Periodic", "30");
    set.try_emplace("Forced_Resync_Delay", "10");
    PhoneRun::Options options;
    options.set = std::move(set);
    options.model = "CP-7841-3PCC";
    options.choose = [forced](GenerationOptions& choice) { choice.forcedResync = forced; };
    PhoneRun run{options};
    run.serve(std::string{basicProfile});
    run.powerOn();
    run.pass(2s);
    run.forget();
    return run;
}

TEST(BusyLineTest, ADueResyncWaitsForTheEndOfTheCall)
{
    COVERS("RSYNC-NOT-IN-CALL", "MODEL-IDLE-BUSY");
    PhoneRun run = aPhoneThatIsCalled({{"Forced_Resync_Delay", "0"}});
    run.call(2);
    run.pass(10min);
    EXPECT_THAT(run.fetches, IsEmpty());
    const TimePoint hungUp = run.now;
    run.hangUp(2);
    run.pass(1s);

    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_EQ(run.fetches[0].at, hungUp);
}

TEST(BusyLineTest, EveryLineHasToBeIdle)
{
    COVERS("RSYNC-NOT-IN-CALL");
    PhoneRun run = aPhoneThatIsCalled({{"Forced_Resync_Delay", "0"}});
    run.call(1);
    run.call(4);
    run.pass(1min);
    run.hangUp(1);
    run.pass(1min);
    EXPECT_THAT(run.fetches, IsEmpty());
    run.hangUp(4);
    run.pass(1s);
    EXPECT_THAT(run.fetches, SizeIs(1));
}

TEST(BusyLineTest, ARetryAndATimedResyncWaitForTheEndOfTheCallToo)
{
    COVERS("RSYNC-NOT-IN-CALL");
    PhoneRun retrying = aPhoneThatIsCalled({{"Resync_Error_Retry_Delay", "5"}, {"Forced_Resync_Delay", "0"}});
    retrying.refuse(ErrorKind::Unreachable);
    retrying.pass(30s);
    ASSERT_THAT(retrying.fetches, SizeIs(1));
    retrying.call();
    retrying.pass(1min);
    EXPECT_THAT(retrying.fetches, SizeIs(1));
    retrying.hangUp();
    retrying.pass(1s);
    EXPECT_THAT(retrying.fetches, SizeIs(2));

    PhoneRun timed = aPhoneThatIsCalled({{"Resync_At__HHmm_", "0100"}, {"Forced_Resync_Delay", "0"}});
    timed.passUntil(TimePoint{} + 30min);
    timed.call();
    timed.passUntil(TimePoint{} + 3h);
    EXPECT_THAT(timed.fetches, IsEmpty());
    timed.hangUp();
    timed.pass(1s);
    EXPECT_THAT(timed.fetches, SizeIs(1));
}

TEST(BusyLineTest, TheResyncOfABootWaitsForTheEndOfTheCallToo)
{
    COVERS("RSYNC-NOT-IN-CALL");
    PhoneRun run = aPhoneThatIsCalled({{"Resync_Random_Delay", "1"}, {"Forced_Resync_Delay", "0"}});
    run.feed(PowerRemoved{});
    run.powerOn();
    run.pass(500ms);
    run.forget();
    run.call();
    run.pass(5min);
    EXPECT_THAT(run.fetches, IsEmpty());
    run.hangUp();
    run.pass(1s);
    EXPECT_THAT(run.fetches, SizeIs(1));
}

TEST(BusyLineTest, AfterHangingUpTheHeldResyncStartsWhenTheIdleCountdownIsOver)
{
    COVERS("RSYNC-FORCED-IDLE");
    PhoneRun run = aPhoneThatIsCalled();
    run.call();
    run.pass(1min);
    const TimePoint hungUp = run.now;
    run.hangUp();
    run.pass(1min);

    ASSERT_FALSE(run.fetches.empty());
    EXPECT_EQ(run.fetches[0].at, hungUp + 10s);
}

TEST(BusyLineTest, ANewCallRestartsTheIdleCountdown)
{
    COVERS("RSYNC-FORCED-IDLE");
    PhoneRun run = aPhoneThatIsCalled();
    run.call();
    run.pass(1min);
    run.hangUp();
    run.pass(6s);
    run.call(3);
    run.pass(8s);
    const TimePoint hungUp = run.now;
    run.hangUp(3);
    run.pass(20s);

    ASSERT_FALSE(run.fetches.empty());
    EXPECT_EQ(run.fetches[0].at, hungUp + 10s);
}

TEST(BusyLineTest, AResyncThatFallsDueDuringTheIdleCountdownIsHeldAsWell)
{
    COVERS("RSYNC-FORCED-IDLE");
    PhoneRun run = aPhoneThatIsCalled();
    run.call();
    run.pass(25s);  // 3 s before the period is over
    const TimePoint hungUp = run.now;
    run.hangUp();
    run.pass(15s);

    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_EQ(run.fetches[0].at, hungUp + 10s);
    run.pass(29s);
    EXPECT_THAT(run.gaps(), ElementsAre(30));
}

TEST(BusyLineTest, AFactoryFreshPhoneHoldsResyncsForFourHoursAfterACall)
{
    COVERS("RSYNC-FORCED-IDLE", "RSYNC-FORCED-RANGE");
    PhoneRun run = aPhoneThatIsCalled({{"Forced_Resync_Delay", "14400"}});
    EXPECT_EQ(run.phone->parameters().schema().at(run.id("Forced_Resync_Delay")).factory, "14400");
    run.call();
    run.pass(1min);
    run.hangUp();
    run.pass(4h - 1s);
    EXPECT_THAT(run.fetches, IsEmpty());
    run.pass(2s);
    EXPECT_THAT(run.fetches, SizeIs(1));
}

TEST(BusyLineTest, ACommandedResyncDoesNotWaitForTheIdleCountdown)
{
    COVERS("WEB-RESYNC-IDLE");
    PhoneRun run = aPhoneThatIsCalled();
    run.call();
    run.pass(5s);
    run.hangUp();
    run.resync("tftp://192.168.1.200/now.txt");
    run.pass(1s);
    EXPECT_THAT(urls(run), ElementsAre("tftp://192.168.1.200:69/now.txt"));
}

TEST(BusyLineTest, AsAMaximumWaitTheDelayForcesTheResyncIntoTheCall)
{
    COVERS("RSYNC-FORCED-MAX");
    PhoneRun run = aPhoneThatIsCalled({{"Forced_Resync_Delay", "100"}}, ForcedResync::MaximumWait);
    run.call();
    run.pass(28s + 99s);  // the period is over 28 s from here
    EXPECT_THAT(run.fetches, IsEmpty());
    run.pass(3s);
    EXPECT_THAT(run.fetches, SizeIs(1));
}

TEST(BusyLineTest, AsAMaximumWaitTheDelayEndsWithTheCall)
{
    COVERS("RSYNC-FORCED-MAX");
    PhoneRun run = aPhoneThatIsCalled({{"Forced_Resync_Delay", "100"}}, ForcedResync::MaximumWait);
    run.call();
    run.pass(60s);
    EXPECT_THAT(run.fetches, IsEmpty());
    const TimePoint hungUp = run.now;
    run.hangUp();
    run.pass(1s);
    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_EQ(run.fetches[0].at, hungUp);
}

TEST(BusyLineTest, AnSpaPhoneResyncsWhenItIsIdleAndOnlyThen)
{
    COVERS("RSYNC-IDLE-ONLY", "MODEL-IDLE-BUSY");
    for (const char* model : {"SPA303", "SPA508G", "SPA525G2", "WIP310"}) {
        for (const char* delay : {"0", "14400"}) {
            SCOPED_TRACE(std::string{model} + ", Forced_Resync_Delay " + delay);
            PhoneRun::Options options;
            options.model = model;
            options.set = {{"Profile_Rule", "http://192.168.1.200/basic.txt"},
                           {"Resync_Random_Delay", "0"},
                           {"Resync_Periodic", "30"},
                           {"Forced_Resync_Delay", delay}};
            PhoneRun run{options};
            run.serve(std::string{basicProfile});
            run.powerOn();
            run.pass(2s);
            run.forget();
            run.call();
            run.pass(24h);
            EXPECT_THAT(run.fetches, IsEmpty());
            const TimePoint hungUp = run.now;
            run.hangUp();
            run.pass(1s);
            ASSERT_THAT(run.fetches, SizeIs(1));
            EXPECT_EQ(run.fetches[0].at, hungUp);
        }
    }
}

TEST(BusyLineTest, CommandsDuringACallAreCarriedOutRightAfterItInOrder)
{
    COVERS("WEB-RESYNC-IDLE");
    PhoneRun run = aPhoneThatIsCalled({{"Resync_Periodic", "0"}});
    run.call();
    run.resync("tftp://192.168.1.200/first.txt");
    run.feed(UpgradeCommanded{"tftp://192.168.1.200/load.loads", IpAddress::parse("127.0.0.1").value()});
    run.resync("tftp://192.168.1.200/second.txt");
    run.pass(1min);
    EXPECT_THAT(run.fetches, IsEmpty());
    run.hangUp();
    run.pass(1s);
    // Of two commands of a kind the later one counts.
    EXPECT_THAT(urls(run),
                ElementsAre("tftp://192.168.1.200:69/load.loads", "tftp://192.168.1.200:69/second.txt"));
}

TEST(BusyLineTest, ARebootDuringACallComesAfterIt)
{
    PhoneRun run = aPhoneThatIsCalled({{"Resync_On_Reset", "No"}});
    run.call();
    run.feed(RebootCommanded{});
    run.pass(10s);
    EXPECT_NE(run.phone->state(), PhoneState::Booting);
    run.hangUp();
    EXPECT_EQ(run.phone->state(), PhoneState::Booting);
}

TEST(BusyLineTest, PowerLossEndsTheCallAndForgetsWhatWaited)
{
    PhoneRun run = aPhoneThatIsCalled({{"Resync_On_Reset", "No"}});
    run.call();
    run.resync("tftp://192.168.1.200/lost.txt");
    run.feed(PowerRemoved{});
    EXPECT_TRUE(run.phone->linesIdle());
    run.powerOn();
    run.pass(1min);
    run.hangUp();
    run.pass(1min);
    EXPECT_THAT(run.fetches, IsEmpty());
}

TEST(BusyLineTest, ALineThatThePhoneDoesNotHaveIsNeverBusy)
{
    PhoneRun run = aPhoneThatIsCalled();
    run.call(5);
    run.call(0);
    run.call(-1);
    EXPECT_TRUE(run.phone->linesIdle());
    run.call(4);
    EXPECT_FALSE(run.phone->linesIdle());
}

}  // namespace
}  // namespace emulator
