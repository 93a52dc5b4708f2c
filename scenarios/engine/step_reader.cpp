#include "scenarios/engine/step_reader.hpp"

#include "emulator/base/nearest_word.hpp"
#include "scenarios/engine/expectation_reader.hpp"
#include "scenarios/engine/step_text.hpp"
#include "scenarios/engine/step_verb.hpp"
#include "scenarios/engine/vocabulary.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios {

namespace {

std::optional<StepWhat> readVerb(StepContext& context, std::string_view verb, const YamlNode& step,
                                 Selection& phones)
{
    for (const auto verbs : {phoneVerbs(), serverVerbs()})
        for (const StepVerb& one : verbs)
            if (one.verb == verb)
                return one.read(context, step, phones);
    const auto time = context.nodes.duration(*NodeReader::value(step, "wait"));
    if (!time)
        return std::nullopt;
    return WaitStep{*time};
}

std::optional<Step> readStep(StepContext& context, const YamlNode& node)
{
    const std::vector<std::string_view> verbs = namesOf(WordKind::Step);
    if (!context.nodes.isMap(node, fmt::format("a step: {}", emulator::oneOf(verbs))))
        return std::nullopt;

    // The verb is the first key that is one: "put: x, server: y" is a put.
    const auto verbEntry = std::find_if(node.entries.begin(), node.entries.end(), [&](const YamlEntry& e) {
        return std::find(verbs.begin(), verbs.end(), e.key.text) != verbs.end();
    });
    if (verbEntry == node.entries.end()) {
        const YamlNode& at = node.entries.empty() ? node : node.entries.front().key;
        context.nodes.problemWith(
            at.place,
            node.entries.empty() ? "an empty step" : fmt::format("the key {}", NodeReader::found(at)),
            fmt::format("one of {}", emulator::oneOf(verbs)), emulator::nearestWord(at.text, verbs));
        return std::nullopt;
    }
    const std::string verb = verbEntry->key.text;
    const Word& word = *findWord(verb);
    std::vector<std::string_view> allowed{word.name};
    if (verb == "expect") {
        allowed.emplace_back("phones");
    } else {
        for (const auto keys : {word.keys, stepKeys()})
            for (const KeyWord& key : keys)
                allowed.push_back(key.name);
    }
    const std::size_t problems = context.nodes.problems().size();
    context.nodes.checkKeys(node, allowed);

    Step read;
    read.place = node.place;
    read.phones = {"all", context.everyone};
    const YamlNode* chosen = NodeReader::value(node, "phones");
    if (chosen == nullptr && verb == "expect" && verbEntry->value.kind == YamlNode::Kind::Map)
        chosen = NodeReader::value(verbEntry->value, "phones");
    if (chosen != nullptr) {
        auto selected = context.selection(*chosen);
        if (!selected)
            return std::nullopt;
        read.phones = *std::move(selected);
    }

    std::optional<StepWhat> what = verb == "expect" ? readExpectation(context, verbEntry->value, read.phones)
                                                    : readVerb(context, verb, node, read.phones);
    if (!what || context.nodes.problems().size() > problems)
        return std::nullopt;
    read.what = *std::move(what);
    read.text = stepText(read, context.scenario);
    return read;
}

}  // namespace

std::vector<Step> readSteps(StepContext& context, const YamlNode& list)
{
    std::vector<Step> all;
    if (list.kind != YamlNode::Kind::List) {
        context.nodes.problem(list, "a list of steps, each beginning with \"- \"");
        return all;
    }
    for (const YamlNode& node : list.items)
        if (auto one = readStep(context, node))
            all.push_back(*std::move(one));

    // A refusal of the phone's web server is no failure where an expectation looks at the answer.
    Step* asked = nullptr;
    for (Step& one : all) {
        if (std::holds_alternative<BrowseStep>(one.what) || std::holds_alternative<SubmitStep>(one.what) ||
            std::holds_alternative<PostStep>(one.what) || std::holds_alternative<NotifyStep>(one.what))
            asked = &one;
        else if (const auto* e = std::get_if<Expectation>(&one.what);
                 e && std::holds_alternative<AnswerSubject>(e->subject)) {
            if (asked == nullptr)
                context.nodes.problemWith(one.place, "an expectation about an answer",
                                          "a browse, submit, post or notify step before it");
            else
                asked->answerExpected = true;
        }
    }
    return all;
}

}  // namespace scenarios
