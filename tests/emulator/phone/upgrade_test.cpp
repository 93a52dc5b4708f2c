#include "emulator/phone/firmware_load.hpp"
#include "tests/emulator/phone/phone_run.hpp"

#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* oldLoad = "sip7832.11-3-1MPP-678";
constexpr const char* newLoad = "sip7832.11-3-2MPP0001-609";
constexpr const char* newestLoad = "sip7832.12-0-1MPP0001-245";
const std::string newUrl = std::string{"http://192.168.1.5/"} + newLoad + ".loads";
const std::string newestUrl = std::string{"http://192.168.1.5/"} + newestLoad + ".loads";

std::map<std::string, std::string> quiet(std::map<std::string, std::string> set)
{
    set.try_emplace("Resync_On_Reset", "No");
    set.try_emplace("Resync_After_Upgrade_Attempt", "No");
    set.try_emplace("Profile_Rule", "http://192.168.1.200/basic.txt");
    set.try_emplace("Syslog_Server", "192.168.1.210");
    set.try_emplace("Resync_Random_Delay", "0");
    return set;
}

// A phone that a server answers with the load that the path names ("/image/<load>.loads"), unless told otherwise, and
// with a profile at every other path.
PhoneRun anUpgradingPhone(std::map<std::string, std::string> set = {},
                          std::string profile = "<flat-profile/>", std::string model = "CP-7832-3PCC")
{
    PhoneRun::Options options;
    options.set = quiet(std::move(set));
    options.model = std::move(model);
    PhoneRun run{options};
    run.server = [profile = std::move(profile)](const Url& url) -> Result<SharedBytes> {
        const std::string_view name = loadNameOf(url.path);
        const bool load = url.path.ends_with(".loads");
        return shareBytes(load ? makeLoad(name.starts_with("sip") ? name : newLoad, "sip7832") : profile);
    };
    run.powerOn();
    return run;
}

PhoneRun anIdleUpgradablePhone(std::map<std::string, std::string> set = {},
                               std::string model = "CP-7832-3PCC")
{
    PhoneRun run = anUpgradingPhone(std::move(set), "<flat-profile/>", std::move(model));
    run.pass(1s);
    run.forget();
    return run;
}

void upgrade(PhoneRun& run, std::string url)
{
    run.feed(UpgradeCommanded{std::move(url), IpAddress::parse("192.168.2.251").value()});
}

std::size_t reboots(const PhoneRun& run)
{
    std::size_t upgrades = 0;
    for (const auto& [at, reason] : run.phone->reboots())
        upgrades += reason == RebootReason::Upgrade ? 1u : 0u;
    return upgrades;
}

// --- a command ---

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
    EXPECT_EQ(reboots(run), 0u);
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

// --- the upgrade rule ---

TEST(UpgradeTest, TheRuleIsFollowedAtBootWhenNoResyncIsDue)
{
    COVERS("UPG-RULE", "UPG-NO-USER", "RSYNC-NO-USER");
    PhoneRun run = anUpgradingPhone({{"Upgrade_Rule", newUrl}});
    run.pass(600ms);
    EXPECT_THAT(urls(run), ElementsAre(HasSubstr(newLoad)));
    run.pass(10s);
    EXPECT_EQ(run.phone->firmware().load, newLoad);
    EXPECT_EQ(reboots(run), 1u);

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
    EXPECT_EQ(reboots(run), 3u) << "one for each stage";
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
    EXPECT_EQ(reboots(run), 1u) << "a load that runs already is not installed again";
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
    EXPECT_EQ(reboots(run), 2u);
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

// --- failures ---

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

// --- the limit ---

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

// --- power, calls, late answers ---

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
        EXPECT_EQ(reboots(run), 0u);
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
