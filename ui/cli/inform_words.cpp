#include "ui/cli/inform_commands.hpp"

#include "emulator/base/nearest_word.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace ui {

void addInform(CLI::App& program, InformOptions& options, std::function<ExitCode()>& chosen)
{
    CLI::App& list_ = *program.add_subcommand("list", "Says what scenarios, models and verbs there are");
    list_
        .add_option_function<std::string>(
            "WHAT",
            [&options](const std::string& text) {
                const std::vector<std::string_view> words{"scenarios", "models", "verbs"};
                if (std::find(words.begin(), words.end(), text) == words.end()) {
                    const std::string_view nearest = emulator::nearestWord(text, words);
                    throw CLI::ValidationError(
                        text, fmt::format("expected {}{}", emulator::oneOf(words),
                                          nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest)));
                }
                options.what = text;
            },
            "scenarios, models or verbs; default: all three")
        ->option_text(" ");
    list_.add_flag("--json", options.json, "As one JSON object");
    list_.footer("Examples:\n  phonerig list models\n  phonerig list scenarios --json");
    list_.callback([&] { chosen = [&] { return list(options.what, options.json); }; });

    CLI::App& validate_ = *program.add_subcommand("validate", "Checks scenario files without running them");
    validate_.add_option("PATH", options.paths, "Scenario files or folders")->required()->option_text("...");
    validate_.footer(
        "Prints FILE:LINE:COLUMN, what was found and what was expected; exit code 2 when anything is "
        "wrong.\n\nExample:\n  phonerig validate scenarios/library mine.yaml");
    validate_.callback([&] { chosen = [&] { return validate(options.paths); }; });

    CLI::App& explain_ =
        *program.add_subcommand("explain", "Explains a word of scenario files, or how a phone reads a rule");
    explain_
        .add_option("VERB", options.word,
                    "A word that `phonerig list verbs` names; or rule, before a rule's TEXT")
        ->required()
        ->option_text(" ");
    explain_.add_option("TEXT", options.rule, "The rule to explain, as Profile_Rule would hold it")
        ->option_text(" ");
    explain_
        .add_option("--model", options.phone.model, "Of the phone that reads the rule; default CP-7832-3PCC")
        ->option_text("MODEL");
    explain_.add_option("--firmware", options.phone.firmware, "Version or load name; default: the model's")
        ->option_text("V");
    explain_.add_option("--mac", options.phone.mac, "Its MAC; default 00:0e:08:00:00:01")->option_text("MAC");
    explain_.add_option("--set", options.phone.set, "A parameter of the phone; may be repeated")
        ->allow_extra_args(false)
        ->option_text("Name=Value");
    explain_.footer(
        "Examples:\n  phonerig explain browse\n  phonerig explain expect\n"
        "  phonerig explain rule '(\"$A\" ne \"done\")? http://$B/$MA.cfg | /$PSN.xml' --set GPP_B=server");
    explain_.callback([&] {
        chosen = [&] {
            return options.word == "rule" ? explainRule(options.rule, options.phone)
                                          : explain(options.word, !options.rule.empty());
        };
    });
}

}  // namespace ui
