#include "ui/desktop/checked_scenario.hpp"

#include <gmock/gmock.h>

namespace ui {
namespace {

using scenarios::ScenarioSource;
using testing::HasSubstr;

constexpr std::string_view head =
    "scenario: A title\nphones: { model: CP-7832-3PCC }\nservers: { syslog: {} }\n";

CheckedScenario checked(std::string_view steps)
{
    return CheckedScenario::check(std::string{head}.append(steps), {"mine.yaml", false, {}});
}

ScenarioSource ofLibrary(std::string_view name)
{
    return scenarios::scenarioSources({std::string{name}}).value().front();
}

TEST(CheckedScenarioTest, SaysWhereAProblemIsAndTheNearestWord)
{
    const CheckedScenario scenario = checked("steps:\n  - powr: on\n");
    ASSERT_EQ(scenario.problems.size(), 1u);
    EXPECT_EQ(scenario.problems[0].line, 5u);
    EXPECT_EQ(scenario.problems[0].column, 5u);
    EXPECT_TRUE(scenario.problems[0].text.starts_with("found the key \"powr\""));
    EXPECT_THAT(scenario.problems[0].text, HasSubstr("did you mean \"power\"?"));
    EXPECT_TRUE(scenario.steps.empty());
}

TEST(CheckedScenarioTest, FindsTheSameSentencesAsTheValidator)
{
    constexpr std::string_view steps = "steps:\n  - powr: on\n  - expect: { sylog: x }\n";
    const std::string text = std::string{head}.append(steps);
    const std::vector<std::string> sentences = scenarios::readScenario(text, "mine.yaml").problems;
    const CheckedScenario scenario = checked(steps);
    ASSERT_EQ(scenario.problems.size(), sentences.size());
    for (std::size_t i = 0; i < sentences.size(); ++i) {
        const CheckedScenario::Problem& problem = scenario.problems[i];
        EXPECT_EQ("mine.yaml:" + std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " +
                      problem.text,
                  sentences[i]);
    }
}

TEST(CheckedScenarioTest, PlacesWhatIsNoYaml)
{
    const CheckedScenario scenario = checked("steps: [\n");
    ASSERT_EQ(scenario.problems.size(), 1u);
    EXPECT_GE(scenario.problems[0].line, 4u);
}

TEST(CheckedScenarioTest, KnowsTheStepsOfARightOne)
{
    const CheckedScenario scenario =
        checked("steps:\n  - power: on\n  - expect: { syslog: x }\nfinally:\n  - power: off\n");
    EXPECT_EQ(scenario.title, "A title");
    ASSERT_EQ(scenario.steps.size(), 3u);
    EXPECT_EQ(scenario.steps[1].line, 6u);
    EXPECT_FALSE(scenario.steps[1].finally);
    EXPECT_EQ(scenario.steps[2].line, 8u);
    EXPECT_TRUE(scenario.steps[2].finally);
}

TEST(CheckedScenarioTest, FindsEveryScenarioOfTheLibraryRight)
{
    for (const ScenarioSource& source : scenarios::librarySources())
        EXPECT_TRUE(CheckedScenario::check(source.text, source).problems.empty()) << source.file;
}

TEST(ListedScenarioTest, IsFoundByWordsOfNameTitleTagAndRequirement)
{
    const ListedScenario one = listScenarios({ofLibrary("ex-tftp-resync")}).front();
    for (const char* const words : {"", "ex-tftp", "fetches PROFILE", "demo  tftp", "web-resync-cmd"})
        EXPECT_TRUE(one.matches(words)) << words;
    for (const char* const words : {"http", "demo http"})
        EXPECT_FALSE(one.matches(words)) << words;
}

TEST(ListedScenarioTest, IsListedEvenWhenItIsWrong)
{
    const std::vector<ListedScenario> listed = listScenarios({{"/nowhere/at-all.yaml", false, {}}});
    ASSERT_EQ(listed.size(), 1u);
    EXPECT_EQ(listed[0].name, "at-all");
    EXPECT_EQ(listed[0].title, "");
}

}  // namespace
}  // namespace ui
