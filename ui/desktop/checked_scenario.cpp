#include "ui/desktop/checked_scenario.hpp"

#include "emulator/base/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace ui {

using scenarios::ScenarioReading;
using scenarios::ScenarioSource;

namespace {

// Takes "12:" off the front.
std::optional<std::size_t> takeNumber(std::string_view& text)
{
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end == text.data() + text.size() || *end != ':')
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    return number;
}

// Shape of the sentence: "FILE:LINE:COLUMN: found …"; of a file that cannot be read "FILE: found …".
CheckedScenario::Problem problemIn(std::string_view sentence, std::string_view file)
{
    CheckedScenario::Problem problem;
    if (sentence.starts_with(file) && sentence.substr(file.size()).starts_with(':'))
        sentence.remove_prefix(file.size() + 1);
    if (const auto line = takeNumber(sentence))
        problem.line = *line;
    if (const auto column = takeNumber(sentence))
        problem.column = *column;
    sentence.remove_prefix(std::min(sentence.find_first_not_of(' '), sentence.size()));
    problem.text = sentence;
    return problem;
}

void addSteps(std::vector<CheckedScenario::Step>& to, const std::vector<scenarios::Step>& steps, bool finally)
{
    for (const scenarios::Step& step : steps)
        to.push_back({step.place.line, step.text, finally});
}

bool contains(std::string_view text, std::string_view word)
{
    const auto found = std::search(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) {
        return emulator::equalsAnyCase(std::string_view{&a, 1}, std::string_view{&b, 1});
    });
    return found != text.end();
}

}  // namespace

CheckedScenario CheckedScenario::check(std::string_view text, ScenarioSource source)
{
    source.text = text;
    const ScenarioReading reading =
        source.embedded ? scenarios::readSource(source) : scenarios::readScenario(text, source.file);
    CheckedScenario checked;
    for (const std::string& problem : reading.problems)
        checked.problems.push_back(problemIn(problem, source.file));
    if (!reading.scenario)
        return checked;
    checked.title = reading.scenario->title;
    addSteps(checked.steps, reading.scenario->steps, false);
    addSteps(checked.steps, reading.scenario->finally, true);
    return checked;
}

bool ListedScenario::matches(std::string_view words) const
{
    const auto has = [&](std::string_view word) {
        const auto in = [&](const std::vector<std::string>& texts) {
            return std::any_of(texts.begin(), texts.end(),
                               [&](const std::string& text) { return contains(text, word); });
        };
        return contains(name, word) || contains(title, word) || in(tags) || in(covers);
    };
    while (!words.empty()) {
        const std::size_t end = std::min(words.find(' '), words.size());
        if (end > 0 && !has(words.substr(0, end)))
            return false;
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return true;
}

std::vector<ListedScenario> listScenarios(const std::vector<ScenarioSource>& sources)
{
    std::vector<ListedScenario> listed;
    for (const ScenarioSource& source : sources) {
        if (listed.size() == mostScenariosListed)
            break;
        ListedScenario one{source, sourceName(source), {}, {}, {}};
        if (ScenarioReading reading = scenarios::readSource(source); reading.scenario) {
            one.title = std::move(reading.scenario->title);
            one.tags = std::move(reading.scenario->tags);
            one.covers = std::move(reading.scenario->covers);
        }
        listed.push_back(std::move(one));
    }
    return listed;
}

}  // namespace ui
