#pragma once

#include "ui/cli/exit_code.hpp"
#include "ui/cli/fleet_plan.hpp"

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace ui {

// `phonerig list`, `validate` and `explain`, as typed.
struct InformOptions {
    std::string what;  // of list; empty: all three
    bool json = false;
    std::vector<std::string> paths;
    std::string word;
    std::string rule;
    FleetWish phone;  // that reads the rule
};

// Declares the words of the three; `chosen` becomes what they ask for.
void addInform(CLI::App& program, InformOptions& options, std::function<ExitCode()>& chosen);

// `phonerig list [scenarios|models|verbs] [--json]`; empty: all three.
ExitCode list(const std::string& what, bool json);

// `phonerig validate PATH...`: one line per problem on stdout, FILE:LINE:COLUMN first.
ExitCode validate(const std::vector<std::string>& paths);

// `phonerig explain VERB`. Words after it are of use to rules only.
ExitCode explain(const std::string& word, bool hasText);

// `phonerig explain rule TEXT [--model M] [--firmware V] [--mac M] [--set Name=Value]...`: how that phone reads it.
ExitCode explainRule(const std::string& text, const FleetWish& phone);

}  // namespace ui
