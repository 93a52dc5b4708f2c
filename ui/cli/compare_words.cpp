#include "ui/cli/compare_command.hpp"

#include <CLI/CLI.hpp>

namespace ui {

void addCompare(CLI::App& program, CompareCommandOptions& options, std::function<ExitCode()>& chosen)
{
    CLI::App& app = *program.add_subcommand(
        "compare",
        "Says where two traces of phones differ: what is missing, extra, out of order, changed or late");
    app.add_option("A", options.a,
                   "What it should be: a capture (pcap, pcapng), or NDJSON of run --events or up --json")
        ->required()
        ->option_text(" ");
    app.add_option("B", options.b, "What is compared with it, likewise")->required()->option_text(" ");
    app.add_option("--html", options.html,
                   "Writes a self-contained page with both sides next to each other, exchange by exchange")
        ->option_text("F");
    app.add_option("--json", options.json, "Writes the result as one JSON object")->option_text("F");
    app.add_option("--rules", options.rules, "Rules in YAML on top of the built-in ones")->option_text("F");
    app.add_option("--phone", options.phones,
                   "Compares that phone of A with that one of B, each a MAC or an address; may be repeated")
        ->allow_extra_args(false)
        ->option_text("A=B");
    app.footer(
        "Exit code 0 when there is no difference, 1 when there is one, 2 when a file cannot be read, 3 when\n"
        "the two have nothing that can be compared, or do not differ although a capture lost packets.\n\n"
        "Examples:\n"
        "  phonerig compare before.ndjson after.ndjson\n"
        "  phonerig compare twin.pcapng real.pcapng --html differences.html");
    app.callback([&] { chosen = [&] { return compareFiles(options); }; });
}

}  // namespace ui
