// When a phone follows its Upgrade_Rule, and what it remembers of it.

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
using ::testing::IsEmpty;

TEST(UpgradeTest, TheRuleIsFollowedAtBootWhenNoResyncIsDue)
{
    COVERS("UPG-RULE", "UPG-NO-USER", "RSYNC-NO-USER");
    PhoneRun run = anUpgradingPhone({{"Upgrade_Rule", newUrl}});
    run.pass(600ms);
    EXPECT_THAT(urls(run), ElementsAre(HasSubstr(newLoad)));
    run.pass(10s);
    EXPECT_EQ(run.phone->firmware().load, newLoad);
    EXPECT_EQ(upgradeReboots(run), 1u);

    PhoneRun without = anUpgradingPhone();
    without.pass(1h);
    EXPECT_THAT(without.fetches, IsEmpty()) << "an empty rule asks for nothing";
}

TEST(UpgradeTest, TheRuleThatAProfileBringsIsFollowedAfterTheResync)
{
    COVERS("RSYNC-CUSTOMER-POWERUP");
    PhoneRun run = anUpgradingPhone({{"Resync_On_Reset", "Yes"}, {"Resync_After_Upgrade_Attempt", "Yes"}},
                                    "<flat-profile><Upgrade_Rule>" + newUrl +
                                        "</Upgrade_Rule><GPP_A>us</GPP_A></flat-profile>");
    run.pass(10s);
    EXPECT_THAT(urls(run), ElementsAre("http://192.168.1.200:80/basic.txt", HasSubstr(newLoad),
                                       "http://192.168.1.200:80/basic.txt"));
    EXPECT_EQ(run.phone->firmware().load, newLoad);
    EXPECT_EQ(run.value("GPP_A"), "us");
}

TEST(UpgradeTest, TheRuleIsFollowedAlsoAfterAResyncThatFailed)
{
    PhoneRun run = anUpgradingPhone({{"Resync_On_Reset", "Yes"}, {"Upgrade_Rule", newUrl}}, "no profile");
    run.pass(10s);
    EXPECT_EQ(run.phone->firmware().load, newLoad);
}

TEST(UpgradeTest, OfSeveralAlternativesTheOneWhoseConditionHoldsIsFollowed)
{
    COVERS("UPG-RULE-CONDITIONS");
    for (const auto& [wanted, asked] : {std::pair{"lab", newestLoad}, std::pair{"shop", newLoad}}) {
        PhoneRun run = anIdleUpgradablePhone();
        run.submit({{"GPP_A", wanted},
                    {"Upgrade_Rule", "(\"$A\" eq \"lab\")? (GPP_B = \"asked\";)! " + newestUrl +
                                         " | ($SWVER lt 11-3-1MPP-700 and \"$A\" ne \"lab\")? " + newUrl}});
        run.pass(5s);
        EXPECT_THAT(urls(run), ElementsAre(HasSubstr(asked)));
        EXPECT_EQ(run.phone->firmware().load, asked);
        EXPECT_EQ(run.value("GPP_B"), std::string_view{wanted} == "lab" ? "asked" : "");
    }
    PhoneRun none = anIdleUpgradablePhone();
    none.submit({{"Upgrade_Rule", "($SWVER ge 12-0-1MPP-1)? " + newUrl}});
    none.pass(24h);
    EXPECT_THAT(none.fetches, IsEmpty());
}

TEST(UpgradeTest, AChainOfConditionsLeadsOverEveryLoadInBetween)
{
    COVERS("UPG-MULTISTAGE", "UPG-NO-USER");
    PhoneRun::Options options;
    options.firmware = "sip7832.11-0-1MPP-321";
    options.set = quiet({{"Resync_On_Reset", "Yes"},
                         {"Upgrade_Rule", "($SWVER lt 11-1-2MPP-351)? "
                                          "http://192.168.1.5/sip7832.11-1-2MPP-351.loads | "
                                          "($SWVER lt 11-3-1MPP-678)? "
                                          "http://192.168.1.5/sip7832.11-3-1MPP-678.loads | "
                                          "http://192.168.1.5/sip7832.12-0-1MPP0001-245.loads"}});
    PhoneRun run{options};
    run.server = [](const Url& url) -> Result<SharedBytes> {
        return shareBytes(url.path.ends_with(".loads") ? makeLoad(loadNameOf(url.path), "sip7832")
                                                       : std::string{"<flat-profile/>"});
    };
    run.powerOn();
    run.pass(24h);
    std::vector<std::string> loads;
    for (const PhoneRun::Fetched& fetch : run.fetches)
        if (fetch.firmware)
            loads.push_back(fetch.url.substr(22));
    EXPECT_THAT(loads, ElementsAre("sip7832.11-1-2MPP-351.loads", "sip7832.11-3-1MPP-678.loads",
                                   "sip7832.12-0-1MPP0001-245.loads"));
    EXPECT_EQ(run.phone->firmware().load, "sip7832.12-0-1MPP0001-245");
    EXPECT_EQ(upgradeReboots(run), 3u) << "one for each stage";
}

TEST(UpgradeTest, ARuleThatIsSubmittedIsFollowedAtOnce)
{
    COVERS("UPG-RULE", "EX-FW-UPDATE-SPA");
    PhoneRun run = anIdleUpgradablePhone();
    run.submit({{"Upgrade_Rule", newUrl}});
    EXPECT_THAT(urls(run), ElementsAre(HasSubstr(newLoad)));
    run.pass(5s);
    EXPECT_THAT(run.texts(), ElementsAre(HasSubstr("Requesting upgrade"), HasSubstr("Successful upgrade"),
                                         HasSubstr("System started")));
}

TEST(UpgradeTest, TheRuleIsLookedAtAfterEveryPeriodicResync)
{
    COVERS("UPG-INTERVALS");
    PhoneRun run = anUpgradingPhone({{"Resync_On_Reset", "Yes"},
                                     {"Resync_Periodic", "600"},
                                     {"Upgrade_Error_Retry_Delay", "0"},
                                     {"Upgrade_Rule", "http://192.168.1.5/$PRVTMR-$A"}});
    int period = 0;
    run.server = [&period](const Url& url) -> Result<SharedBytes> {
        if (url.path == "/basic.txt")
            return shareBytes("<flat-profile><GPP_A>" + std::to_string(++period) + "</GPP_A></flat-profile>");
        return fail(ErrorKind::NotFound, "not yet");
    };
    run.passUntil(TimePoint{30min + 30s});
    std::vector<std::string> asked;
    for (const PhoneRun::Fetched& fetch : run.fetches)
        if (fetch.firmware)
            asked.push_back(fetch.url);
    EXPECT_THAT(asked, ElementsAre("http://192.168.1.5:80/0-1", "http://192.168.1.5:80/0-2",
                                   "http://192.168.1.5:80/0-3", "http://192.168.1.5:80/0-4"));
}

TEST(UpgradeTest, WhatWasAttemptedIsNotAttemptedAgainUntilRuleOrUrlChange)
{
    COVERS("UPG-RULE");
    PhoneRun run = anIdleUpgradablePhone();
    // The file's name does not show its version: only memory keeps the phone from fetching it again.
    run.submit({{"Upgrade_Rule", "http://192.168.1.5/$A.loads"}, {"GPP_A", "stable"}});
    run.pass(5s);
    EXPECT_EQ(run.phone->firmware().load, newLoad);
    run.forget();
    run.resync("");
    run.pass(1h);
    run.feed(PowerRemoved{});
    run.powerOn();
    run.pass(1h);
    EXPECT_THAT(urls(run), ElementsAre("http://192.168.1.200:80/basic.txt"));
    run.forget();
    run.submit({{"GPP_A", "beta"}});
    run.resync("");
    run.pass(5s);
    EXPECT_THAT(urls(run), Contains("http://192.168.1.5:80/beta.loads")) << "the URL changed";
    run.forget();
    run.submit({{"Upgrade_Rule", "http://192.168.1.5/beta.loads"}});
    run.pass(5s);
    EXPECT_THAT(urls(run), ElementsAre("http://192.168.1.5:80/beta.loads")) << "the rule changed";
    EXPECT_EQ(upgradeReboots(run), 1u) << "a load that runs already is not installed again";
}

TEST(UpgradeTest, ARestoredPhoneRemembersWhatItAttemptedAndBothPartitions)
{
    PhoneRun before = anIdleUpgradablePhone();
    before.submit({{"Upgrade_Rule", "http://192.168.1.5/stable.loads"}});
    before.pass(5s);
    PhoneRun::Options options;
    options.set = quiet({});
    PhoneRun after{options};
    ASSERT_TRUE(after.phone->restore(before.phone->memory()).has_value());
    EXPECT_EQ(after.phone->firmware().load, newLoad);
    EXPECT_EQ(after.phone->inactiveLoad(), oldLoad);
    after.powerOn();
    after.pass(1h);
    EXPECT_THAT(after.fetches, IsEmpty());
}

TEST(UpgradeTest, ALoadThatRunsAlreadyIsNotFetched)
{
    PhoneRun run =
        anUpgradingPhone({{"Upgrade_Rule", std::string{"http://192.168.1.5/"} + oldLoad + ".loads"}});
    run.pass(1h);
    EXPECT_THAT(run.fetches, IsEmpty());
}

TEST(UpgradeTest, TheLoadInTheOtherPartitionRunsWithoutADownload)
{
    PhoneRun run = anIdleUpgradablePhone();
    upgrade(run, newUrl);
    run.pass(5s);
    ASSERT_EQ(run.phone->inactiveLoad(), oldLoad);
    run.forget();
    run.refuse(ErrorKind::Unreachable);
    run.submit({{"Upgrade_Rule", std::string{"http://nobody.example/image/"} + oldLoad + ".loads"}});
    run.pass(5s);
    EXPECT_THAT(run.fetches, IsEmpty());
    EXPECT_EQ(run.phone->firmware().load, oldLoad);
    EXPECT_EQ(run.phone->inactiveLoad(), newLoad);
    EXPECT_EQ(upgradeReboots(run), 2u);
    EXPECT_THAT(run.texts(),
                ElementsAre(HasSubstr("-- Requesting upgrade http://nobody.example:80/image/sip7832"),
                            HasSubstr("-- Successful upgrade http://nobody.example:80/image/sip7832"),
                            HasSubstr("System started")));
}

TEST(UpgradeTest, ARuleWithoutServerOrWithOptionsFailsByName)
{
    for (const auto& [rule, says] : {std::pair{"/x.loads", "names no server"},
                                     std::pair{"[--uid a --pwd b] http://192.168.1.5/x.loads", "options"}}) {
        PhoneRun run = anIdleUpgradablePhone();
        run.submit({{"Upgrade_Rule", rule}});
        run.pass(1s);
        EXPECT_THAT(run.fetches, IsEmpty());
        EXPECT_THAT(run.texts(),
                    ElementsAre(::testing::AllOf(HasSubstr("Upgrade failed: "), HasSubstr(says))));
    }
}

}  // namespace
}  // namespace emulator
