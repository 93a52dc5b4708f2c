#include "tests/emulator/phone/phone_run.hpp"

#include "emulator/phone/phone_macros.hpp"
#include "emulator/phone/rule_explanation.hpp"
#include "emulator/provisioning/rule_decision.hpp"
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

using Settings = std::map<std::string, std::string>;

// A phone that waits for commands.
PhoneRun aPhoneWithRules(Settings set = {}, PhoneRun::Options options = {})
{
    set.try_emplace("Resync_On_Reset", "No");
    set.try_emplace("Resync_Periodic", "0");
    set.try_emplace("Syslog_Server", "192.168.1.210");
    options.set = std::move(set);
    PhoneRun run{options};
    run.serve(std::string{basicProfile});
    run.powerOn();
    run.pass(1s);
    run.forget();
    return run;
}

// Everything that left the phone as text.
std::string said(const PhoneRun& run)
{
    std::string all{run.phone->messages().text()};
    for (const PhoneRun::Line& line : run.lines)
        all += line.datagram;
    return all;
}

TEST(PhoneRuleTest, AConditionChoosesTheUrl)
{
    COVERS("GPP-USES");
    PhoneRun run =
        aPhoneWithRules({{"Profile_Rule", "(\"$A\" ne \"Provisioned\")? http://p/init | http://p/$B$C"},
                         {"GPP_B", "con"},
                         {"GPP_C", "figs"}});
    run.resync("");
    run.pass(1s);
    run.submit({{"GPP_A", "Provisioned"}});
    run.resync("");
    run.pass(1s);
    EXPECT_THAT(urls(run), ElementsAre("http://p:80/init", "http://p:80/configs"));
}

TEST(PhoneRuleTest, AssignmentsAreKeptBeforeTheFetch)
{
    PhoneRun run = aPhoneWithRules();
    run.refuse(ErrorKind::NotFound);
    run.order.clear();
    run.resync("(GPP_E = \"$MA\"; f = \"stage2\"; Resync_Periodic = \"77\"; No_Such_Name = \"x\"; "
               "Resync_At_Random_Delay = \"none\";)! http://p/init");
    EXPECT_EQ(run.value("GPP_E"), "000e08abcdef");
    EXPECT_EQ(run.value("GPP_F"), "stage2");
    EXPECT_EQ(run.value("Resync_Periodic"), "77");
    EXPECT_EQ(run.value("Resync_At_Random_Delay"), "600");
    EXPECT_EQ(run.phone->parameters().source(run.id("GPP_F")), ValueSource::Rule);
    ASSERT_THAT(run.order, SizeIs(::testing::Ge(2u)));
    EXPECT_EQ(run.order[0], "remember");
    EXPECT_EQ(run.order.back(), "fetch");

    PhoneRun other = aPhoneWithRules();
    ASSERT_TRUE(other.phone->restore(run.phone->memory()).has_value());
    EXPECT_EQ(other.value("GPP_F"), "stage2");
}

TEST(PhoneRuleTest, AssignmentsThatChangeNothingAreNotWritten)
{
    PhoneRun run = aPhoneWithRules({{"GPP_F", "same"}});
    run.resync("(f = \"same\";)! http://p/init");
    EXPECT_EQ(run.remembered, 0);
}

TEST(PhoneRuleTest, ARuleThatDoesNotHoldIsPassedOver)
{
    PhoneRun run = aPhoneWithRules({{"Profile_Rule", "(1 eq 2)? http://a/x"},
                                    {"Profile_Rule_B", "#http://b/x"},
                                    {"Profile_Rule_C", "(g = \"seen\";)!"},
                                    {"Profile_Rule_D", "(\"$G\" eq \"seen\")? http://d/x"}});
    run.resync("");
    run.pass(1s);
    EXPECT_THAT(urls(run), ElementsAre("http://d:80/x"));
    EXPECT_THAT(run.texts(), Not(Contains(HasSubstr("failed"))));
}

TEST(PhoneRuleTest, OptionsReachTheRequestAndTheSecretsOnlyThat)
{
    COVERS("MACRO-SA-SD", "RULE-KEY-SX", "GPP-USES");
    PhoneRun run = aPhoneWithRules({{"GPP_SA", "s3cret-key"},
                                    {"GPP_SB", "s3cret-word"},
                                    {"GPP_D", "mac=$MA&sa=$SA"},
                                    {"Debug_Server", "192.168.1.211"},
                                    {"Debug_Level", "DEBUG"}});
    run.resync("[--key $SA --uid joe --pwd $SB --post d] http://p/$SA.cfg");
    run.pass(1s);
    ASSERT_THAT(run.fetches, SizeIs(1));
    const FetchRequest& request = run.fetches[0].request;
    EXPECT_EQ(request.url.path, "/$SA.cfg");
    ASSERT_TRUE(request.credentials.has_value());
    EXPECT_EQ(request.credentials->user, "joe");
    EXPECT_EQ(request.credentials->password, "s3cret-word");
    EXPECT_EQ(request.method, FetchMethod::Post);
    EXPECT_EQ(*request.body, "mac=000e08abcdef&sa=$SA");
    EXPECT_THAT(said(run), HasSubstr("[--key *** --uid *** --pwd *** --post ***] http://p/$SA.cfg"));
    EXPECT_THAT(said(run), Not(HasSubstr("s3cret")));
}

TEST(PhoneRuleTest, ABrokenRuleFailsWithItsPlaceAndNoSecret)
{
    PhoneRun run = aPhoneWithRules({{"GPP_SA", "s3cret"}});
    run.resync("[--key s3cret --uid] http://p/x");
    run.pass(1s);
    EXPECT_THAT(run.fetches, IsEmpty());
    EXPECT_THAT(run.texts(), Contains(HasSubstr("Resync failed: rule, at character 20: expected")));
    EXPECT_THAT(said(run), Not(HasSubstr("s3cret")));
}

TEST(PhoneRuleTest, AskedForAnActivationCodeThePhoneFetchesNothingUntilItsNextResync)
{
    COVERS("RULE-GDS", "ONB-RULE-GDS");
    PhoneRun run = aPhoneWithRules({{"Profile_Rule", "gds://"}, {"Profile_Rule_B", "http://b/x"}});
    run.resync("");
    run.pass(24h);
    EXPECT_EQ(run.phone->state(), PhoneState::Onboarding);
    ASSERT_THAT(run.displays, SizeIs(1));
    EXPECT_EQ(run.displays[0].text, "Enter activation code\nApplications");
    EXPECT_FALSE(run.displays[0].pressed) << "it comes of its own accord";
    EXPECT_THAT(run.fetches, IsEmpty());
    EXPECT_THAT(said(run), Not(HasSubstr("failed")));

    run.resync("http://p/x");
    run.pass(1s);
    EXPECT_THAT(urls(run), ElementsAre("http://p:80/x"));
    EXPECT_EQ(run.phone->state(), PhoneState::Idle);
    ASSERT_THAT(run.displays, SizeIs(2));
    EXPECT_EQ(run.displays[1].text, "CP-7832-3PCC\nApplications");
}

TEST(PhoneRuleTest, OtherWorkLeavesAPhoneOnboarding)
{
    COVERS("RULE-GDS");
    PhoneRun run = aPhoneWithRules({{"Report_Rule", "http://r/x"}});
    run.resync("gds://");
    run.feed(ReportCommanded{});
    run.pass(1s);
    EXPECT_THAT(urls(run), ElementsAre("http://r:80/x"));
    EXPECT_EQ(run.phone->state(), PhoneState::Onboarding);
    EXPECT_THAT(run.displays, SizeIs(1));

    run.feed(RebootCommanded{});
    run.pass(1s);
    EXPECT_EQ(run.phone->state(), PhoneState::Idle) << "Resync_On_Reset is No, and no rule was read since";
}

TEST(PhoneRuleTest, OlderFirmwareKnowsNoActivationCodes)
{
    COVERS("ONB-VERSIONS");
    for (const auto& [firmware, state] : {std::pair{"11.0.1", PhoneState::Idle},
                                          {"11.2.2", PhoneState::Idle},
                                          {"11.2.3", PhoneState::Onboarding},
                                          {"11-2-3MSR1", PhoneState::Onboarding}}) {
        PhoneRun::Options options;
        options.firmware = firmware;
        PhoneRun run = aPhoneWithRules({}, options);
        run.resync("gds://");
        EXPECT_EQ(run.phone->state(), state) << firmware;
        const std::string refusal = "Resync failed: gds://";
        EXPECT_EQ(said(run).find(refusal) != std::string::npos, state == PhoneState::Idle) << firmware;
    }
}

TEST(PhoneRuleTest, OnlyServersOfTheListedDomainsAreAsked)
{
    PhoneRun run = aPhoneWithRules({{"Restricted_Access_Domains", "telco.com, 10.0.0.1"}});
    run.resync("http://prov.telco.com/x");
    run.pass(1s);
    run.resync("http://10.0.0.1/x");
    run.pass(1s);
    run.resync("http://prov.other.com/x");
    run.pass(1s);
    EXPECT_THAT(urls(run), ElementsAre("http://prov.telco.com:80/x", "http://10.0.0.1:80/x"));
    EXPECT_THAT(run.texts(), Contains(HasSubstr("Resync failed: prov.other.com is not in")));
}

TEST(PhoneRuleTest, TftpServersAreNotLookedUpAsServices)
{
    PhoneRun run = aPhoneWithRules();
    run.resync("[--srv] tftp://telco.com/x");
    EXPECT_THAT(run.texts(), Contains(HasSubstr("Error - TFTP Scheme not supported in SRV lookups.")));
}

TEST(PhoneRuleTest, ConditionsSeeWhyThePhoneResyncs)
{
    PhoneRun run = aPhoneWithRules({{"Profile_Rule", "http://p/$PRVST"},
                                    {"Resync_On_Reset", "Yes"},
                                    {"Resync_Random_Delay", "0"},
                                    {"Resync_Periodic", "100"},
                                    {"Resync_Error_Retry_Delay", "10"}});
    run.feed(PowerRemoved{});
    run.powerOn();
    run.pass(5s);
    run.refuse(ErrorKind::Unreachable);
    run.pass(115s);
    run.serve(std::string{basicProfile});
    run.pass(10s);
    run.resync("");
    run.pass(1s);
    const std::vector<std::string> all = urls(run);
    ASSERT_THAT(all, SizeIs(::testing::Ge(4u)));
    EXPECT_EQ(all.front(), "http://p:80/0");
    EXPECT_EQ(all[1], "http://p:80/1");
    EXPECT_EQ(all[2], "http://p:80/2");
    EXPECT_EQ(all.back(), "http://p:80/-1");
}

TEST(PhoneRuleTest, TimersCountFromTheLastAttempts)
{
    COVERS("MACRO-PRVTMR", "MACRO-UPGTMR", "MACRO-SCOPE-TRIGGER");
    PhoneRun run = aPhoneWithRules();
    const auto holds = [&](std::string_view trigger) {
        return decideTrigger(trigger, PhoneMacros{*run.phone, run.now}).value();
    };
    run.resync("http://p/x");
    run.pass(1s);
    EXPECT_FALSE(holds("$PRVTMR ge 600"));
    run.pass(598s);
    EXPECT_FALSE(holds("$PRVTMR ge 600"));
    run.pass(1s);
    EXPECT_TRUE(holds("$PRVTMR ge 600"));
    run.feed(UpgradeCommanded{"http://p/x.loads", IpAddress::parse("127.0.0.1").value()});
    run.pass(300s);
    EXPECT_FALSE(holds("$UPGTMR gt 300"));
    run.pass(1s);
    EXPECT_TRUE(holds("$UPGTMR gt 300"));
    run.submit({{"GPP_A", "go"}});
    EXPECT_TRUE(holds("\"$A\" eq \"go\""));
    EXPECT_FALSE(holds("\"$A\" eq \"stop\""));
}

TEST(PhoneRuleTest, AnUpgradeRuleHasTheUrlsConditionsAndAssignmentsOfProfileRules)
{
    COVERS("RULE-UPGRADE-SAME-SYNTAX");
    PhoneRun run = aPhoneWithRules({{"GPP_A", "images"}});
    run.refuse(ErrorKind::NotFound);
    for (const char* rule :
         {"192.168.1.5/$A/x.loads", "tftp://h:6900/x.loads", "http://h/x.loads?v=$SWVER",
          "(1 eq 2)? http://no/x | (\"$A\" eq \"images\")? (b = \"tried\";)! http://yes/x"}) {
        run.feed(UpgradeCommanded{rule, IpAddress::parse("127.0.0.1").value()});
        run.pass(2s);
    }
    run.feed(UpgradeCommanded{"[--key k] http://h/x.loads", IpAddress::parse("127.0.0.1").value()});
    run.pass(2s);
    EXPECT_THAT(urls(run), ElementsAre("tftp://192.168.1.5:69/images/x.loads", "tftp://h:6900/x.loads",
                                       "http://h:80/x.loads?v=sip7832.11-3-1MPP-678", "http://yes:80/x"));
    EXPECT_EQ(run.value("GPP_B"), "tried");
    EXPECT_THAT(run.texts(), Contains(HasSubstr("an upgrade rule has no options")));
}

TEST(PhoneRuleTest, UpgradeMacrosTellOfTheLastAttempt)
{
    PhoneRun run = aPhoneWithRules();
    const auto expanded = [&] { return expandMacros("$UPGST/$UPGERR", PhoneMacros{*run.phone, run.now}); };
    EXPECT_EQ(expanded(), "1/");
    run.refuse(ErrorKind::NotFound);
    run.feed(UpgradeCommanded{"http://p/x.loads", IpAddress::parse("127.0.0.1").value()});
    run.pass(1s);
    EXPECT_EQ(expanded(), "2/File not found");
}

TEST(PhoneRuleTest, TheCertificateMacroTellsUniqueFromGeneric)
{
    COVERS("MACRO-CCERT");
    PhoneRun run = aPhoneWithRules();
    EXPECT_EQ(expandMacros("$CCERT", PhoneMacros{*run.phone, run.now}), "Not Installed");
    run.surroundings.uniqueCertificate = true;
    EXPECT_EQ(expandMacros("$CCERT", PhoneMacros{*run.phone, run.now}), "Installed");
}

TEST(PhoneRuleTest, MacrosOfAccountsAndOfWhatIsNotThereAreKnown)
{
    PhoneRun::Options options;
    options.model = "CP-7841-3PCC";
    PhoneRun run = aPhoneWithRules({{"User_ID_1_", "2001"}, {"User_ID_4_", "2004"}}, options);
    const PhoneMacros macros{*run.phone, run.now};
    EXPECT_EQ(expandMacros("$UID1-$UID4-$UID5", macros), "2001-2004-$UID5");
    EXPECT_EQ(expandMacros("$UPGCOND|$EMS|$MUID|$MPWD|$ORIGTYPE|$AUTHSTATUS|$ISCUST", macros),
              "||||orig_mpp|none|0");
    EXPECT_EQ(expandMacros("$EXTIP $REGTMR1 $REGTMR2 $HWVER", macros), "127.78.0.1 1 1 2.0.1");
    EXPECT_EQ(expandMacros("$SCHEME $PATH $MODEL $VERSION $pn", macros), "$SCHEME $PATH $MODEL $VERSION $pn");
}

TEST(RuleExplanationTest, ShowsHowThePhoneReadsIt)
{
    PhoneRun run = aPhoneWithRules({{"GPP_B", "prov.telco.com"}, {"GPP_SA", "s3cret"}});
    const std::string text =
        explainRule(*run.phone, run.now,
                    "(\"$A\" eq \"x\" and 1 eq 1)? /no | ($SWVER ge 11-3-1MPP-1)? (a = \"done\"; "
                    "Admin_Password = \"s3cret\";)! [--key $SA --pwd s3cret] http://$B/$MA.cfg | /$PSN.xml")
            .value();
    EXPECT_THAT(text, HasSubstr("\"\" eq \"x\": false\n"));
    EXPECT_THAT(text, Not(HasSubstr("1 eq 1: ")));
    EXPECT_THAT(text, HasSubstr("sip7832.11-3-1MPP-678 ge 11-3-1MPP-1: true\n"));
    EXPECT_THAT(text, HasSubstr("GPP_A = \"done\"\n"));
    EXPECT_THAT(text, HasSubstr("Admin_Password = \"***\"\n"));
    EXPECT_THAT(text, HasSubstr("http://prov.telco.com:80/000e08abcdef.cfg\n"));
    EXPECT_THAT(text, HasSubstr("alternative 3 not reached"));
    EXPECT_THAT(text, Not(HasSubstr("s3cret")));
}

TEST(RuleExplanationTest, SaysWhatComesOfRulesThatFetchNothing)
{
    PhoneRun run = aPhoneWithRules();
    EXPECT_THAT(explainRule(*run.phone, run.now, "(1 eq \"1\")? /x").value(), HasSubstr("next rule"));
    EXPECT_THAT(explainRule(*run.phone, run.now, "gds://").value(),
                HasSubstr("the phone asks for its activation code"));
    EXPECT_THAT(explainRule(*run.phone, run.now, "$PN.cfg").value(),
                HasSubstr("tftp://(provisioning server):69/CP-7832-3PCC.cfg"));
    EXPECT_FALSE(explainRule(*run.phone, run.now, "[--key").has_value());
}

TEST(RuleExplanationTest, SaysOfAServerThatIsNotAskedWhyNot)
{
    PhoneRun run = aPhoneWithRules({{"Restricted_Access_Domains", "telco.com"}});
    const auto says = [&](std::string_view rule, std::string_view what) {
        EXPECT_THAT(explainRule(*run.phone, run.now, rule).value(), HasSubstr(what)) << rule;
    };
    says("http://prov.telco.com/x", "url        http://prov.telco.com:80/x\n");
    says("http://evil.org/x", "url        refused: evil.org is not in Restricted_Access_Domains\n");
    says("[--srv] tftp://telco.com/x", "refused: Error - TFTP Scheme not supported in SRV lookups.");
    says("[--srv] http://telco.com/x", "refused: --srv");
}

}  // namespace
}  // namespace emulator
