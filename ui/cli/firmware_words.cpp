#include "ui/cli/firmware_command.hpp"

#include "emulator/phone/firmware_load.hpp"
#include "ui/cli/number_options.hpp"

#include <CLI/CLI.hpp>

namespace ui {

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

}  // namespace ui
