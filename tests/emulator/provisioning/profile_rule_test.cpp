#include "emulator/provisioning/profile_rule.hpp"

#include "emulator/base/chance.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

Result<Rule> read(std::string_view text, RuleKind kind = RuleKind::Profile)
{
    return parseRule({std::string{text}, {}, false}, kind);
}

// The only alternative of a rule.
RuleAlternative only(std::string_view text, RuleKind kind = RuleKind::Profile)
{
    const Result<Rule> rule = read(text, kind);
    EXPECT_TRUE(rule.has_value()) << text << ": " << (rule.has_value() ? "" : rule.error().detail);
    if (!rule.has_value() || rule->alternatives.size() != 1)
        return {};
    return rule->alternatives[0];
}

TEST(ProfileRuleTest, IsTheUrlWithoutTheWhiteSpaceAroundIt)
{
    EXPECT_EQ(only("\n  tftp://192.168.1.200/basic.txt \n").url, "tftp://192.168.1.200/basic.txt");
    EXPECT_EQ(only("/7832-3PCC.xml").url, "/7832-3PCC.xml");
    EXPECT_EQ(only("https://secure.me.com/profile?Linksys").url, "https://secure.me.com/profile?Linksys");
}

TEST(ProfileRuleTest, HasNoAlternativesWhenEmptyOrCommentedOut)
{
    for (const char* text : {"", "  \n ", "#tftp://192.168.1.200/basic.txt", "  # off | (broken"})
        EXPECT_THAT(read(text).value().alternatives, IsEmpty()) << text;
}

TEST(ProfileRuleTest, ReadsTheKeyInFrontOfTheUrl)
{
    COVERS("RULE-KEY-DASHES", "RULE-KEY-NODASHES", "RULE-KEY-QUOTES");
    for (const char* text : {"[--key MyOwnSecret] tftp://h/x", "[--key MyOwnSecret ]tftp://h/x",
                             "[ --key \"MyOwnSecret\" ] tftp://h/x", "[key MyOwnSecret] tftp://h/x",
                             "[--key\tMyOwnSecret]\ntftp://h/x"}) {
        const RuleAlternative rule = only(text);
        ASSERT_THAT(rule.options, SizeIs(1)) << text;
        EXPECT_EQ(rule.options[0].name, OptionName::Key);
        EXPECT_EQ(rule.options[0].value, "MyOwnSecret");
        EXPECT_EQ(rule.url, "tftp://h/x");
    }
    EXPECT_EQ(only("[--key \"My own ] secret\"] /x").options.at(0).value, "My own ] secret");
}

TEST(ProfileRuleTest, HoldsAllOptionsInOnePairOfBrackets)
{
    const RuleAlternative rule =
        only("[--key k --uid joe --pwd \"a b\" --post a --alias B --srv] https://h/x");
    ASSERT_THAT(rule.options, SizeIs(6));
    EXPECT_EQ(rule.options[1].value, "joe");
    EXPECT_EQ(rule.options[2].value, "a b");
    EXPECT_EQ(rule.options[3].value, "a");
    EXPECT_EQ(rule.options[4].value, "B");
    EXPECT_EQ(rule.options[5].name, OptionName::Srv);
}

TEST(ProfileRuleTest, TellsConditionsAssignmentsAndUrlsApart)
{
    const Rule rule =
        read("(\"$A\" ne \"Provisioned\" and $PRVST = 0)? (Line_Enable_1_ = \"No\"; a=\"x;)!\")! "
             "[--uid u] https://p/init?a=1 | https://p/configs")
            .value();
    ASSERT_THAT(rule.alternatives, SizeIs(2));
    const RuleAlternative& first = rule.alternatives[0];
    ASSERT_TRUE(first.condition.has_value());
    EXPECT_THAT(first.condition->all, SizeIs(2));
    ASSERT_THAT(first.assignments, SizeIs(2));
    EXPECT_EQ(first.assignments[0], (RuleAssignment{"Line_Enable_1_", "No"}));
    EXPECT_EQ(first.assignments[1], (RuleAssignment{"a", "x;)!"}));
    EXPECT_THAT(first.options, SizeIs(1));
    EXPECT_EQ(first.url, "https://p/init?a=1");
    EXPECT_EQ(rule.alternatives[1].url, "https://p/configs");
}

TEST(ProfileRuleTest, ReadsTheConditionsOfOlderFamilies)
{
    const RuleAlternative rule = only("! 1.0.33 ? /spa.bin", RuleKind::Upgrade);
    ASSERT_TRUE(rule.condition.has_value());
    EXPECT_FALSE(rule.condition->all[0].left.has_value());
    EXPECT_EQ(rule.condition->all[0].relation, Relation::NotEqual);
    EXPECT_EQ(rule.condition->all[0].right.text, "1.0.33");
    EXPECT_EQ(rule.url, "/spa.bin");
    EXPECT_EQ(only("(< 2.0.3(0412s))? /spa.bin", RuleKind::Upgrade).condition->all[0].right.text,
              "2.0.3(0412s)");
}

TEST(ProfileRuleTest, AnUpgradeRuleHasNoOptions)
{
    EXPECT_FALSE(read("[--key k] http://h/x.loads", RuleKind::Upgrade).has_value());
    EXPECT_TRUE(read("($SWVER lt 11-3-1MPP-678)? http://h/x.loads", RuleKind::Upgrade).has_value());
}

TEST(ProfileRuleTest, DeltaAndStatusBelongToReports)
{
    EXPECT_FALSE(read("[--delta] http://h/x").has_value());
    const Result<std::vector<Rule>> rules =
        parseReportRules({"[--key k --delta] http://h/a.xml  [--status]http://h/b.xml ", {}, false});
    ASSERT_TRUE(rules.has_value()) << rules.error().detail;
    ASSERT_THAT(*rules, SizeIs(2));
    EXPECT_EQ((*rules)[0].alternatives[0].url, "http://h/a.xml");
    EXPECT_EQ((*rules)[1].alternatives[0].options[0].name, OptionName::Status);
    EXPECT_FALSE(parseReportRules({"http://h/a http://h/b http://h/c", {}, false}).has_value());
}

TEST(ProfileRuleTest, SaysWhereARuleBreaksButNotWhatItHolds)
{
    for (const char* text :
         {"[--key secret", "[--key]", "[secret word] http://h/x", "[--key secret word] http://h/x",
          "[--key secret --pwd --uid] /x", "http://h/x [--key secret]", "(\"secret\" eq 1",
          "(\"secret\" eq 1) /x", "(1 eq 1 eq 1)? /x", "(1 is 1)? /x", "()? /x", "(\"secret)? /x",
          "(a \"secret\";)! /x", "(a = secret;)! /x", "(a = \"secret\" b = \"x\";)! /x",
          "(1 eq 1)? (2 eq 2)? /x", "= ? /x", "[] /x", "()! /x"}) {
        const Result<Rule> rule = read(text);
        ASSERT_FALSE(rule.has_value()) << text;
        EXPECT_EQ(rule.error().kind, ErrorKind::Malformed);
        EXPECT_THAT(rule.error().detail, HasSubstr("at character"));
        EXPECT_THAT(rule.error().detail, Not(HasSubstr("secret"))) << text;
    }
}

TEST(ProfileRuleTest, RefusesMoreThanItsLimit)
{
    EXPECT_TRUE(read("/" + std::string(maxExpandedBytes - 1, 'x')).has_value());
    const Result<Rule> rule = read("/" + std::string(maxExpandedBytes, 'x'));
    ASSERT_FALSE(rule.has_value());
    EXPECT_EQ(rule.error().kind, ErrorKind::TooLarge);
}

TEST(ProfileRuleTest, ALogShowsNoOptionArgument)
{
    EXPECT_EQ(withoutSecrets("[key s3cret --uid \"joe s3cret\" --post a] http://$A/$MA.cfg | /s"),
              "[--key *** --uid *** --post ***] http://$A/$MA.cfg | /s");
    EXPECT_EQ(withoutSecrets("[--delta --key s3cret] http://h/a [--status] http://h/b"),
              "[--delta --key ***] http://h/a [--status] http://h/b");
    EXPECT_EQ(withoutSecrets("http://h/x [--key s3cret] "), "http://h/x [--key ***] ");
    EXPECT_EQ(withoutSecrets("(Admin_Password = \"s3cret\";)! /x"), "(Admin_Password = \"***\";)! /x");
    EXPECT_EQ(withoutSecrets("[--key s3cret"), "(a rule that cannot be read)");
    EXPECT_EQ(withoutSecrets("/x"), "/x");
}

// ---- the round trip

// Draws rules of every shape that text can have.
class RuleMaker {
public:
    explicit RuleMaker(std::uint64_t seed) : m_chance{Seed{seed}, MacAddress{}} {}

    Rule rule(RuleKind kind)
    {
        Rule rule;
        const std::uint64_t more = m_chance.upTo(3);
        for (std::uint64_t i = 0; i <= more; ++i)
            rule.alternatives.push_back(alternative(kind));
        return rule;
    }

private:
    bool coin() { return m_chance.upTo(1) == 1; }
    std::string word(std::string_view letters, std::uint64_t least, std::uint64_t most)
    {
        std::string text;
        for (std::uint64_t n = least + m_chance.upTo(most - least); n > 0; --n)
            text += letters[m_chance.upTo(letters.size() - 1)];
        return text;
    }
    Operand operand()
    {
        if (coin())
            return {word("ab $[]()|;!?=<>.#", 0, 8), true};
        constexpr std::array<std::string_view, 6> bare{"$SWVER",       "-1",  "11-3-1MPP-678",
                                                       "2.0.3(0412s)", "600", "and1"};
        return {std::string{bare[m_chance.upTo(bare.size() - 1)]}, false};
    }
    Condition condition()
    {
        Condition made;
        for (std::uint64_t n = 1 + m_chance.upTo(2); n > 0; --n) {
            Comparison one;
            if (m_chance.upTo(3) > 0)
                one.left = operand();
            one.relation = static_cast<Relation>(m_chance.upTo(5));
            one.right = operand();
            made.all.push_back(std::move(one));
        }
        return made;
    }
    RuleOption option(RuleKind kind)
    {
        RuleOption made;
        made.name = static_cast<OptionName>(m_chance.upTo(kind == RuleKind::Report ? 7 : 5));
        if (made.name < OptionName::Srv) {
            made.written = coin() ? word("ab ]|$-()", 0, 8) : word("ab\"$-|", 1, 8);
            if (made.written.starts_with('"') ||
                (made.written.find('"') != std::string::npos && made.written.starts_with("--")))
                made.written.insert(0, "x");
            made.value = made.written;
        }
        return made;
    }
    RuleAlternative alternative(RuleKind kind)
    {
        RuleAlternative made;
        if (coin())
            made.condition = condition();
        for (std::uint64_t n = m_chance.upTo(2); n > 0; --n)
            made.assignments.push_back({word("GPabc_1.-", 1, 8), word("ab $();!|", 0, 6)});
        if (kind != RuleKind::Upgrade)
            for (std::uint64_t n = m_chance.upTo(2); n > 0; --n)
                made.options.push_back(option(kind));
        made.url = "h" + word("abc/:?&=.$()!", 0, 12);
        return made;
    }

    Chance m_chance;
};

TEST(ProfileRuleTest, PrintingAndReadingAgainIsTheIdentity)
{
    for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
        const auto kind = static_cast<RuleKind>(seed % 3);
        const Rule rule = RuleMaker{seed}.rule(kind);
        const std::string text = print(rule);
        const Result<Rule> again = read(text, kind);
        ASSERT_TRUE(again.has_value()) << "seed " << seed << ": " << text << ": " << again.error().detail;
        ASSERT_EQ(*again, rule) << "seed " << seed << ": " << text;
        ASSERT_EQ(print(*again), text);
    }
}

TEST(ProfileRuleTest, NoTextCrashesItAndWhatItReadsItReadsAgain)
{
    constexpr std::array<std::string_view, 26> pieces{
        "(", ")?", ")!", "[",  "]",   "|",      "\"",   "--key", "--pwd ", " ", "a",    "=",  "!",
        "?", "<",  ";",  "eq", "and", "$SWVER", "1.0(", "#",     "/x",     ")", "key ", "\n", "http://h/x"};
    Chance chance{Seed{7}, MacAddress{}};
    std::size_t readable = 0;
    for (int round = 0; round < 200'000; ++round) {
        std::string text;
        for (std::uint64_t n = chance.upTo(9); n > 0; --n)
            text += pieces[chance.upTo(pieces.size() - 1)];
        const auto kind = static_cast<RuleKind>(chance.upTo(2));
        const Result<Rule> rule = read(text, kind);
        if (!rule.has_value() || rule->alternatives.size() < 2)
            continue;
        ++readable;
        const Result<Rule> again = read(print(*rule), kind);
        ASSERT_TRUE(again.has_value()) << text << " => " << print(*rule);
        ASSERT_EQ(*again, *rule) << text;
    }
    EXPECT_GT(readable, 500u);
}

}  // namespace
}  // namespace emulator
