#include "scenarios/engine/vocabulary.hpp"

#include "scenarios/engine/engine_files.hpp"
#include "scenarios/engine/scenario_file.hpp"
#include "scenarios/engine/yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace scenarios {
namespace {

// The schema is JSON, which is YAML too.
YamlNode schema()
{
    const auto tree = parseYaml(fixtures::engineFiles().front().bytes, "a schema");
    EXPECT_TRUE(tree.has_value()) << (tree.has_error() ? tree.error().detail : "");
    return tree.has_value() ? *tree : YamlNode{};
}

const YamlNode& at(const YamlNode& map, std::string_view key)
{
    static const YamlNode none;
    for (const YamlEntry& entry : map.entries)
        if (entry.key.text == key)
            return entry.value;
    ADD_FAILURE() << "no " << key;
    return none;
}

std::set<std::string> keysOf(const YamlNode& map)
{
    std::set<std::string> keys;
    for (const YamlEntry& entry : map.entries)
        keys.insert(entry.key.text);
    return keys;
}

std::set<std::string> wordsOf(const Word& word, std::span<const KeyWord> more, bool itself)
{
    std::set<std::string> words;
    if (itself)
        words.emplace(word.name);
    for (const auto keys : {word.keys, more})
        for (const KeyWord& key : keys)
            words.emplace(key.name);
    return words;
}

// The variant of a "oneOf" that has this word.
std::set<std::string> variant(const YamlNode& list, std::string_view word)
{
    for (const YamlNode& one : at(list, "oneOf").items) {
        const std::set<std::string> keys = keysOf(at(one, "properties"));
        const YamlNode& required = at(one, "required");
        if (!required.items.empty() && required.items.front().text == word)
            return keys;
    }
    ADD_FAILURE() << "the schema has no " << word;
    return {};
}

TEST(VocabularyTest, IsTheSameInTheJsonSchema)
{
    const YamlNode root = schema();
    const YamlNode& defs = at(root, "$defs");
    EXPECT_EQ(keysOf(at(root, "properties")), wordsOf(*findWord("scenario"), {}, false));
    EXPECT_EQ(keysOf(at(at(defs, "group"), "properties")), wordsOf(*findWord("phones"), {}, false));
    EXPECT_EQ(keysOf(at(at(at(defs, "server"), "anyOf").items.back(), "properties")),
              wordsOf(*findWord("servers"), {}, false));
    std::size_t steps = 0;
    std::size_t topics = 0;
    for (const Word& word : vocabulary()) {
        if (word.kind == WordKind::Step && word.name != "expect") {
            ++steps;
            EXPECT_EQ(variant(at(defs, "step"), word.name), wordsOf(word, stepKeys(), true)) << word.name;
        } else if (word.kind == WordKind::Topic) {
            ++topics;
            EXPECT_EQ(variant(at(defs, "expectation"), word.name), wordsOf(word, expectationKeys(), true))
                << word.name;
        }
    }
    EXPECT_EQ(at(at(defs, "step"), "oneOf").items.size(), steps + 1);
    EXPECT_EQ(at(at(defs, "expectation"), "oneOf").items.size(), topics);
}

TEST(VocabularyTest, ExplainsEveryWordWithAnExample)
{
    for (const Word& word : vocabulary()) {
        const Explanation explanation = explain(word.name);
        EXPECT_TRUE(explanation.known);
        EXPECT_THAT(explanation.text, testing::HasSubstr("Example:\n")) << word.name;
        for (const KeyWord& key : word.keys)
            EXPECT_THAT(explanation.text, testing::HasSubstr(std::string{key.name} + ": ")) << word.name;
    }
}

TEST(VocabularyTest, GivesExamplesThatAreRight)
{
    for (const Word& word : vocabulary()) {
        if (word.kind == WordKind::Block)
            continue;
        std::string steps = "  - browse: /\n";
        std::string_view rest = word.example;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            steps.append("  ").append(rest.substr(0, end)).append("\n");
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        const ScenarioReading reading = readScenario("scenario: t\nphones: { model: '7832' }\nservers: { "
                                                     "tftp: {}, http: {}, syslog: {}, sip: {} }\nsteps:\n" +
                                                         steps,
                                                     "example.yaml");
        EXPECT_THAT(reading.problems, testing::IsEmpty()) << word.name << '\n' << steps;
    }
    EXPECT_THAT(readScenario(findWord("scenario")->example, "example.yaml").problems, testing::IsEmpty());
}

TEST(VocabularyTest, NamesTheNearestWordForOneItDoesNotKnow)
{
    const Explanation explanation = explain("brwose");
    EXPECT_FALSE(explanation.known);
    EXPECT_THAT(explanation.text, testing::HasSubstr("did you mean \"browse\"?"));
}

}  // namespace
}  // namespace scenarios
