#include "emulator/phone/firmware_load.hpp"
#include "tests/emulator/phone/phone_run.hpp"

#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* newLoad = "sip7832.11-3-2MPP0001-609";

PhoneRun anIdlePhone(std::map<std::string, std::string> set = {})
{
    set.try_emplace("Resync_On_Reset", "No");
    set.try_emplace("Resync_After_Upgrade_Attempt", "No");
    set.try_emplace("Profile_Rule", "http://192.168.1.200/basic.txt");
    set.try_emplace("Syslog_Server", "192.168.1.210");
    set.try_emplace("Resync_Random_Delay", "0");
    PhoneRun::Options options;
    options.set = std::move(set);
    PhoneRun run{options};
    run.serve(makeLoad(newLoad, "sip7832"));
    run.powerOn();
    run.pass(1s);
    run.forget();
    return run;
}

void upgrade(PhoneRun& run, std::string url)
{
    run.feed(UpgradeCommanded{std::move(url), IpAddress::parse("192.168.2.251").value()});
}

TEST(UpgradeTest, ACommandFetchesTheLoadRebootsAndReportsTheNewVersion)
{
    COVERS("UPG-URL-CMD", "UPG-PLAIN-FIRMWARE", "UPG-NO-USER", "SYSLOG-UPG-REQUEST", "SYSLOG-UPG-SUCCESS",
           "SYSLOG-RESYNC-AND-UPGRADE", "UPG-AUDIT-STATUS");
    PhoneRun run = anIdlePhone();
    upgrade(run, "tftp://192.168.2.251/sip7832.11-3-2MPP0001-609.loads");
    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_EQ(run.fetches[0].url, "tftp://192.168.2.251:69/sip7832.11-3-2MPP0001-609.loads");
    run.pass(100ms);
    EXPECT_EQ(run.phone->state(), PhoneState::Booting);
    run.pass(5s);
    EXPECT_EQ(run.phone->firmware().dotted, "11.3.2");
    EXPECT_EQ(run.phone->firmware().load, newLoad);
    EXPECT_EQ(run.phone->reboots().at(0).second, RebootReason::Upgrade);
    EXPECT_THAT(run.texts(), ElementsAre(HasSubstr("-- Requesting upgrade tftp://192.168.1.200:69/sip7832"),
                                         HasSubstr("-- Successful upgrade tftp://192.168.1.200:69/sip7832"),
                                         HasSubstr("System started")));
    EXPECT_THAT(run.phone->userAgent(), HasSubstr("/11.3.2 "));
}

TEST(UpgradeTest, ALoadForOtherHardwareOrNoLoadAtAllIsRefused)
{
    COVERS("SYSLOG-UPG-FAILURE");
    for (const std::string& bytes :
         {makeLoad("sip88xx.11-3-2MPP0001-609", "sip88xx"), std::string{"<html>"}}) {
        PhoneRun run = anIdlePhone();
        run.serve(bytes);
        const std::string before = run.phone->firmware().load;
        upgrade(run, "http://192.168.1.200/x.loads");
        run.pass(5s);
        EXPECT_EQ(run.phone->firmware().load, before);
        EXPECT_EQ(run.phone->state(), PhoneState::Idle);
        EXPECT_THAT(run.lines.back().text, HasSubstr("-- Upgrade failed: "));
        EXPECT_FALSE(run.phone->outcomes().at(0).succeeded);
    }
}

TEST(UpgradeTest, UpgradeEnableNoKeepsTheFirmware)
{
    COVERS("UPG-ENABLE");
    PhoneRun run = anIdlePhone({{"Upgrade_Enable", "No"}});
    upgrade(run, "http://192.168.1.200/x.loads");
    run.pass(5s);
    EXPECT_THAT(run.fetches, IsEmpty());
    run.resync("");
    EXPECT_THAT(run.fetches, SizeIs(1)) << "resyncs continue";
}

TEST(UpgradeTest, DefaultsFillWhatTheUrlLeavesOut)
{
    COVERS("UPG-DEFAULTS");
    PhoneRun run = anIdlePhone();
    upgrade(run, "/image/x.loads");
    upgrade(run, "https://192.168.1.5/x.loads");
    run.serve("no load");
    run.pass(5s);
    EXPECT_EQ(run.fetches.at(0).url, "tftp://192.168.2.251:69/image/x.loads");
    EXPECT_EQ(run.fetches.at(1).url, "https://192.168.1.5:443/x.loads");
    upgrade(run, "http://192.168.1.5/x.loads");
    EXPECT_EQ(run.fetches.at(2).url, "http://192.168.1.5:80/x.loads");
}

TEST(UpgradeTest, TheProfileFollowsAnUpgradeWhenSoConfigured)
{
    COVERS("RSYNC-AFTER-UPGRADE-YES", "RSYNC-AFTER-UPGRADE-NO");
    for (const bool wanted : {true, false}) {
        PhoneRun run = anIdlePhone({{"Resync_After_Upgrade_Attempt", wanted ? "Yes" : "No"}});
        upgrade(run, "http://192.168.1.200/x.loads");
        run.pass(10s);
        EXPECT_THAT(run.fetches, SizeIs(wanted ? 2 : 1));
    }
}

TEST(UpgradeTest, ResyncOnResetCoversUpgradesToo)
{
    PhoneRun run = anIdlePhone({{"Resync_On_Reset", "Yes"}});
    run.pass(1s);
    run.forget();
    upgrade(run, "http://192.168.1.200/x.loads");
    run.pass(10s);
    EXPECT_THAT(run.fetches, SizeIs(2));
}

TEST(UpgradeTest, UpgradeRuleAndMacrosServeACommandWithoutUrl)
{
    COVERS("MACRO-SCOPE-UPGRADE");
    PhoneRun run = anIdlePhone({{"Upgrade_Rule", "http://192.168.1.5/$A/x.loads"}, {"GPP_A", "lab"}});
    upgrade(run, "");
    EXPECT_EQ(run.fetches.at(0).url, "http://192.168.1.5:80/lab/x.loads");
}

}  // namespace
}  // namespace emulator
