#include "hwbridge/compare/rules_reader.hpp"

#include "tests/hwbridge/compare/a_trace.hpp"

namespace hwbridge {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> problemsOf(std::string_view text)
{
    return readRules("mine.yaml", text).problems;
}

TEST(RulesReaderTest, TakesTheRulesThatAreBuiltIn)
{
    EXPECT_THAT(readRules("default_rules.yaml", defaultRulesText()).problems, IsEmpty());
    EXPECT_FALSE(defaultRules().texts.empty());
    EXPECT_EQ(defaultRules().kinds[indexOf(emulator::EventKind::HttpRequest)].opens,
              KindRules::Opens::Always);
}

TEST(RulesReaderTest, AddsReplacesAndSwitchesOff)
{
    const auto count = [](const Rules& rules, std::string_view name) {
        std::size_t found = 0;
        for (const TextRule& rule : rules.texts)
            found += rule.name == name ? 1u : 0u;
        return found;
    };
    const auto rules = readRules("mine.yaml", R"(
comparison: 1
in_step_after: 9
texts:
  - { rule: date, off: true }
  - { rule: session, match: "session={token}", as: "session=<id>", why: "made up per request" }
timing:
  - { in: [syslog.message], pause: off }
)");
    ASSERT_TRUE(rules.rules) << rules.problems.front();
    EXPECT_EQ(rules.rules->inStepAfter, 9u);
    EXPECT_EQ(count(defaultRules(), "date"), 3u);
    EXPECT_EQ(count(*rules.rules, "date"), 0u);
    EXPECT_EQ(count(*rules.rules, "session"), 1u);
    const KindRules& syslog = rules.rules->kinds[indexOf(emulator::EventKind::SyslogMessage)];
    EXPECT_FALSE(syslog.timed[static_cast<std::size_t>(TimeRelation::Pause)]);
    EXPECT_TRUE(syslog.timed[static_cast<std::size_t>(TimeRelation::Answer)]);
}

TEST(RulesReaderTest, NamesPlaceAndNearestWord)
{
    EXPECT_THAT(problemsOf("comparison: 1\ntext: []\n"),
                ElementsAre(HasSubstr("mine.yaml:2:1: found the key \"text\"")));
    EXPECT_THAT(problemsOf("comparison: 1\nfields:\n  - { rule: x, why: y, in: [http.request.hots] }\n"),
                ElementsAre(HasSubstr(
                    "mine.yaml:3:29: found \"http.request.hots\", expected a field of docs/trace.md; "
                    "did you mean \"host\"?")));
    EXPECT_THAT(problemsOf("comparison: 1\nkinds:\n  http.reqest: { opens: always }\n"),
                ElementsAre(HasSubstr("did you mean \"http.request\"?")));
    EXPECT_THAT(problemsOf("comparison: 1\ntexts:\n  - { rule: dates, off: true }\n"),
                ElementsAre(testing::AllOf(HasSubstr("did you mean \"date\"?"),
                                           testing::Not(HasSubstr("date, date")))));
    EXPECT_THAT(problemsOf("comparison: 1\ntexts:\n  - { rule: a, why: b, as: c, match: \"{adress}\" }\n"),
                ElementsAre(HasSubstr("mine.yaml:3:38: found {adress}")));
    EXPECT_THAT(problemsOf("comparison: 1\ntexts:\n  - { rule: a, why: b, as: c, peer: adress }\n"),
                ElementsAre(HasSubstr("did you mean \"address\"?")));
    EXPECT_THAT(
        problemsOf("comparison: 1\ntexts:\n  - { rule: a, why: b, as: c, match: \"{host}\", keep: last }\n"),
        ElementsAre(HasSubstr("found \"last\", expected first")));
    EXPECT_THAT(
        problemsOf("comparison: 1\ntexts:\n  - { rule: a, why: b, as: c, phone: mac, keep: first }\n"),
        ElementsAre(HasSubstr("expected it with match alone")));
    EXPECT_THAT(problemsOf("texts: []\n"), ElementsAre(HasSubstr("comparison: 1")));
    EXPECT_THAT(problemsOf("comparison: 2\n"),
                ElementsAre(HasSubstr("found \"2\", expected a number from 1 to 1")));
    EXPECT_THAT(problemsOf("comparison: 1\ntiming:\n  - { in: [\"*\"], answer: { within: soon } }\n"),
                ElementsAre(HasSubstr("found \"soon\", expected a duration")));
    EXPECT_THAT(problemsOf("comparison: 1\ntexts:\n  - { match: x }\n"),
                ElementsAre(HasSubstr("rule: NAME")));
    EXPECT_THAT(problemsOf("texts: [\n"), ElementsAre(HasSubstr("mine.yaml:2:")));
}

TEST(RulesReaderTest, LooksWhereATextBeginsWhenToldTo)
{
    const auto trace = [](const std::string& text) {
        ATrace t;
        return t.sent(emulator::EventKind::SyslogMessage, 514, {{emulator::FieldName::Text, text}});
    };
    const auto rules =
        readRules("mine.yaml", "comparison: 1\ntexts:\n  - { rule: session, match: \"session={token}\", "
                               "at: start, as: s, why: \"made up\" }\n");
    EXPECT_TRUE(compared(trace("session=17 begins"), trace("session=18 begins"), *rules.rules).isEqual());
    EXPECT_FALSE(
        compared(trace("a session=17 begins"), trace("a session=18 begins"), *rules.rules).isEqual());
}

TEST(RulesReaderTest, UsesARuleOfOnesOwn)
{
    ATrace a;
    ATrace b;
    a.logs("session=17 begins");
    b.logs("session=18 begins");
    EXPECT_EQ(compared(a, b).roots().size(), 1u);
    const auto rules =
        readRules("mine.yaml", "comparison: 1\ntexts:\n  - { rule: session, match: \"session={token}\", "
                               "as: s, why: \"made up\" }\n");
    const Comparison c = compared(a, b, *rules.rules);
    EXPECT_TRUE(c.isEqual());
    ASSERT_EQ(c.aside.size(), 1u);
    EXPECT_EQ(c.aside.front().rule, "session");
    EXPECT_EQ(c.aside.front().count, 2u);  // in text and raw
}

}  // namespace
}  // namespace hwbridge
