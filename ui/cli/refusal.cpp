#include "ui/cli/refusal.hpp"

#include "emulator/base/nearest_word.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace ui {

namespace {

std::vector<std::string> commandNames(const CLI::App& program)
{
    std::vector<std::string> names;
    for (const CLI::App* command : program.get_subcommands(nullptr))
        names.push_back(command->get_name());
    return names;
}

// "; did you mean X?", or nothing.
std::string hint(std::string_view found, const std::vector<std::string>& words)
{
    const std::string_view nearest = emulator::nearestWord(found, {words.begin(), words.end()});
    return nearest.empty() ? std::string{} : fmt::format("; did you mean {}?", nearest);
}

std::string joined(const std::vector<std::string>& words)
{
    return emulator::oneOf({words.begin(), words.end()});
}

}  // namespace

std::string refusal(const CLI::ParseError& error, const CLI::App& program, int argc, const char* const* argv)
{
    const std::vector<CLI::App*> used = program.get_subcommands();
    // Of what stands before a command, the first word is meant to be one.
    if (used.empty() || !program.remaining().empty()) {
        if (argc < 2)
            return fmt::format("expected a command: {}; see phonerig --help", joined(commandNames(program)));
        if (argv[1][0] == '-')
            return fmt::format("unknown option {}{}; see phonerig --help", argv[1],
                               hint(argv[1], {"--help", "--help-all", "--version"}));
        const std::string nearest = hint(argv[1], commandNames(program));
        return fmt::format("unknown command {}{}", argv[1],
                           nearest.empty() ? fmt::format("; expected {}", joined(commandNames(program)))
                                           : nearest);
    }
    const CLI::App* innermost = used.front();
    std::string name = innermost->get_name();
    while (!innermost->get_subcommands().empty()) {
        innermost = innermost->get_subcommands().front();
        name += " " + innermost->get_name();
    }
    const CLI::App& command = *innermost;
    if (!commandNames(command).empty()) {
        const std::string wanted = joined(commandNames(command));
        return argc > 2 ? fmt::format("{}: found {}, expected {}", name, argv[2], wanted)
                        : fmt::format("{}: expected {} after it", name, wanted);
    }
    if (const auto* extras = dynamic_cast<const CLI::ExtrasError*>(&error); extras != nullptr) {
        std::vector<std::string> options;
        for (const CLI::Option* option : command.get_options())
            for (const std::string& word : option->get_lnames())
                options.push_back("--" + word);
        for (const std::string& extra : command.remaining())
            if (extra.starts_with("-")) {
                const std::string option = extra.substr(0, extra.find('='));
                return fmt::format("{}: unknown option {}{}", name, option, hint(option, options));
            }
        return fmt::format("{}: found {}, expected nothing more", name,
                           command.remaining().empty() ? std::string{"a word"} : command.remaining().front());
    }
    std::string reason = error.what();
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr)
        reason = reason.substr(0, reason.find(':')) + (reason.find("At Most") != std::string::npos
                                                           ? ": found more than one, expected one value"
                                                           : ": expected a value after it");
    return fmt::format("{}: {}; see phonerig {} --help", name, reason, name);
}

}  // namespace ui
