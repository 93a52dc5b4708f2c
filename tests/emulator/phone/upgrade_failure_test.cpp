// Upgrades that fail, are not allowed, or are cut off: retries, the limit of versions, power.

#include "emulator/phone/firmware_load.hpp"
#include "tests/emulator/phone/upgrading_phone.hpp"

#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

TEST(UpgradeTest, AFailedAttemptIsRepeatedAfterTheRetryDelay)
{
    COVERS("UPG-ERROR-RETRY", "SYSLOG-UPG-REQUEST", "SYSLOG-UPG-FAILURE", "EX-FW-UPDATE-SPA");
    for (const char* model : {"CP-7832-3PCC", "SPA508G"}) {
        SCOPED_TRACE(model);
        PhoneRun run = anIdleUpgradablePhone({}, model);
        run.refuse(ErrorKind::Unreachable);
        run.submit({{"Upgrade_Rule", newUrl}});
        run.pass(4h + 1min);
        EXPECT_THAT(run.gaps(), ElementsAre(3600, 3600, 3600, 3600)) << "3600 is the default";
        EXPECT_THAT(run.texts(), Contains(HasSubstr("-- Requesting upgrade http")).Times(5));
        EXPECT_THAT(run.texts(), Contains(HasSubstr("Upgrade failed: Server not reachable")).Times(5));
    }
}

TEST(UpgradeTest, TheRetryDelayMayBeAListAndZeroMeansNever)
{
    COVERS("UPG-ERROR-RETRY");
    PhoneRun listed = anIdleUpgradablePhone({{"Upgrade_Error_Retry_Delay", "10,20,40"}});
    listed.refuse(ErrorKind::NotFound);
    listed.submit({{"Upgrade_Rule", newUrl}});
    listed.pass(3min);
    EXPECT_THAT(listed.gaps(), ElementsAre(10, 20, 40, 40, 40));

    PhoneRun never = anIdleUpgradablePhone({{"Upgrade_Error_Retry_Delay", "0"}});
    never.refuse(ErrorKind::NotFound);
    never.submit({{"Upgrade_Rule", newUrl}});
    never.pass(24h);
    EXPECT_THAT(never.fetches, SizeIs(1));
    never.resync("");
    never.pass(1s);
    EXPECT_THAT(never.fetches, SizeIs(2)) << "the profile, not the load";
}

TEST(UpgradeTest, ARetryThatSucceedsEndsTheRetries)
{
    COVERS("UPG-ERROR-RETRY");
    PhoneRun run = anIdleUpgradablePhone({{"Upgrade_Error_Retry_Delay", "10"}});
    run.refuse(ErrorKind::TimedOut);
    run.submit({{"Upgrade_Rule", newUrl}});
    run.pass(25s);
    EXPECT_EQ(run.phone->lastUpgradeFailure(), "Server does not answer");
    run.serve(makeLoad(newLoad, "sip7832"));
    run.pass(1h);
    EXPECT_THAT(run.fetches, SizeIs(4));
    EXPECT_EQ(run.phone->firmware().load, newLoad);
    EXPECT_EQ(run.phone->lastUpgradeFailure(), "");
}

TEST(UpgradeTest, AChangedRuleEndsTheWaitAndAnEmptyOneTheRetries)
{
    PhoneRun run = anIdleUpgradablePhone();
    run.refuse(ErrorKind::NotFound);
    run.submit({{"Upgrade_Rule", newUrl}});
    run.pass(10s);
    run.submit({{"Upgrade_Rule", newestUrl}});
    run.pass(10s);
    EXPECT_THAT(urls(run), ElementsAre(HasSubstr(newLoad), HasSubstr(newestLoad)));
    run.submit({{"Upgrade_Rule", ""}});
    run.pass(24h);
    EXPECT_THAT(run.fetches, SizeIs(2));
}

TEST(UpgradeTest, ACommandLeavesTheRetriesOfTheRuleAlone)
{
    PhoneRun run = anIdleUpgradablePhone();
    run.refuse(ErrorKind::NotFound);
    run.submit({{"Upgrade_Rule", newUrl}});
    run.pass(10min);
    upgrade(run, newestUrl);
    run.pass(2h);
    EXPECT_THAT(run.gaps(), ElementsAre(600, 3000, 3600)) << "a failed command is not repeated";
}

TEST(UpgradeTest, ARestartTriesAFailedLoadAgain)
{
    PhoneRun run = anIdleUpgradablePhone();
    run.refuse(ErrorKind::NotFound);
    run.submit({{"Upgrade_Rule", newUrl}});
    run.pass(10s);
    run.feed(RebootCommanded{});
    run.pass(10s);
    EXPECT_THAT(run.fetches, SizeIs(2));
    EXPECT_EQ(run.phone->lastUpgradeFailure(), "File not found");
}

struct Limit {
    const char* limit;
    const char* load;
    bool installed;
};
class DowngradeLimitTest : public testing::TestWithParam<Limit> {};

TEST_P(DowngradeLimitTest, StopsVersionsBelowIt)
{
    COVERS("UPG-REV-LIMIT");
    const auto& [limit, load, installed] = GetParam();
    PhoneRun run = anIdleUpgradablePhone({{"Downgrade_Rev_Limit", limit}});
    upgrade(run, std::string{"http://192.168.1.5/"} + load + ".loads");
    run.pass(5s);
    EXPECT_EQ(run.phone->firmware().load, installed ? load : oldLoad);
    EXPECT_THAT(run.texts(), Contains(HasSubstr(installed ? "Successful upgrade" : "Downgrade_Rev_Limit")));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, DowngradeLimitTest,
    testing::Values(Limit{"", "sip7832.10-4-1MPP-1", true}, Limit{"7.4.8", "sip7832.10-4-1MPP-1", true},
                    Limit{"11.2.3", "sip7832.11-2-1MPP-630", false},
                    Limit{"11.2.3", "sip7832.11-2-3MSR1-1", true},
                    Limit{"11.3.2", "sip7832.11-3-2MPP0001-609", true},
                    Limit{"12.0.1", "sip7832.11-3-2MPP0001-609", false},
                    Limit{"sip7832.11-3-2MPP0001-609", "sip7832.11-3-2MPP0001-609", true},
                    Limit{"sip7832.11-3-2MPP0001-610", "sip7832.11-3-2MPP0001-609", false},
                    Limit{"sip7832.11-3-2MPP0001-610", "sip7832.11-3-2MPP0002-256", true},
                    Limit{"11-3-1MPP-110", "sip7832.11-2-3MPP-256", false},
                    Limit{"newest", "sip7832.12-0-1MPP0001-245", false}));

TEST(UpgradeTest, TheLimitHoldsForTheOtherPartitionToo)
{
    COVERS("UPG-REV-LIMIT");
    PhoneRun run = anIdleUpgradablePhone();
    upgrade(run, newUrl);
    run.pass(5s);
    run.submit({{"Downgrade_Rev_Limit", "11.3.2"}});
    upgrade(run, std::string{"http://192.168.1.5/"} + oldLoad + ".loads");
    run.pass(5s);
    EXPECT_EQ(run.phone->firmware().load, newLoad);
    EXPECT_THAT(run.texts(), Contains(HasSubstr("is below Downgrade_Rev_Limit 11.3.2")));
}

TEST(UpgradeTest, PowerLostInTheMiddleLeavesTheRunningLoad)
{
    for (const Duration cut : {Duration{5ms}, Duration{500ms}}) {  // while downloading, while writing
        PhoneRun run = anIdleUpgradablePhone();
        upgrade(run, newUrl);
        run.pass(cut);
        run.feed(PowerRemoved{});
        run.pass(10s);
        EXPECT_EQ(run.phone->state(), PhoneState::Off);
        run.powerOn();
        run.pass(10s);
        EXPECT_EQ(run.phone->state(), PhoneState::Idle);
        EXPECT_EQ(run.phone->firmware().load, oldLoad);
        EXPECT_EQ(upgradeReboots(run), 0u);
        upgrade(run, newUrl);
        run.pass(5s);
        EXPECT_EQ(run.phone->firmware().load, newLoad);
    }
}

TEST(UpgradeTest, PowerLostWhileWritingSpoilsTheOtherPartitionOnly)
{
    PhoneRun run = anIdleUpgradablePhone();
    upgrade(run, newUrl);
    run.pass(5s);
    upgrade(run, newestUrl);
    run.pass(5ms);
    run.feed(PowerRemoved{});
    EXPECT_EQ(run.phone->inactiveLoad(), oldLoad) << "nothing was written yet";
    run.powerOn();
    run.pass(1s);
    upgrade(run, newestUrl);
    run.pass(500ms);
    run.feed(PowerRemoved{});
    EXPECT_EQ(run.phone->inactiveLoad(), "");
    EXPECT_EQ(run.phone->firmware().load, newLoad);
}

TEST(UpgradeTest, ARuleInterruptedByAPowerCutIsFollowedAfterIt)
{
    PhoneRun run = anIdleUpgradablePhone();
    run.submit({{"Upgrade_Rule", newUrl}});
    run.pass(500ms);
    run.feed(PowerRemoved{});
    run.powerOn();
    run.pass(10s);
    EXPECT_EQ(run.phone->firmware().load, newLoad);
}

TEST(UpgradeTest, ALateAnswerDoesNotDisturbTheWriting)
{
    PhoneRun run = anIdleUpgradablePhone();
    upgrade(run, newUrl);
    run.pass(600ms);
    run.feed(FetchFinished{RequestId{1}, shareBytes("late")});
    run.pass(500ms);
    EXPECT_EQ(run.phone->state(), PhoneState::Booting);
    EXPECT_EQ(run.phone->firmware().load, newLoad);
}

TEST(UpgradeTest, AFactoryResetForgetsAttemptsAndKeepsTheFirmware)
{
    PhoneRun run = anIdleUpgradablePhone();
    run.submit({{"Upgrade_Rule", newUrl}});
    run.pass(5s);
    run.feed(FactoryResetCommanded{});
    run.pass(5s);
    EXPECT_EQ(run.phone->firmware().load, newLoad);
    EXPECT_EQ(run.phone->inactiveLoad(), oldLoad);
    EXPECT_THAT(run.phone->memory(), Not(HasSubstr("\nA ")));
}

}  // namespace
}  // namespace emulator
