#include "tests/emulator/phone/resyncing_phone.hpp"

#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ResyncTest, PowerUpBringsAResyncThatAppliesTheProfile)
{
    COVERS("RSYNC-ON-RESET-YES", "RSYNC-PROVISION-ENABLE-YES", "PROF-PARSE-APPLY", "RSYNC-NO-USER");
    PhoneRun run = aPhone();
    run.powerOn();
    run.pass(2s);

    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_EQ(run.fetches[0].url, "http://192.168.1.200:80/basic.txt");
    EXPECT_EQ(run.value("GPP_A"), "12345678");
    run.feed(PowerRemoved{});
    run.pass(1s);
    run.powerOn();
    run.pass(2s);
    EXPECT_THAT(run.fetches, SizeIs(2));
}

TEST(ResyncTest, ResyncOnResetNoLeavesThePowerUpWithoutARequest)
{
    COVERS("RSYNC-ON-RESET-NO");
    PhoneRun run = aPhone({{"Resync_On_Reset", "No"}});
    run.powerOn();
    run.pass(48h);
    run.feed(RebootCommanded{});
    run.pass(1h);
    run.feed(RebootCommanded{.warm = true});
    run.pass(1h);
    EXPECT_THAT(run.fetches, IsEmpty());
    run.resync("");
    run.pass(1s);
    EXPECT_THAT(run.fetches, SizeIs(1));
}

TEST(ResyncTest, ProvisionEnableNoBlocksEveryResync)
{
    COVERS("RSYNC-PROVISION-ENABLE-NO");
    PhoneRun run = aPhone({{"Provision_Enable", "No"}});
    run.powerOn();
    run.pass(24h);
    run.resync("http://192.168.1.200/basic.txt");
    run.pass(24h);
    EXPECT_THAT(run.fetches, IsEmpty());

    PhoneRun later = aPhone({{"Resync_Periodic", "30"}});
    later.powerOn();
    later.pass(10s);
    later.submit({{"Provision_Enable", "No"}});
    later.pass(1h);
    EXPECT_THAT(later.fetches, SizeIs(1)) << "nor does a period that runs already";
}

TEST(ResyncTest, GeneralPurposeParametersHaveNoEffectOfTheirOwn)
{
    COVERS("GPP-FREE-REGISTERS");
    for (const char* model : {"CP-7832-3PCC", "CP-7841-3PCC"}) {
        PhoneRun::Options options;
        options.model = model;
        options.set = {{"Profile_Rule", "http://192.168.1.200/basic.txt"}, {"Resync_Random_Delay", "0"}};
        PhoneRun run{options};
        run.serve("<flat-profile/>");
        run.powerOn();
        run.pass(2s);
        run.forget();
        run.states.clear();
        const auto next = run.phone->nextResync();
        for (const char* letter : {"A", "B", "C", "D", "E", "F", "G",  "H",  "I",  "J",
                                   "K", "L", "M", "N", "O", "P", "SA", "SB", "SC", "SD"}) {
            const std::string name = std::string{"GPP_"} + letter;
            run.submit({{name, "[--key $A] http://h/x | ($B)? yes"}});
            EXPECT_EQ(run.value(name), "[--key $A] http://h/x | ($B)? yes");
        }
        run.pass(1min);
        EXPECT_THAT(run.fetches, IsEmpty());
        EXPECT_THAT(run.states, IsEmpty());
        EXPECT_THAT(run.phone->reboots(), IsEmpty());
        EXPECT_EQ(run.phone->nextResync(), next);
    }
}

TEST(ResyncTest, SubmittingARuleRebootsAndResyncsAtOnce)
{
    COVERS("RSYNC-SUBMIT-REBOOT");
    PhoneRun run = aPhone({{"Resync_Random_Delay", "3"}, {"Resync_On_Reset", "No"}});
    run.powerOn();
    run.pass(1min);
    EXPECT_THAT(run.fetches, IsEmpty());
    run.submit({{"Profile_Rule", "http://192.168.1.201/other.txt"}});
    EXPECT_EQ(run.phone->state(), PhoneState::Booting);
    run.pass(1s);
    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_EQ(run.fetches[0].url, "http://192.168.1.201:80/other.txt");
    EXPECT_EQ(run.phone->reboots().at(0).second, RebootReason::Provisioning);
}

TEST(ResyncTest, SubmittingANewPeriodMovesTheNextResync)
{
    PhoneRun run = aPhone({{"Resync_Periodic", "3600"}});
    run.answerTime = 0s;
    run.powerOn();
    run.pass(10s);
    run.submit({{"Resync_Periodic", "30"}});
    EXPECT_NE(run.phone->state(), PhoneState::Booting);
    run.pass(100s);
    EXPECT_THAT(run.fetches, SizeIs(4));
}

TEST(ResyncTest, AllRulesAreFetchedInSequenceAndLaterValuesWin)
{
    COVERS("RULE-SEQUENCE", "RULE-FOUR", "PROF-ORDER", "PROF-MULTI");
    PhoneRun run = aPhone({{"Profile_Rule", "tftp://192.168.1.200/a.txt"},
                           {"Profile_Rule_B", "http://192.168.1.201/b.txt"},
                           {"Profile_Rule_C", "http://192.168.1.202:8080/c.txt"},
                           {"Profile_Rule_D", "192.168.1.203/d.txt"}});
    run.server = [](const Url& url) -> Result<SharedBytes> {
        return shareBytes("<flat-profile><GPP_A>" + url.path + "</GPP_A></flat-profile>");
    };
    run.powerOn();
    run.pass(5s);
    std::vector<std::string> urls;
    for (const auto& fetch : run.fetches)
        urls.push_back(fetch.url);
    EXPECT_THAT(urls, ElementsAre("tftp://192.168.1.200:69/a.txt", "http://192.168.1.201:80/b.txt",
                                  "http://192.168.1.202:8080/c.txt", "tftp://192.168.1.203:69/d.txt"));
    EXPECT_EQ(run.value("GPP_A"), "/d.txt");
}

TEST(ResyncTest, ARuleFillsInProtocolAndPort)
{
    COVERS("RULE-URL-FORMAT", "RULE-DEFAULT-PROTO", "RULE-PORT-TFTP", "RULE-PORT-HTTP", "RULE-PORT-HTTPS",
           "RULE-CUSTOM-PORT", "RULE-EX-6900", "RULE-QUERY", "HTTP-PORT-OVERRIDE");
    const std::vector<std::pair<std::string, std::string>> rows{
        {"192.168.1.200/basic.txt", "tftp://192.168.1.200:69/basic.txt"},
        {"tftp://192.168.1.200:6900/basic.txt", "tftp://192.168.1.200:6900/basic.txt"},
        {"tftp://prov.telco.com:6900/cisco/config/$PN.cfg",
         "tftp://prov.telco.com:6900/cisco/config/CP-7832-3PCC.cfg"},
        {"http://192.168.1.200/basic.txt", "http://192.168.1.200:80/basic.txt"},
        {"https://prov.server.com/cgi-bin/reflect.pl?", "https://prov.server.com:443/cgi-bin/reflect.pl?"},
        {"https://192.168.1.200/basic.txt", "https://192.168.1.200:443/basic.txt"},
        {"https://192.168.1.200:8443/basic.txt", "https://192.168.1.200:8443/basic.txt"}};
    for (const auto& [rule, url] : rows) {
        PhoneRun run = aPhone({{"Profile_Rule", rule}});
        run.powerOn();
        run.pass(1s);
        ASSERT_THAT(run.fetches, SizeIs(1)) << rule;
        EXPECT_EQ(run.fetches[0].url, url);
    }
}

TEST(ResyncTest, ABadUrlInTheRuleFailsAndIsTriedAgain)
{
    COVERS("RULE-BAD-URL", "PROV-HTTP-CAT-C");
    for (const char* rule : {"http://192.168.1.300/basic.txt", "gopher://192.168.1.200/x",
                             "http://192.168.1.200:99999/x", "http://[192.168.1.200/x"}) {
        PhoneRun run = aPhone({{"Profile_Rule", rule},
                               {"Resync_Error_Retry_Delay", "40"},
                               {"Syslog_Server", "192.168.1.210"},
                               {"Log_Request_Msg", ""}});
        run.powerOn();
        run.pass(45s);
        EXPECT_THAT(run.fetches, IsEmpty());
        const auto failures =
            std::count_if(run.lines.begin(), run.lines.end(), [](const PhoneRun::Line& line) {
                return line.text.find("-- Resync failed: ") != std::string::npos;
            });
        EXPECT_EQ(failures, 2) << rule;
    }
}

TEST(ResyncTest, AFailingRuleStopsTheSequenceAndTheRetryBeginsWithTheFirst)
{
    PhoneRun run =
        aPhone({{"Profile_Rule_B", "http://192.168.1.201/b.txt"}, {"Resync_Error_Retry_Delay", "30"}});
    run.answerTime = 0s;
    run.server = [](const Url& url) -> Result<SharedBytes> {
        if (url.path == "/b.txt")
            return fail(ErrorKind::TimedOut, "silent");
        return shareBytes(std::string{basicProfile});
    };
    run.powerOn();
    run.pass(31s);
    ASSERT_THAT(run.fetches, SizeIs(4));
    EXPECT_EQ(run.fetches[2].url, run.fetches[0].url);
    EXPECT_EQ(run.fetches[3].url, run.fetches[1].url);
}

TEST(ResyncTest, ACommandedUrlIsFetchedAtOnceAndNotStored)
{
    COVERS("WEB-RETAIL-PIN");
    PhoneRun run = aPhone({{"Resync_On_Reset", "No"}});
    run.powerOn();
    run.pass(1s);
    run.resync("http://192.168.1.7/cisco-init/1234abcd");
    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_EQ(run.fetches[0].url, "http://192.168.1.7:80/cisco-init/1234abcd");
    run.pass(1s);
    EXPECT_EQ(run.value("Profile_Rule"), "http://192.168.1.200/basic.txt");
    run.pass(1h);
    ASSERT_THAT(run.fetches, SizeIs(2));
    EXPECT_EQ(run.fetches[1].url, "http://192.168.1.200:80/basic.txt") << "the period uses the stored rule";
}

TEST(ResyncTest, TheAskingMachineIsTheServerOfACommandWithoutOne)
{
    COVERS("RULE-DEFAULT-SERVER");
    PhoneRun run = aPhone({{"Resync_On_Reset", "No"}});
    run.powerOn();
    run.pass(1s);
    run.resync("/basic.txt", "192.168.1.55");
    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_EQ(run.fetches[0].url, "tftp://192.168.1.55:69/basic.txt");
}

TEST(ResyncTest, AStoredRuleWithoutServerGoesToTheOneThatTheNetworkNames)
{
    COVERS("RULE-LEADING-SLASH", "RULE-DEFAULT-PSN", "MACRO-PSN", "TFTP-PREPROV-AUTO");
    PhoneRun::Options options;
    options.provisioningServer = "192.168.1.9";
    options.set = {{"Resync_Random_Delay", "0"}};
    PhoneRun run{options};
    run.powerOn();
    run.pass(1s);
    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_EQ(run.fetches[0].url, "tftp://192.168.1.9:69/7832-3PCC.xml");
}

TEST(ResyncTest, FirmwareElevenZeroAsksForItsProductName)
{
    COVERS("RULE-DEFAULT-PN", "MACRO-PN");
    PhoneRun::Options options;
    options.provisioningServer = "192.168.1.9";
    options.firmware = "11.0.1";
    options.set = {{"Resync_Random_Delay", "0"}};
    PhoneRun run{options};
    EXPECT_EQ(run.value("Profile_Rule"), "$PN.cfg");
    run.powerOn();
    run.pass(1s);
    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_EQ(run.fetches[0].url, "tftp://192.168.1.9:69/CP-7832-3PCC.cfg");
}

TEST(ResyncTest, OfTheFourRulesOnlyTheFirstIsSetOnAFactoryFreshPhone)
{
    COVERS("RULE-DEFAULT-PSN", "RULE-DEFAULT-BCD");
    for (const char* model : {"CP-7832-3PCC", "CP-7841-3PCC", "CP-8851-3PCC"}) {
        PhoneRun run{{.model = model}};
        EXPECT_EQ(run.value("Profile_Rule"), "/$PSN.xml") << model;
        for (const char* rule : {"Profile_Rule_B", "Profile_Rule_C", "Profile_Rule_D"})
            EXPECT_EQ(run.value(rule), "") << model;
    }
}

TEST(ResyncTest, WithoutAnyServerThereIsNothingToFetchAndNothingToFail)
{
    PhoneRun::Options options;
    options.set = {{"Resync_Random_Delay", "0"}, {"Syslog_Server", "192.168.1.210"}};
    PhoneRun run{options};
    run.powerOn();
    run.pass(48h);
    EXPECT_THAT(run.fetches, IsEmpty());
    EXPECT_EQ(run.phone->state(), PhoneState::Idle);
    EXPECT_EQ(run.phone->muteLed(), MuteLed::Off);
}

TEST(ResyncTest, ARuleOnALineOfItsOwnIsAccepted)
{
    COVERS("PROF-RULE-MULTILINE");
    PhoneRun run = aPhone();
    run.serve("<flat-profile><Profile_Rule>\n  "
              "tftp://192.168.1.200/CP-7832-3PCC$MA.cfg\n</Profile_Rule></flat-profile>");
    run.powerOn();
    run.pass(1s);
    run.resync("");
    EXPECT_EQ(run.fetches.at(1).url, "tftp://192.168.1.200:69/CP-7832-3PCC000e08abcdef.cfg");
}

TEST(ResyncTest, AHalfProfileChangesNothing)
{
    COVERS("PROV-HTTP-CORRUPT", "PROV-HTTP-CAT-B", "RSYNC-ERROR-CAUSES");
    PhoneRun run = aPhone({{"Resync_Error_Retry_Delay", "77"}, {"Syslog_Server", "192.168.1.210"}});
    run.answerTime = 0s;
    run.serve("<flat-profile><GPP_A>1</GPP_A><GPP_B>2</GP");
    run.powerOn();
    run.pass(100s);
    EXPECT_EQ(run.value("GPP_A"), "");
    EXPECT_THAT(run.gaps(), ElementsAre(77));
    EXPECT_THAT(run.texts(), ::testing::Contains(::testing::HasSubstr("Resync failed: Corrupt file")));
    EXPECT_EQ(run.phone->muteLed(), MuteLed::FastBlink);
}

TEST(ResyncTest, AnAnswerToAnEarlierRequestChangesNothing)
{
    PhoneRun run = aPhone();
    run.powerOn();
    run.pass(1s);
    const std::string before = run.value("GPP_A");
    run.feed(FetchFinished{RequestId{999}, shareBytes("<flat-profile><GPP_A>late</GPP_A></flat-profile>")});
    EXPECT_EQ(run.value("GPP_A"), before);
    run.feed(PowerRemoved{});
    run.feed(FetchFinished{RequestId{1}, shareBytes("<flat-profile><GPP_A>late</GPP_A></flat-profile>")});
    EXPECT_EQ(run.value("GPP_A"), before);
    EXPECT_EQ(run.phone->state(), PhoneState::Off);
}

TEST(ResyncTest, ACommandDuringAResyncWaitsForItsEnd)
{
    PhoneRun run = aPhone();
    run.answerTime = 10s;
    run.powerOn();
    run.pass(1s);
    run.resync("http://192.168.1.200/second.txt");
    EXPECT_THAT(run.fetches, SizeIs(1));
    run.pass(10s);
    ASSERT_THAT(run.fetches, SizeIs(2));
    EXPECT_EQ(run.fetches[1].url, "http://192.168.1.200:80/second.txt");
}

TEST(ResyncTest, PowerLossEndsARunningResyncAndTheNextBootStartsAfresh)
{
    COVERS("MODEL-REBOOT-VS-POWER");
    PhoneRun run = aPhone();
    run.answerTime = 10s;
    run.powerOn();
    run.pass(2s);
    run.feed(PowerRemoved{});
    EXPECT_FALSE(run.phone->answersWeb());
    run.pass(1min);
    EXPECT_EQ(run.value("GPP_A"), "");
    run.powerOn();
    run.pass(15s);
    EXPECT_EQ(run.value("GPP_A"), "12345678");
    EXPECT_THAT(run.phone->reboots(), IsEmpty()) << "a power cut is no reboot";
    run.feed(RebootCommanded{});
    EXPECT_EQ(run.phone->state(), PhoneState::Booting);
    EXPECT_EQ(run.phone->reboots().at(0).second, RebootReason::UserTriggered);
}

TEST(ResyncTest, FactoryResetRestoresTheDefaults)
{
    COVERS("MODEL-REBOOT-VS-POWER");
    PhoneRun run = aPhone();
    run.powerOn();
    run.pass(1s);
    run.submit({{"GPP_B", "mine"}});
    run.feed(FactoryResetCommanded{});
    EXPECT_EQ(run.value("GPP_A"), "");
    EXPECT_EQ(run.value("GPP_B"), "");
    EXPECT_EQ(run.value("Profile_Rule"), "/$PSN.xml");
    EXPECT_EQ(run.value("Resync_Random_Delay"), "2");
    EXPECT_EQ(run.phone->state(), PhoneState::Booting);
    EXPECT_THAT(run.phone->reboots(), IsEmpty()) << "a factory reset is no reboot";
}

TEST(ResyncTest, TheSameEventsAtTheSameTimesGiveTheSameEffects)
{
    const auto story = [] {
        PhoneRun run = aPhone({{"Resync_Random_Delay", "65535"}, {"Resync_Periodic", "100+1000"}}, 42);
        run.powerOn();
        run.pass(24h * 30);
        std::vector<Duration> times;
        for (const auto& fetch : run.fetches)
            times.push_back(fetch.at.time_since_epoch());
        return times;
    };
    const std::vector<Duration> once = story();
    EXPECT_THAT(once, SizeIs(Ge(1000u)));
    EXPECT_EQ(once, story());
}

TEST(ResyncTest, APhoneCanBeCopiedAndTheCopyLivesOn)
{
    PhoneRun run = aPhone();
    run.powerOn();
    run.pass(1s);
    Phone copy = *run.phone;
    run.submit({{"GPP_B", "original"}});
    EXPECT_EQ(copy.parameters().value(run.id("GPP_B")), "");
    EXPECT_EQ(copy.parameters().value(run.id("GPP_A")), "12345678");
    EXPECT_EQ(copy.nextResync(), run.phone->nextResync());
}

}  // namespace
}  // namespace emulator
