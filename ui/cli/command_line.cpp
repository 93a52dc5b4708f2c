#include "ui/cli/command_line.hpp"

#include "ui/cli/bench_command.hpp"
#include "ui/cli/capture_command.hpp"
#include "ui/cli/compare_command.hpp"
#include "ui/cli/decode_command.hpp"
#include "ui/cli/doctor_command.hpp"
#include "ui/cli/firmware_command.hpp"
#include "ui/cli/inform_commands.hpp"
#include "ui/cli/profile_command.hpp"
#include "ui/cli/refusal.hpp"
#include "ui/cli/run_command.hpp"
#include "ui/cli/terminal.hpp"
#include "ui/cli/up_command.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace ui {

namespace {

// --help-all says the words of commands in commands, too ("profile check").
class HelpFormatter : public CLI::Formatter {
public:
    std::string make_subcommands(const CLI::App* app, CLI::AppFormatMode mode) const override
    {
        return CLI::Formatter::make_subcommands(app, mode == CLI::AppFormatMode::Sub ? CLI::AppFormatMode::All
                                                                                     : mode);
    }
};

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
    const auto formatter = std::make_shared<HelpFormatter>();
    formatter->column_width(28);
    program.formatter(formatter);

    RunOptions runOptions;
    UpOptions upOptions;
    upOptions.alter = std::move(alter);
    ProfileCheckOptions profile;
    InformOptions inform;
    DoctorOptions doctorOptions;
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
    addDoctor(program, doctorOptions, chosen);
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
