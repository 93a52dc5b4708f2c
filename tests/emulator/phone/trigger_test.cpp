#include "tests/emulator/phone/phone_run.hpp"

#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Settings = std::map<std::string, std::string>;
using Triggers = GenerationOptions::Triggers;

constexpr const char* never = "\"$A\" eq \"go\"";
constexpr const char* always = "1 eq 1";

PhoneRun aTriggeredPhone(Settings set = {}, Triggers both = Triggers::Any)
{
    set.try_emplace("Profile_Rule", "http://192.168.1.200/basic.txt");
    set.try_emplace("Resync_Random_Delay", "0");
    set.try_emplace("Resync_Periodic", "100");
    PhoneRun::Options options;
    options.set = std::move(set);
    options.choose = [both](GenerationOptions& choice) { choice.triggers = both; };
    PhoneRun run{options};
    run.serve("<flat-profile><GPP_B>1</GPP_B></flat-profile>");
    return run;
}

void command(PhoneRun& run, CommandedBy by, std::string rule = {})
{
    run.feed(ResyncCommanded{std::move(rule), IpAddress::parse("127.0.0.1").value(), by});
    run.pass(1s);
}

TEST(TriggerTest, BlankTriggersDoNotRestrict)
{
    COVERS("RSYNC-TRIGGER-BLANK");
    PhoneRun run = aTriggeredPhone();
    EXPECT_EQ(run.value("Resync_Trigger_1"), "");
    EXPECT_EQ(run.value("Resync_Trigger_2"), "");
    run.powerOn();
    run.pass(2s);
    EXPECT_THAT(run.fetches, SizeIs(1));
}

TEST(TriggerTest, AFalseTriggerSuppressesTheResyncOfABootAlthoughItIsOn)
{
    COVERS("RSYNC-TRIGGER-FALSE", "RSYNC-TRIGGER-NO-OTHER-BYPASS");
    PhoneRun run = aTriggeredPhone({{"Resync_Trigger_1", never}, {"Resync_On_Reset", "Yes"}});
    run.powerOn();
    run.pass(10min);
    EXPECT_THAT(run.fetches, IsEmpty());
    EXPECT_EQ(run.phone->state(), PhoneState::Idle);
}

TEST(TriggerTest, TheSecondTriggerAloneDecidesAsWell)
{
    COVERS("RSYNC-TRIGGER-FALSE");
    PhoneRun run = aTriggeredPhone({{"Resync_Trigger_2", never}});
    run.powerOn();
    run.pass(10min);
    EXPECT_THAT(run.fetches, IsEmpty());
}

TEST(TriggerTest, AFalseTriggerSuppressesPeriodicResyncsUntilItIsTrue)
{
    COVERS("RSYNC-TRIGGER-NO-OTHER-BYPASS", "RSYNC-TRIGGER-FALSE");
    PhoneRun run = aTriggeredPhone({{"Resync_Trigger_1", "\"$C\" ne \"stop\""}});
    run.powerOn();
    run.pass(2s);
    ASSERT_THAT(run.fetches, SizeIs(1));
    run.submit({{"GPP_C", "stop"}});
    run.pass(350s);
    EXPECT_THAT(run.fetches, SizeIs(1));
    run.submit({{"GPP_C", ""}});
    run.pass(100s);
    EXPECT_THAT(run.fetches, SizeIs(2)) << "asked again once a period";
}

TEST(TriggerTest, AFalseTriggerSuppressesTimedResyncsRetriesAndThoseAfterAnUpgrade)
{
    COVERS("RSYNC-TRIGGER-NO-OTHER-BYPASS");
    PhoneRun timed = aTriggeredPhone({{"Resync_Trigger_1", never}, {"Resync_At__HHmm_", "0100"}});
    timed.powerOn();
    timed.pass(72h);
    EXPECT_THAT(timed.fetches, IsEmpty());

    PhoneRun retrying =
        aTriggeredPhone({{"Resync_Trigger_1", "\"$C\" ne \"stop\""}, {"Resync_Error_Retry_Delay", "5"}});
    retrying.refuse(ErrorKind::Unreachable);
    retrying.powerOn();
    retrying.pass(2s);
    ASSERT_THAT(retrying.fetches, SizeIs(1));
    retrying.submit({{"GPP_C", "stop"}});
    retrying.pass(10min);
    EXPECT_THAT(retrying.fetches, SizeIs(1));

    PhoneRun upgraded = aTriggeredPhone({{"Resync_Trigger_1", never}, {"Resync_Periodic", "0"}});
    upgraded.powerOn();
    upgraded.pass(2s);
    upgraded.refuse(ErrorKind::NotFound);
    upgraded.feed(UpgradeCommanded{"tftp://192.168.1.200/x.loads", IpAddress::parse("127.0.0.1").value()});
    upgraded.pass(1s);
    ASSERT_THAT(upgraded.fetches, SizeIs(1));
    EXPECT_TRUE(upgraded.fetches[0].firmware);
}

TEST(TriggerTest, AUrlAndANotifyIgnoreTheTriggers)
{
    COVERS("RSYNC-TRIGGER-BYPASS-URL", "RSYNC-TRIGGER-BYPASS-SIP");
    for (const CommandedBy by : {CommandedBy::Url, CommandedBy::SipNotify}) {
        for (const char* rule : {"", "http://192.168.1.200/now.txt"}) {
            PhoneRun run = aTriggeredPhone({{"Resync_Trigger_1", never}});
            run.powerOn();
            run.pass(2s);
            command(run, by, rule);
            EXPECT_THAT(run.fetches, SizeIs(1)) << "rule '" << rule << "'";
        }
    }
}

TEST(TriggerTest, AnXmlObjectAndTheKeypadDoNot)
{
    COVERS("RSYNC-TRIGGER-NO-OTHER-BYPASS");
    for (const CommandedBy by : {CommandedBy::XmlObject, CommandedBy::Keypad}) {
        for (const char* rule : {"", "http://192.168.1.200/now.txt"}) {
            PhoneRun run = aTriggeredPhone({{"Resync_Trigger_1", never}});
            run.powerOn();
            run.pass(2s);
            command(run, by, rule);
            EXPECT_THAT(run.fetches, IsEmpty()) << "rule '" << rule << "'";
            run.submit({{"GPP_A", "go"}});
            command(run, by, rule);
            EXPECT_THAT(run.fetches, SizeIs(1)) << "rule '" << rule << "'";
        }
    }
}

TEST(TriggerTest, TheGuidesExampleIsTrueOnlyWhenBothComparisonsHold)
{
    COVERS("RSYNC-TRIGGER-EXPR");
    PhoneRun run = aTriggeredPhone({{"Resync_Trigger_1", "$UPGTMR gt 300 and $PRVTMR ge 600"}});
    run.powerOn();
    run.pass(599s);
    EXPECT_THAT(run.fetches, IsEmpty());
    run.pass(102s);
    ASSERT_THAT(run.fetches, SizeIs(1)) << "600 s after power-on both hold, and it is asked every 100 s";
    // $UPGTMR counts from the last attempt.
    run.pass(400s);
    run.refuse(ErrorKind::NotFound);
    run.feed(UpgradeCommanded{"tftp://192.168.1.200/x.loads", IpAddress::parse("127.0.0.1").value()});
    run.pass(1s);
    run.forget();
    run.pass(250s);
    EXPECT_THAT(run.fetches, IsEmpty()) << "$PRVTMR holds, $UPGTMR does not";
    run.pass(150s);
    EXPECT_THAT(run.fetches, SizeIs(1));
}

struct BothRow {
    const char* first;
    const char* second;
    bool any;
    bool all;
};
class BothTriggersTest : public ::testing::TestWithParam<BothRow> {};

TEST_P(BothTriggersTest, CombineAsTheGenerationSays)
{
    COVERS("RSYNC-TRIGGER-BOTH");
    for (const Triggers both : {Triggers::Any, Triggers::All}) {
        PhoneRun run = aTriggeredPhone(
            {{"Resync_Trigger_1", GetParam().first}, {"Resync_Trigger_2", GetParam().second}}, both);
        run.powerOn();
        run.pass(2s);
        const bool expected = both == Triggers::Any ? GetParam().any : GetParam().all;
        EXPECT_THAT(run.fetches, SizeIs(expected ? 1 : 0)) << (both == Triggers::Any ? "any" : "all");
    }
}

INSTANTIATE_TEST_SUITE_P(TruthTable, BothTriggersTest,
                         ::testing::Values(BothRow{never, never, false, false},
                                           BothRow{never, always, true, false},
                                           BothRow{always, never, true, false},
                                           BothRow{always, always, true, true},
                                           BothRow{always, "", true, true}, BothRow{"", always, true, true},
                                           BothRow{never, "", false, false}, BothRow{"", never, false, false},
                                           BothRow{"", "", true, true}));

TEST(TriggerTest, TheDebugServerLearnsThatATriggerHeldAResyncBack)
{
    PhoneRun run = aTriggeredPhone(
        {{"Resync_Trigger_1", never}, {"Debug_Server", "192.168.1.210"}, {"Debug_Level", "DEBUG"}});
    run.powerOn();
    run.pass(2s);
    EXPECT_THAT(run.texts(), Contains(HasSubstr("trigger")));
}

TEST(TriggerTest, AnExpressionThatCannotBeReadHoldsBack)
{
    PhoneRun run = aTriggeredPhone({{"Resync_Trigger_1", "($PRVTMR ge)?"}});
    run.powerOn();
    run.pass(10min);
    EXPECT_THAT(run.fetches, IsEmpty());
}

}  // namespace
}  // namespace emulator
