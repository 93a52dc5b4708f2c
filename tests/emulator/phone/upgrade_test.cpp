// An upgrade that a person commands: loads, paths and rights, what follows it, and calls that hold it back.

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
using ::testing::SizeIs;

TEST(UpgradeTest, ACommandFetchesTheLoadRebootsAndReportsTheNewVersion)
{
    COVERS("UPG-URL-CMD", "UPG-PLAIN-FIRMWARE", "UPG-NO-USER", "SYSLOG-UPG-REQUEST", "SYSLOG-UPG-SUCCESS",
           "SYSLOG-RESYNC-AND-UPGRADE", "UPG-AUDIT-STATUS", "HTTP-UA");
    PhoneRun run = anIdleUpgradablePhone();
    upgrade(run, "tftp://192.168.2.251/sip7832.11-3-2MPP0001-609.loads");
    EXPECT_THAT(urls(run), ElementsAre("tftp://192.168.2.251:69/sip7832.11-3-2MPP0001-609.loads"));
    run.pass(100ms);
    EXPECT_EQ(run.phone->state(), PhoneState::Upgrading) << "it writes its other partition";
    EXPECT_EQ(run.phone->firmware().load, oldLoad);
    run.pass(1s);
    EXPECT_EQ(run.phone->state(), PhoneState::Booting);
    run.pass(5s);
    EXPECT_EQ(run.phone->firmware().dotted, "11.3.2");
    EXPECT_EQ(run.phone->firmware().load, newLoad);
    EXPECT_EQ(run.phone->inactiveLoad(), oldLoad);
    EXPECT_EQ(run.phone->reboots().at(0).second, RebootReason::Upgrade);
    EXPECT_THAT(run.texts(), ElementsAre(HasSubstr("-- Requesting upgrade tftp://192.168.1.200:69/sip7832"),
                                         HasSubstr("-- Successful upgrade tftp://192.168.1.200:69/sip7832"),
                                         HasSubstr("System started")));
    EXPECT_THAT(run.phone->userAgent(), HasSubstr("/11.3.2 "));
}

TEST(UpgradeTest, TheRequestMessageComesFirstAndTheSuccessMessageOnlyWhenTheNewLoadIsSafe)
{
    COVERS("SYSLOG-UPG-REQUEST", "SYSLOG-UPG-SUCCESS");
    PhoneRun run = anIdleUpgradablePhone();
    run.order.clear();
    upgrade(run, newUrl);
    run.pass(1s);
    EXPECT_THAT(run.order, ElementsAre("fetch", "syslog"));
    run.pass(300ms);
    EXPECT_THAT(run.order, ElementsAre("fetch", "syslog", "remember", "syslog"));
}

struct Refusal {
    const char* name;
    std::string file;
    const char* says;
};
std::string changed(std::string file, std::size_t at)
{
    file[at] = static_cast<char>(file[at] ^ 1);
    return file;
}

class RefusedLoadTest : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedLoadTest, IsNamedAndChangesNothing)
{
    COVERS("SYSLOG-UPG-FAILURE", "UPG-AUDIT-STATUS");
    PhoneRun run = anIdleUpgradablePhone();
    run.serve(GetParam().file);
    upgrade(run, "http://192.168.1.200/x.loads");
    run.pass(5s);
    EXPECT_EQ(run.phone->firmware().load, oldLoad);
    EXPECT_EQ(run.phone->state(), PhoneState::Idle);
    EXPECT_EQ(upgradeReboots(run), 0u);
    EXPECT_THAT(run.lines.back().text, HasSubstr(std::string{"-- Upgrade failed: "} + GetParam().says));
    EXPECT_FALSE(run.phone->outcomes().at(0).succeeded);
    EXPECT_TRUE(run.phone->outcomes().at(0).firmware);
    EXPECT_THAT(std::string{run.phone->lastUpgradeFailure()}, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Files, RefusedLoadTest,
    testing::Values(Refusal{"OfAnotherProduct", makeLoad("sip88xx.11-3-2MPP0001-609", "sip88xx"),
                            "sip88xx.11-3-2MPP0001-609 is firmware for sip88xx; this phone takes sip7832"},
                    Refusal{"WebPage", "<html>", "not a firmware load: it does not begin as one"},
                    Refusal{"Empty", "", "not a firmware load: it does not begin as one"},
                    Refusal{"CutOff", makeLoad(newLoad, "sip7832").substr(0, 3000),
                            "firmware load is cut off: "},
                    Refusal{"Damaged", changed(makeLoad(newLoad, "sip7832"), 3000),
                            "firmware load is damaged: its checksum does not fit"},
                    Refusal{"WithTooMuch", makeLoad(newLoad, "sip7832") + "\n",
                            "firmware load has 1 bytes after its end"},
                    Refusal{"WithoutVersion", makeLoad("newest", "sip7832"), "'newest' is not a firmware"}),
    [](const auto& row) { return row.param.name; });

TEST(UpgradeTest, UpgradeEnableNoKeepsTheFirmware)
{
    COVERS("UPG-ENABLE");
    PhoneRun run = anIdleUpgradablePhone({{"Upgrade_Enable", "No"}, {"Upgrade_Rule", newUrl}});
    upgrade(run, newUrl);
    run.pass(5s);
    EXPECT_THAT(run.fetches, IsEmpty());
    run.resync("");
    run.pass(5s);
    EXPECT_THAT(urls(run), ElementsAre("http://192.168.1.200:80/basic.txt")) << "resyncs continue";
    run.submit({{"Upgrade_Enable", "Yes"}});
    run.pass(5s);
    EXPECT_EQ(run.phone->firmware().load, newLoad);
}

TEST(UpgradeTest, UpgradesAreEnabledWithoutResyncs)
{
    COVERS("UPG-ENABLE");
    PhoneRun run = anIdleUpgradablePhone(
        {{"Provision_Enable", "No"}, {"Resync_On_Reset", "Yes"}, {"Upgrade_Rule", newUrl}});
    run.pass(5s);
    EXPECT_EQ(run.phone->firmware().load, newLoad);
}

TEST(UpgradeTest, DefaultsFillWhatTheUrlLeavesOut)
{
    COVERS("UPG-DEFAULTS");
    PhoneRun run = anIdleUpgradablePhone();
    run.serve("no load");
    upgrade(run, "/image/x.loads");
    upgrade(run, "https://192.168.1.5/x.loads");
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
        for (const char* url : {"http://192.168.1.200/x.loads", "http://192.168.1.200/no-load"}) {
            PhoneRun run = anIdleUpgradablePhone({{"Resync_After_Upgrade_Attempt", wanted ? "Yes" : "No"}});
            upgrade(run, url);
            run.pass(10s);
            EXPECT_THAT(run.fetches, SizeIs(wanted ? 2 : 1)) << url;
        }
    }
}

TEST(UpgradeTest, ResyncOnResetCoversUpgradesToo)
{
    COVERS("RSYNC-ON-RESET-YES");
    PhoneRun run = anIdleUpgradablePhone({{"Resync_On_Reset", "Yes"}});
    run.pass(1s);
    run.forget();
    upgrade(run, "http://192.168.1.200/x.loads");
    run.pass(10s);
    EXPECT_THAT(run.fetches, SizeIs(2));
}

TEST(UpgradeTest, UpgradeRuleAndMacrosServeACommandWithoutUrl)
{
    COVERS("MACRO-SCOPE-UPGRADE");
    PhoneRun run = anIdleUpgradablePhone();
    run.submit({{"Upgrade_Rule", "http://192.168.1.5/$A.loads"}, {"GPP_A", newLoad}});
    run.pass(5s);
    run.submit({{"GPP_A", newestLoad}});
    run.pass(5s);
    upgrade(run, "");
    EXPECT_THAT(urls(run), ElementsAre("http://192.168.1.5:80/sip7832.11-3-2MPP0001-609.loads",
                                       "http://192.168.1.5:80/sip7832.12-0-1MPP0001-245.loads"));
}

struct DefaultPath {
    const char* name;
    const char* model;
    const char* command;
    const char* asked;
};
class DefaultPathTest : public testing::TestWithParam<DefaultPath> {};

TEST_P(DefaultPathTest, CompletesACommandWithoutPath)
{
    COVERS("UPG-URL-DEFAULT-SPA", "UPG-URL-DEFAULT-WIP", "EX-FW-URL-SPA", "UPG-ENABLE");
    PhoneRun::Options options;
    options.model = GetParam().model;
    options.set = quiet({});
    PhoneRun run{options};
    EXPECT_EQ(run.value("Upgrade_Enable"), "Yes") << "by default";
    const bool wip = options.model == "WIP310";
    run.serve(makeLoad(wip ? "5.0.12" : "7.4.9c", wip ? "wip310" : "spa50x"));
    run.powerOn();
    run.pass(1s);
    run.feed(UpgradeCommanded{GetParam().command, IpAddress::parse("192.168.2.251").value()});
    run.pass(5s);
    EXPECT_THAT(urls(run), ElementsAre(GetParam().asked));
    EXPECT_EQ(run.phone->firmware().load, wip ? "5.0.12" : "7.4.9c");
    EXPECT_THAT(run.texts(),
                Contains(HasSubstr(std::string{GetParam().model} + " 00:0e:08:ab:cd:ef -- Requesting")));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, DefaultPathTest,
    testing::Values(
        DefaultPath{"SpaServer", "SPA508G", "http://192.168.2.4", "http://192.168.2.4:80/spa.bin"},
        DefaultPath{"SpaServerAlone", "SPA508G", "192.168.2.4:6900", "tftp://192.168.2.4:6900/spa.bin"},
        DefaultPath{"SpaNothing", "SPA504G", "", "tftp://192.168.2.251:69/spa.bin"},
        DefaultPath{"SpaPath", "SPA508G", "tftp://192.168.2.4/new.bin", "tftp://192.168.2.4:69/new.bin"},
        DefaultPath{"WipServer", "WIP310", "tftp://192.168.2.4", "tftp://192.168.2.4:69/wip310.img"},
        DefaultPath{"WipNothing", "WIP310", "", "tftp://192.168.2.251:69/wip310.img"}),
    [](const auto& row) { return row.param.name; });

TEST(UpgradeTest, AnMppPhoneHasNoDefaultPath)
{
    PhoneRun run = anIdleUpgradablePhone();
    upgrade(run, "tftp://192.168.2.251");
    run.pass(1s);
    EXPECT_THAT(run.fetches, IsEmpty());
    EXPECT_THAT(run.texts(),
                ElementsAre(HasSubstr("Upgrade failed: URL 'tftp://192.168.2.251' has no path")));
}

TEST(UpgradeTest, TheRuleAndItsRetriesWaitForIdleLines)
{
    COVERS("UPG-IDLE", "MODEL-IDLE-BUSY");
    PhoneRun run = anIdleUpgradablePhone({{"Upgrade_Error_Retry_Delay", "10"}});
    run.feed(CallBegan{1});
    run.submit({{"Upgrade_Rule", newUrl}});
    run.pass(1min);
    EXPECT_THAT(run.fetches, IsEmpty());
    run.refuse(ErrorKind::NotFound);
    run.feed(CallEnded{1});
    EXPECT_THAT(run.fetches, SizeIs(1));
    run.pass(5s);
    run.feed(CallBegan{1});
    run.pass(1min);
    EXPECT_THAT(run.fetches, SizeIs(1));
    run.feed(CallEnded{1});
    EXPECT_THAT(run.fetches, SizeIs(2));
}

TEST(UpgradeTest, ACommandDuringACallIsCarriedOutAfterIt)
{
    COVERS("UPG-IDLE", "EX-FW-URL-SPA");
    PhoneRun run = anIdleUpgradablePhone();
    run.feed(CallBegan{1});
    upgrade(run, newUrl);
    run.pass(1h);
    EXPECT_THAT(run.fetches, IsEmpty());
    run.feed(CallEnded{1});
    run.pass(5s);
    EXPECT_EQ(run.phone->firmware().load, newLoad);
}

TEST(UpgradeTest, NoCallBeginsDuringAnUpgrade)
{
    PhoneRun run = anIdleUpgradablePhone();
    upgrade(run, newUrl);
    run.feed(CallBegan{1});
    EXPECT_TRUE(run.phone->linesIdle()) << "audio is off";
}

}  // namespace
}  // namespace emulator
