#pragma once

#include "scenarios/library/scenario_source.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ui {

// A scenario's text as `phonerig validate` reads it. Values only, so that any thread may make one.
struct CheckedScenario {
    struct Problem {
        std::size_t line = 1;  // both from 1
        std::size_t column = 1;
        std::string text;  // the sentence behind the place: "found …, expected …; did you mean …?"
    };
    struct Step {
        std::size_t line = 1;
        std::string text;
        bool finally = false;
    };
    std::string title;              // of a right one
    std::vector<Problem> problems;  // in the order of the file; empty: it is right
    std::vector<Step> steps;        // of a right one

    // `source`: where the text comes from; files that it names are looked for there.
    static CheckedScenario check(std::string_view text, scenarios::ScenarioSource source);
};

// A scenario in a list.
struct ListedScenario {
    scenarios::ScenarioSource source;
    std::string name;   // "ex-tftp-resync"
    std::string title;  // empty: its file is wrong
    std::vector<std::string> tags;
    std::vector<std::string> covers;

    // Whether each of these words is found in one of the above, in any case.
    bool matches(std::string_view words) const;
};

inline constexpr std::size_t mostScenariosListed = 2'000;  // our choice: what can be looked through

std::vector<ListedScenario> listScenarios(const std::vector<scenarios::ScenarioSource>& sources);

}  // namespace ui
