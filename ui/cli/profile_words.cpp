#include "ui/cli/profile_command.hpp"

#include <CLI/CLI.hpp>

namespace ui {

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

}  // namespace ui
