#include "emulator/provisioning/rule_decision.hpp"

#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace emulator {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Macros and secrets by name.
class Values : public MacroSource {
public:
    std::map<std::string, std::string, std::less<>> values{{"SWVER", "sip7832.11-3-1MPP-678"},
                                                           {"MA", "000e08aabbcc"}};
    std::map<std::string, std::string, std::less<>> secrets;

    bool append(std::string_view name, std::string& out) const override { return look(values, name, out); }
    bool appendSecret(std::string_view name, std::string& out) const override
    {
        return look(secrets, name, out);
    }

private:
    template <class Map>
    static bool look(const Map& map, std::string_view name, std::string& out)
    {
        const auto found = map.find(name);
        if (found != map.end())
            out += found->second;
        return found != map.end();
    }
};

std::string urlOf(std::string_view rule, const Values& values = {}, RuleKind kind = RuleKind::Profile)
{
    const Result<std::optional<RuleDecision>> decision = decide(rule, kind, values);
    if (!decision.has_value())
        return "error: " + decision.error().detail;
    return *decision ? (*decision)->url : "nothing";
}

TEST(RuleDecisionTest, TheFirstAlternativeThatHoldsIsTaken)
{
    Values values;
    values.values["A"] = "two";
    const char* const rule = "(\"$A\" eq \"one\")? /1 | (\"$A\" eq \"two\")? /2 | (\"$A\" ne \"\")? /3 | /4";
    EXPECT_EQ(urlOf(rule, values), "/2");
    values.values["A"] = "three";
    EXPECT_EQ(urlOf(rule, values), "/3");
    values.values["A"] = "";
    EXPECT_EQ(urlOf(rule, values), "/4");
}

TEST(RuleDecisionTest, AnAlternativeWithoutConditionAlwaysHolds)
{
    EXPECT_EQ(urlOf("/1 | (1 eq 1)? /2"), "/1");
}

TEST(RuleDecisionTest, IsNothingWhenNoConditionHolds)
{
    EXPECT_EQ(urlOf("(1 eq 2)? /1 | (\"a\" eq \"b\")? /2"), "nothing");
    EXPECT_EQ(urlOf(""), "nothing");
    EXPECT_EQ(urlOf("# /1"), "nothing");
    EXPECT_EQ(urlOf("(1 eq 1)?"), "nothing");
}

TEST(RuleDecisionTest, ComparesTheRunningFirmware)
{
    COVERS("UPG-RULE-CONDITIONS");
    const char* const rule =
        "($SWVER lt 11-3-1MPP-678)? http://h/old.loads | ($SWVER ge 11-3-1MPP-678)? http://h/new.loads";
    EXPECT_EQ(urlOf(rule, {}, RuleKind::Upgrade), "http://h/new.loads");
    Values values;
    values.values["SWVER"] = "sip7832.11-2-3MSR1-1";
    EXPECT_EQ(urlOf(rule, values, RuleKind::Upgrade), "http://h/old.loads");
}

TEST(RuleDecisionTest, AMacroMayHoldAnyPartOfARule)
{
    COVERS("RULE-MACRO-ANYWHERE");
    Values values;
    values.values["A"] = "http://server";
    EXPECT_EQ(urlOf("$A/$MA.cfg", values), "http://server/000e08aabbcc.cfg");
    values.values["A"] = "5";
    EXPECT_EQ(urlOf("($A ge 5)? /yes | /no", values), "/yes");
    values.values["A"] = "(1 eq 2)? /x | [--key k] http://h/y";
    EXPECT_EQ(urlOf("$A", values), "http://h/y");
    EXPECT_EQ(decide("$A", RuleKind::Profile, values).value()->options.key, "k");
}

TEST(RuleDecisionTest, TheSecretRegistersAreExpandedAsOptionArgumentsAlone)
{
    COVERS("MACRO-SA-SD", "RULE-KEY-SX");
    Values values;
    values.secrets = {{"SA", "My Own ]Secret"}, {"SB", "joe"}, {"SC", "0123456789"}};
    const auto decision = decide("[--key $SA --uid x$SB.$MA --pwd \"$(SC:2:3) $SD\"] http://h/$SA/$(SB)",
                                 RuleKind::Profile, values)
                              .value();
    ASSERT_TRUE(decision.has_value());
    EXPECT_EQ(decision->options.key, "My Own ]Secret");
    EXPECT_EQ(decision->options.user, "xjoe.000e08aabbcc");
    EXPECT_EQ(decision->options.password, "234 $SD");
    EXPECT_EQ(decision->url, "http://h/$SA/$(SB)");
    EXPECT_EQ(urlOf("(\"$SA\" eq \"My Own ]Secret\")? /leaked | /kept", values), "/kept");
    const auto assigned = decide("(a = \"$SA\";)! /x", RuleKind::Profile, values).value();
    EXPECT_EQ(assigned->assignments.at(0).value, "$SA");
}

TEST(RuleDecisionTest, TwoDollarsAreOneAndAreNotExpandedAgain)
{
    Values values;
    values.secrets = {{"SA", "secret"}};
    values.values["A"] = "$SA";
    EXPECT_EQ(decide("[--key $$SA] /x", RuleKind::Profile, values).value()->options.key, "$SA");
    EXPECT_EQ(decide("[--key $A] /x", RuleKind::Profile, values).value()->options.key, "$SA");
    EXPECT_EQ(urlOf("/$$MA"), "/$MA");
}

TEST(RuleDecisionTest, AnExpandedRuleHasALimit)
{
    Values values;
    values.values["A"] = std::string(16u << 10, 'x');
    EXPECT_THAT(urlOf("/$A$A$A$A$A", values), HasSubstr("longer than 65536 bytes"));
}

TEST(RuleDecisionTest, PostAndAliasNameARegister)
{
    const auto decision = decide("[--post a --alias P] http://h/x", RuleKind::Profile, Values{}).value();
    EXPECT_EQ(decision->options.post, 'A');
    EXPECT_EQ(decision->options.alias, 'P');
    EXPECT_THAT(urlOf("[--post q] http://h/x"), HasSubstr("--post"));
    EXPECT_THAT(urlOf("[--alias aa] http://h/x"), HasSubstr("--alias"));
}

TEST(RuleDecisionTest, OnlyAProfileRuleBeginsOnboarding)
{
    COVERS("RULE-GDS");
    const auto decision = decide("(1 eq 1)? (a = \"x\";)! GDS://", RuleKind::Profile, Values{}).value();
    ASSERT_TRUE(decision.has_value());
    EXPECT_TRUE(decision->onboards);
    EXPECT_EQ(decision->url, "");
    EXPECT_EQ(decision->assignments.size(), 1u);
    EXPECT_FALSE(decide("http://h/gds://", RuleKind::Profile, Values{}).value()->onboards);
    EXPECT_FALSE(decide("gds://h/x", RuleKind::Profile, Values{}).value()->onboards);
    EXPECT_THAT(decide("gds://", RuleKind::Upgrade, Values{}).error().detail, HasSubstr("profile rule only"));
    EXPECT_THAT(decideReport("gds://", Values{}).error().detail, HasSubstr("profile rule only"));
}

TEST(RuleDecisionTest, SidesOfDifferentFormAreFalseAndNoted)
{
    RuleNotes notes;
    const auto decision =
        decide("($SWVER lt 12-0-1MPP0001-245)? /1 | /2", RuleKind::Profile, Values{}, &notes);
    EXPECT_EQ(decision.value()->url, "/2");
    EXPECT_THAT(notes,
                ElementsAre("format error, taken as false: sip7832.11-3-1MPP-678 lt 12-0-1MPP0001-245"));
}

TEST(RuleDecisionTest, AReportRuleGivesOneOrTwo)
{
    Values values;
    values.secrets = {{"SA", "test123"}};
    const auto both = decideReport("[--key $SA --delta] http://h/d [--status] http://h/s", values).value();
    ASSERT_THAT(both, SizeIs(2));
    EXPECT_EQ(both[0].options.key, "test123");
    EXPECT_TRUE(both[0].options.delta);
    EXPECT_TRUE(both[1].options.status);
    EXPECT_EQ(both[1].url, "http://h/s");
    EXPECT_THAT(decideReport("", values).value(), IsEmpty());
}

struct TriggerRow {
    const char* trigger;
    std::optional<bool> decided;
};

class TriggerTest : public ::testing::TestWithParam<TriggerRow> {};

TEST_P(TriggerTest, IsAConditionWithoutParentheses)
{
    COVERS("RSYNC-TRIGGER-EXPR");
    Values values;
    values.values["UPGTMR"] = "301";
    values.values["PRVTMR"] = "600";
    values.values["A"] = "go";
    EXPECT_EQ(decideTrigger(GetParam().trigger, values), GetParam().decided) << GetParam().trigger;
}

INSTANTIATE_TEST_SUITE_P(Forms, TriggerTest,
                         ::testing::Values(TriggerRow{"$UPGTMR gt 300 and $PRVTMR ge 600", true},
                                           TriggerRow{"$UPGTMR gt 301 and $PRVTMR ge 600", false},
                                           TriggerRow{"$UPGTMR gt 300 and $PRVTMR gt 600", false},
                                           TriggerRow{"\"$A\" eq \"go\"", true}, TriggerRow{"", std::nullopt},
                                           TriggerRow{"  ", std::nullopt},
                                           TriggerRow{"# 1 eq 2", std::nullopt},
                                           TriggerRow{"(1 eq 1)?", false}, TriggerRow{"1 eq 1 /x", false},
                                           TriggerRow{"yes", false}));

TEST(RuleDecisionTest, ATriggerThatCannotBeReadIsNoted)
{
    RuleNotes notes;
    EXPECT_EQ(decideTrigger("(1 eq 1)?", Values{}, &notes), false);
    EXPECT_THAT(notes, ElementsAre(HasSubstr("trigger taken as false")));
}

TEST(RuleDecisionTest, UrlsAreMadeAskable)
{
    EXPECT_EQ(askableUrl("CP-7832-3PCC.cfg"), "/CP-7832-3PCC.cfg");
    EXPECT_EQ(askableUrl("/x y"), "/x y");
    EXPECT_EQ(askableUrl("tftp://h/x y"), "tftp://h/x y");
    EXPECT_EQ(askableUrl("http://h/x?c=Not Installed&d=a b"), "http://h/x?c=Not%20Installed&d=a%20b");
}

TEST(RuleDecisionTest, RestrictedDomainsHoldTheirHosts)
{
    EXPECT_TRUE(isAllowedServer("anything", ""));
    EXPECT_TRUE(isAllowedServer("anything", " , "));
    EXPECT_TRUE(isAllowedServer("prov.Telco.com", "other.org, telco.com"));
    EXPECT_TRUE(isAllowedServer("telco.com", "telco.com"));
    EXPECT_FALSE(isAllowedServer("eviltelco.com", "telco.com"));
    EXPECT_FALSE(isAllowedServer("telco.com.evil.org", "telco.com"));
    EXPECT_TRUE(isAllowedServer("10.0.0.1", "telco.com,10.0.0.1"));
    EXPECT_FALSE(isAllowedServer("10.0.0.1", "0.0.1"));
}

}  // namespace
}  // namespace emulator
