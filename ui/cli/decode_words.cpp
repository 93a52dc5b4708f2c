#include "ui/cli/decode_command.hpp"

#include <CLI/CLI.hpp>

namespace ui {

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

}  // namespace ui
