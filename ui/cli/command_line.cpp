#include "ui/cli/command_line.hpp"

#include "emulator/base/ip_address.hpp"
#include "emulator/base/nearest_word.hpp"
#include "emulator/phone/firmware_load.hpp"
#include "ui/cli/bench_command.hpp"
#include "ui/cli/capture_command.hpp"
#include "ui/cli/compare_command.hpp"
#include "ui/cli/decode_command.hpp"
#include "ui/cli/doctor_command.hpp"
#include "ui/cli/firmware_command.hpp"
#include "ui/cli/inform_commands.hpp"
#include "ui/cli/number_options.hpp"
#include "ui/cli/profile_command.hpp"
#include "ui/cli/run_command.hpp"
#include "ui/cli/terminal.hpp"
#include "ui/cli/up_command.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <functional>
#include <limits>
#include <optional>

namespace ui {

namespace {

constexpr const char* sipPortHelp =
    "UDP port of the phones' SIP: NOTIFY and OPTIONS; default 5078, 0: a free one";

constexpr std::uint64_t largestSeed = std::numeric_limits<std::int64_t>::max();  // as JSON shows it
constexpr std::size_t mostThreads = 256;

void addPort(CLI::App& app, const std::string& name, std::uint16_t& target, const std::string& description)
{
    CLI::Option* option = app.add_option_function<std::string>(
        name,
        [&target, name](const std::string& text) {
            const emulator::Result<std::uint16_t> port = emulator::parsePort(text);
            if (!port.has_value())
                throw CLI::ValidationError(name,
                                           fmt::format("found {}, expected a port from 0 to 65535", text));
            target = *port;
        },
        description);
    option->option_text("PORT");
}

void addRun(CLI::App& program, RunOptions& options, std::function<ExitCode()>& chosen)
{
    CLI::App& app =
        *program.add_subcommand("run", "Runs scenarios and says whether their expectations were met");
    app.add_option(
           "PATH", options.paths,
           "Scenario files, folders (every *.yaml below), or names and requirement ids of the library")
        ->required()
        ->option_text("...");
    app.add_option("--on", options.on,
                   "Where: sim (virtual time), net (real sockets, the default), bench:NAME: a real phone, by "
                   "its name, tag or\nmodel in the inventory, or twin:NAME: the same, compared with its "
                   "emulated twin")
        ->option_text("TARGET");
    addNumber(app, "--seed", options.seed, 0, largestSeed,
              "Makes chance repeat; default: the scenario's, else 1")
        ->option_text("N");
    addNumber(app, "--threads", options.threads, 1, mostThreads,
              "Threads for the phones; default: one per core")
        ->option_text("N");
    addNumber(app, "--phones", options.phones, 1, maxPhones,
              "So many phones, where a scenario has one group without a count and selects none of them")
        ->option_text("N");
    app.add_option("--tag", options.tag, "Only scenarios with this tag")->option_text("T");
    app.add_flag("--strict", options.strict, "What a target cannot observe fails instead of not counting");
    app.add_option("--junit", options.junit, "Writes JUnit XML")->option_text("F");
    app.add_option("--html", options.html, "Writes a self-contained HTML report with a ladder per scenario")
        ->option_text("F");
    app.add_option("--events", options.events, "Writes every trace event as NDJSON")->option_text("F");
    app.add_option("--steps", options.steps,
                   "Writes each step and its verdict as NDJSON, as soon as they are known")
        ->option_text("F");
    app.add_option(
           "--pcap", options.pcap,
           "Writes what crossed the wire as pcapng, for Wireshark and phonerig decode; secrets are in it")
        ->option_text("F");
    app.add_option("--artefacts", options.artefacts,
                   "Writes all of these into one folder: junit.xml, report.html, events.ndjson, "
                   "packets.pcapng; on twin also a\ncomparison per scenario")
        ->option_text("DIR");
    app.add_option("--inventory", options.inventory,
                   "The phones of the bench; default: bench.yaml here (bench and twin)")
        ->option_text("F");
    addBenchDoor(app, options.door);
    app.add_option("--known", options.known,
                   "Differences from the twin that are known, with their reasons (twin)")
        ->option_text("F");
    app.add_option("--twin-of", options.twinOf)->group("");  // how `run --on twin:NAME` starts the other side
    app.add_flag("--wait", options.wait, "Waits until the phone is free (bench and twin)");
    app.add_option("--results", options.results, "Writes verdicts as JSON, for the requirement coverage")
        ->option_text("F");
    app.add_option_function<std::string>(
           "--shard",
           [&options](const std::string& text) {
               const auto wrong = CLI::ValidationError(
                   "--shard",
                   fmt::format("found {}, expected I/N such as 2/3, the second of three parts", text));
               const std::size_t slash = text.find('/');
               if (slash == std::string::npos)
                   throw wrong;
               const auto number = [&](std::string_view part) {
                   std::size_t value = 0;
                   const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
                   if (error != std::errc{} || end != part.data() + part.size() || value == 0)
                       throw wrong;
                   return value;
               };
               options.shard = number(std::string_view{text}.substr(0, slash));
               options.shards = number(std::string_view{text}.substr(slash + 1));
               if (options.shard > options.shards)
                   throw wrong;
           },
           "Runs every N-th scenario from the I-th on")
        ->option_text("I/N");
    app.add_flag("--live,!--no-live", options.live, "Shows the phones while they run (net, on a terminal)");
    app.add_flag("--verbose", options.verbose, "Shows every step, not only what went wrong");
    app.footer("Exit codes: 0 passed, 1 failed, 2 wrong usage or scenario, 3 invalid or nothing evaluated,\n"
               "4 bench unavailable, 130 interrupted.\n\n"
               "Examples:\n"
               "  phonerig run scenarios/library --on sim\n"
               "  phonerig run ex-tftp-resync --phones 16 --live\n"
               "  phonerig run mine.yaml --on net --junit results.xml --html report.html\n"
               "  phonerig run scenarios/library --on bench:alice --inventory bench.yaml --artefacts out\n"
               "  phonerig run ex-tftp-resync --on twin:alice --inventory bench.yaml --artefacts out");
    app.callback([&] { chosen = [&] { return run(options); }; });
}

void addUp(CLI::App& program, UpOptions& options, std::function<ExitCode()>& chosen)
{
    CLI::App& app = *program.add_subcommand("up", "Emulates phones over real sockets until interrupted");
    FleetWish& fleet = options.fleet;
    addNumber(app, "--phones", fleet.phones, 1, maxPhones, "How many; default 1")->option_text("N");
    app.add_option("--model", fleet.model, "Which model; default CP-7832-3PCC")->option_text("MODEL");
    app.add_option("--firmware", fleet.firmware, "Version or load name; default: the model's")
        ->option_text("V");
    app.add_option("--first", fleet.first, "Address of the first phone; default 127.78.0.1")
        ->option_text("ADDRESS");
    app.add_option("--mac", fleet.mac, "MAC of the first phone; default 00:0e:08:00:00:01")
        ->option_text("MAC");
    app.add_option("--device", fleet.device,
                   "Opens the phones to others: they listen on this interface, which has their addresses; "
                   "default: lo")
        ->option_text("IF");
    addPort(app, "--web-port", options.webPort, "Port of the phones' pages; default 8078, 0: a free one");
    addPort(app, "--sip-port", options.sipPort, sipPortHelp);
    app.add_option("--dns", options.dns, "The phones' name server; default: the system's")
        ->option_text("HOST[:PORT]");
    app.add_option(
           "--source", options.source,
           "Where requests beyond loopback come from: auto, or phones' own addresses of a routed PREFIX")
        ->option_text("auto|PREFIX");
    app.add_option("--set", fleet.set, "Changes a parameter before power-on; may be repeated")
        ->allow_extra_args(false)
        ->option_text("Name=Value");
    app.add_option("--state", options.state, "Keeps the phones' memory in this folder across runs")
        ->option_text("DIR");
    addNumber(app, "--seed", options.seed, 0, largestSeed, "Makes chance repeat; default: random")
        ->option_text("N");
    addNumber(app, "--threads", options.threads, 1, mostThreads,
              "Threads for the phones; default: one per core")
        ->option_text("N");
    app.add_option("--serve", options.serve,
                   "Starts the rig's TFTP, HTTP and syslog servers over this folder; phones log to them, and "
                   "take the "
                   "TFTP server as the provisioning server that DHCP option 66 would name")
        ->option_text("DIR");
    app.add_flag("--json", options.json, "Writes trace events as NDJSON to stdout, and nothing else");
    addSeconds(app, "--for", options.forSeconds, "Ends so long after every phone answers");
    app.add_option("--metrics", options.metrics, "Serves counters to Prometheus")->option_text("ADDR:PORT");
    app.add_option("--pcap", options.pcap,
                   "Writes what crosses the loopback from and to the phones as pcapng; secrets are in it")
        ->option_text("F");
    app.add_option(
           "--control", options.control,
           "Lets windows of this user watch and steer through this Unix socket (phonerig-desktop --attach)")
        ->option_text("SOCKET");
    app.footer("Phone k has address FIRST+k-1 and MAC MAC+k-1; its pages are at http://ADDRESS:WEB-PORT/.\n\n"
               "Examples:\n"
               "  phonerig up --phones 4 --serve profiles\n"
               "  phonerig up --phones 200 --set Resync_Periodic=60 --state memory\n"
               "  phonerig up --phones 5 --json --for 10 >events.ndjson");
    app.callback([&] { chosen = [&] { return up(options); }; });
}

struct InformOptions {
    std::string what;
    bool json = false;
    std::vector<std::string> paths;
    std::string word;
    std::string rule;
    FleetWish phone;  // that reads the rule
    std::size_t phones = 1;
    std::uint16_t webPort = 8078;
    std::uint16_t sipPort = 5078;
};

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

    CLI::App& doctor_ = *program.add_subcommand(
        "doctor", "Says what this machine allows, and the command that lifts each limit");
    addNumber(doctor_, "--phones", options.phones, 1, maxPhones, "For so many phones; default 1")
        ->option_text("N");
    addPort(doctor_, "--web-port", options.webPort, "Port of the phones' pages; default 8078");
    addPort(doctor_, "--sip-port", options.sipPort, sipPortHelp);
    doctor_.footer(
        "Exit code 0 when they fit, 1 when they do not.\n\nExample:\n  phonerig doctor --phones 100000");
    doctor_.callback(
        [&] { chosen = [&] { return doctor(options.phones, options.webPort, options.sipPort); }; });
}

void addProfile(CLI::App& program, ProfileCheckOptions& options, std::function<ExitCode()>& chosen)
{
    CLI::App& profile = *program.add_subcommand("profile", "Looks at profiles");
    profile.require_subcommand(1);
    profile.footer("Example:\n  phonerig profile check basic.txt");
    CLI::App& check = *profile.add_subcommand(
        "check", "Opens a profile as a phone would, and says what the phone makes of each parameter");
    check.add_option("FILE", options.file, "The profile: XML, compressed, encrypted, or both")
        ->required()
        ->option_text(" ");
    CLI::Option* const key =
        check.add_option("--key", options.key, "The key of the rule's --key option")->option_text("K");
    check.add_option("--key-file", options.keyFile, "The key is the first line of this file")
        ->excludes(key)
        ->option_text("F");
    check
        .add_option(
            "--ikm-file", options.ikmFile,
            "The file is the body of a response with Content-Encoding: aes128gcm; the first line of F is "
            "IKM_HTTP_Encrypt_Content")
        ->option_text("F");
    check.add_option("--alias-file", options.aliasFile, "F holds the alias map of the rule's --alias option")
        ->option_text("F");
    check.add_option("--model", options.model, "As which model; default CP-7832-3PCC")->option_text("M");
    check.add_option("--firmware", options.firmware, "Version or load name; default: the model's")
        ->option_text("V");
    check.add_flag("--json", options.json, "As one JSON object");
    check.footer("Exit code 0 when nothing is wrong, 1 when some parameters are, 2 when it is no profile.\n\n"
                 "Examples:\n"
                 "  phonerig profile check basic.txt\n"
                 "  phonerig profile check basic.cfg --key-file secret --model CP-7841-3PCC --json");
    check.callback([&] { chosen = [&] { return checkProfileFile(options); }; });
}

void addFirmware(CLI::App& program, FirmwareOptions& options, std::function<ExitCode()>& chosen)
{
    CLI::App& app = *program.add_subcommand(
        "firmware", "Makes a firmware load that emulated phones take, for a server of your own");
    app.add_option("NAME", options.name, "Load name, which becomes the phone's version; without .loads")
        ->required()
        ->option_text(" ");
    app.add_option("--hardware", options.hardware,
                   "Which models take it (load_prefix); default: what NAME begins with, such as sip78xx")
        ->option_text("PREFIX");
    addNumber(app, "--size", options.size, 0, emulator::maxLoadBytes - 1024,
              "Bytes of its image; default 4096")
        ->option_text("BYTES");
    app.add_option("--output", options.output, "Where to; default NAME.loads")->option_text("F");
    app.footer("The file is made up: a header that phones check, and noise.\n\nExample:\n"
               "  phonerig firmware sip78xx.12-0-1MPP0001-245");
    app.callback([&] { chosen = [&] { return firmware(options); }; });
}

void addDecode(CLI::App& program, DecodeCommandOptions& options, std::function<ExitCode()>& chosen)
{
    CLI::App& app = *program.add_subcommand("decode", "Prints the messages of a capture, one line each");
    app.add_option("FILE", options.file, "A pcap or pcapng file; -: standard input")
        ->required()
        ->option_text(" ");
    app.add_option("--phone", options.phones,
                   "Who is a phone: an IPv4 address, a prefix or a MAC; may be repeated; default: whom the "
                   "capture names, or who looks like one")
        ->allow_extra_args(false)
        ->option_text("ADDR");
    CLI::Option* const json =
        app.add_flag("--json", options.json, "Writes trace events as NDJSON to stdout, and nothing else");
    app.add_flag("--ladder", options.ladder, "Draws a ladder per phone instead of a list")->excludes(json);
    app.footer("Exit code 2 when the capture cannot be read to its end; what was before is printed.\n\n"
               "Examples:\n"
               "  phonerig decode phones.pcapng\n"
               "  phonerig decode phones.pcap --json --phone 192.168.1.20");
    app.callback([&] { chosen = [&] { return decode(options); }; });
}

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
        "the two have nothing that can be compared.\n\n"
        "Examples:\n"
        "  phonerig compare before.ndjson after.ndjson\n"
        "  phonerig compare twin.pcapng real.pcapng --html differences.html");
    app.callback([&] { chosen = [&] { return compareFiles(options); }; });
}

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

// One sentence for what CLI11 refused.
std::string refusal(const CLI::ParseError& error, const CLI::App& program, int argc, const char* const* argv)
{
    const std::vector<const CLI::App*> used = [&] {
        std::vector<const CLI::App*> apps;
        for (const CLI::App* app : program.get_subcommands())
            apps.push_back(app);
        return apps;
    }();
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

}  // namespace

int runCommandLine(int argc, const char* const* argv, std::function<void(emulator::Fleet&)> alter)
{
    CLI::App program{
        "Emulates Cisco CP-78xx multiplatform phones and the servers they talk to, and runs scenarios on "
        "them.",
        "phonerig"};
    program.set_version_flag("--version", "phonerig " PHONERIG_VERSION);
    program.set_help_all_flag("--help-all", "Help for every command");
    program.require_subcommand(1);
    program.footer("Examples:\n"
                   "  phonerig run scenarios/library --on sim      every scenario, in virtual time\n"
                   "  phonerig up --phones 4 --serve profiles      four phones and their servers\n"
                   "  phonerig capture -i eth0 -w phones.pcapng    what crosses an interface\n"
                   "  phonerig bench list                          real phones, and who holds them\n"
                   "  phonerig explain expect                      a word of scenario files");
    program.get_formatter()->column_width(28);

    RunOptions runOptions;
    UpOptions upOptions;
    upOptions.alter = std::move(alter);
    ProfileCheckOptions profile;
    InformOptions inform;
    FirmwareOptions firmwareOptions;
    DecodeCommandOptions decodeOptions;
    CompareCommandOptions compareOptions;
    CaptureOptions captureOptions;
    BenchOptions benchOptions;
    std::function<ExitCode()> chosen;
    addRun(program, runOptions, chosen);
    addUp(program, upOptions, chosen);
    addProfile(program, profile, chosen);
    addCapture(program, captureOptions, chosen);
    addDecode(program, decodeOptions, chosen);
    addCompare(program, compareOptions, chosen);
    addBench(program, benchOptions, chosen);
    addInform(program, inform, chosen);
    addFirmware(program, firmwareOptions, chosen);

    // What stands behind "--" is a command of somebody else's.
    if (argc > 2 && std::string_view{argv[1]} == "bench" && std::string_view{argv[2]} == "lease") {
        const auto end = std::find(argv, argv + argc, std::string_view{"--"});
        if (end != argv + argc)
            benchOptions.command.assign(end + 1, argv + argc);
        argc = static_cast<int>(end - argv);
    }
    try {
        program.parse(argc, argv);
    } catch (const CLI::Success& success) {
        return program.exit(success);  // help and version, on stdout
    } catch (const CLI::ParseError& error) {
        say(refusal(error, program, argc, argv));
        return static_cast<int>(ExitCode::Usage);
    }
    const ExitCode code = chosen();
    if (const int lost = lostOutput(); lost != 0) {
        say(fmt::format("cannot write standard output: {}", std::strerror(lost)));
        return static_cast<int>(code == ExitCode::Passed ? ExitCode::Usage : code);
    }
    return static_cast<int>(code);
}

}  // namespace ui
