#include "ui/cli/bench_command.hpp"

#include <CLI/CLI.hpp>

namespace ui {

void addBenchDoor(CLI::App& app, BenchDoorOptions& door)
{
    CLI::Option* const socket =
        app.add_option("--socket", door.socket,
                       "The daemon's socket; default: $XDG_RUNTIME_DIR/phonerig-bench.sock")
            ->option_text("PATH");
    CLI::Option* const connect =
        app.add_option("--connect", door.connect, "A daemon on another machine, which serves with --listen")
            ->option_text("HOST:PORT")
            ->excludes(socket);
    CLI::Option* const authorities =
        app.add_option("--tls-ca", door.authorities, "Certificates in PEM that may have signed the daemon's")
            ->option_text("F")
            ->needs(connect);
    CLI::Option* const token =
        app.add_option("--token-file", door.tokenFile, "F's first line is the daemon's token")
            ->option_text("F")
            ->needs(connect);
    connect->needs(authorities)->needs(token);
}

namespace {

void addList(CLI::App& bench, BenchOptions& options, std::function<ExitCode()>& chosen)
{
    CLI::App& app =
        *bench.add_subcommand("list", "Says what phones there are, and who holds which until when");
    app.add_option("NAME", options.phone, "Only this phone")->option_text(" ");
    addBenchDoor(app, options.door);
    app.add_option("--inventory", options.inventory,
                   "Checks this bench.yaml and shows it; no daemon is asked")
        ->option_text("F");
    app.add_flag("--json", options.json, "As one JSON object");
    app.add_flag("--schema", options.schema, "Prints the JSON Schema of bench.yaml");
    app.footer("Examples:\n  phonerig bench list\n  phonerig bench list alice --json\n"
               "  phonerig bench list --inventory bench.yaml");
    app.callback([&] { chosen = [&] { return benchList(options); }; });
}

void addCheck(CLI::App& bench, BenchOptions& options, std::function<ExitCode()>& chosen)
{
    CLI::App& app = *bench.add_subcommand(
        "check", "Looks whether phones are what the inventory says, and quarantines those that are not");
    app.add_option("NAME", options.phone, "Only this phone")->option_text(" ");
    app.add_option("--inventory", options.inventory, "The bench's phones; default: bench.yaml")
        ->option_text("F");
    addBenchDoor(app, options.door);
    app.add_flag("--json", options.json, "As one JSON object");
    app.footer(
        "Asks each phone for its page, compares model, MAC and firmware, asks what switches its "
        "power, looks\n"
        "whether its packets are seen, and says how far its clock is off. Nothing is changed. Each phone "
        "is leased\n"
        "meanwhile; one that fails is quarantined until it passes. Exit code 1: a phone failed; 4: no "
        "daemon, or\nsomebody else holds a phone.\n\n"
        "Examples:\n  phonerig bench check --inventory bench.yaml\n"
        "  phonerig bench check alice --inventory bench.yaml --json");
    app.callback([&] { chosen = [&] { return benchCheck(options); }; });
}

void addLease(CLI::App& bench, BenchOptions& options, std::function<ExitCode()>& chosen)
{
    CLI::App& app = *bench.add_subcommand("lease", "Holds a phone while a command runs, or until Ctrl-C");
    app.add_option("NAME", options.phone, "Which phone")->option_text(" ");
    addBenchDoor(app, options.door);
    app.add_option("--tag", options.tag, "Any phone with this tag")->option_text("T");
    app.add_option("--model", options.model, "Any phone of this model")->option_text("M");
    app.add_option("--for", options.duration, "At most so long; default 1h")->option_text("DURATION");
    app.add_option("--reason", options.reason, "What others are told who want it")->option_text("TEXT");
    app.add_flag("--wait", options.wait, "Waits in the queue until one is free");
    app.add_flag("--json", options.json, "Prints the lease as one JSON object");
    app.footer(
        "Behind -- stands a command; it finds PHONERIG_PHONE and PHONERIG_LEASE in its environment, and is "
        "ended "
        "when\nthe lease is lost, with all that it started. Exit code: the command's; 4 when there is no "
        "lease, or it was lost.\n\n"
        "Examples:\n"
        "  phonerig bench lease alice --reason \"looking at its display\"\n"
        "  phonerig bench lease --tag headset --for 30m --wait -- ./nightly.sh");
    app.callback([&] { chosen = [&] { return benchLease(options); }; });
}

void addRelease(CLI::App& bench, BenchOptions& options, std::function<ExitCode()>& chosen)
{
    CLI::App& app = *bench.add_subcommand("release", "Gives a phone back, or takes it from whoever holds it");
    app.add_option("NAME", options.phone, "Which phone")->required()->option_text(" ");
    addBenchDoor(app, options.door);
    CLI::Option* const kick = app.add_flag("--kick", options.kick, "Also when somebody else holds it");
    CLI::Option* const reason = app.add_option("--reason", options.reason, "What its holder is told")
                                    ->option_text("TEXT")
                                    ->needs(kick);
    kick->needs(reason);
    app.footer("Examples:\n  phonerig bench release alice\n"
               "  phonerig bench release alice --kick --reason \"the demo begins\"");
    app.callback([&] { chosen = [&] { return benchRelease(options); }; });
}

void addServe(CLI::App& bench, BenchOptions& options, std::function<ExitCode()>& chosen)
{
    CLI::App& app = *bench.add_subcommand("serve", "Runs the lease daemon of a bench until Ctrl-C");
    app.add_option("NAME", options.bench, "The bench's name, which the inventory has to have")
        ->option_text(" ");
    app.add_option("--inventory", options.inventory, "The bench's phones; default: bench.yaml")
        ->option_text("F");
    app.add_option("--socket", options.door.socket,
                   "Where it answers this user; default: $XDG_RUNTIME_DIR/phonerig-bench.sock")
        ->option_text("PATH");
    app.add_option(
           "--state", options.state,
           "Folder of what it remembers; default: phonerig/bench/NAME in $XDG_STATE_HOME or ~/.local/state")
        ->option_text("DIR");
    app.add_option("--listen", options.listen, "Answers other machines as well, over TLS and with a token")
        ->option_text("ADDR:PORT");
    app.add_option("--tls-cert", options.certificate, "Its certificate with its chain, in PEM")
        ->option_text("F");
    app.add_option("--tls-key", options.key, "The certificate's private key, in PEM")->option_text("F");
    app.add_option("--token-file", options.door.tokenFile, "F's first line is what clients have to know")
        ->option_text("F");
    app.footer(
        "Says \"serving ...\" when it answers. What it remembers survives kill -9: leases, their numbers, "
        "and what "
        "has\nto be put back.\n\n"
        "Examples:\n  phonerig bench serve --inventory bench.yaml\n"
        "  phonerig bench serve --inventory bench.yaml --listen 192.0.2.1:7878 --tls-cert bench.pem \\\n"
        "      --tls-key bench.key --token-file token");
    app.callback([&] { chosen = [&] { return benchServe(options); }; });
}

}  // namespace

void addBench(CLI::App& program, BenchOptions& options, std::function<ExitCode()>& chosen)
{
    CLI::App& bench =
        *program.add_subcommand("bench", "Real phones: which there are, and who may use them when");
    bench.require_subcommand(1);
    bench.footer("Exit code 4: the bench is unavailable.\n\nExamples:\n"
                 "  phonerig bench serve --inventory bench.yaml\n"
                 "  phonerig bench list\n"
                 "  phonerig bench check --inventory bench.yaml\n"
                 "  phonerig bench lease alice -- ./mine.sh");
    addList(bench, options, chosen);
    addCheck(bench, options, chosen);
    addLease(bench, options, chosen);
    addRelease(bench, options, chosen);
    addServe(bench, options, chosen);
}

}  // namespace ui
