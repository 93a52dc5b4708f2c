#include "ui/cli/capture_command.hpp"
#include "ui/cli/number_options.hpp"

#include <CLI/CLI.hpp>

namespace ui {

void addCapture(CLI::App& program, CaptureOptions& options, std::function<ExitCode()>& chosen)
{
    CLI::App& app = *program.add_subcommand("capture", "Writes what crosses an interface to a pcapng file");
    app.add_option("-i,--interface", options.interface, "Where to listen: eth0, lo, any")
        ->required()
        ->option_text("IF");
    app.add_option("--phone", options.phones,
                   "Only packets from or to this IPv4 address, ADDRESS/BITS or MAC; may be repeated")
        ->allow_extra_args(false)
        ->option_text("ADDR");
    app.add_option("-w,--write", options.file, "The file, readable to its user alone; - is standard output")
        ->required()
        ->option_text("F");
    addSeconds(app, "--for", options.forSeconds, "Ends so long after it listens");
    app.add_option("--ring-size", options.ringSize,
                   "Begins another file, F-000002 after F-000001, when one would grow larger: 100M")
        ->option_text("SIZE");
    app.add_option("--ring-age", options.ringAge,
                   "Begins another file when one spans so much time: 90, 10m, 1h")
        ->option_text("TIME");
    addNumber(app, "--ring-files", options.ringFiles, 1, 100'000,
              "Keeps so many files and removes older ones of this run; default: all")
        ->option_text("N");
    app.footer("Says \"listening on IF\" when every packet from then on is seen. Ends with Ctrl-C, and says "
               "how many\n"
               "packets there were and how many were dropped. Exit code 0, or 2 when it could not go on.\n\n"
               "Examples:\n"
               "  phonerig capture -i eth0 --phone 00:0e:08:00:00:01 -w phone.pcapng\n"
               "  phonerig capture -i eth0 -w week.pcapng --ring-size 100M --ring-files 50\n"
               "  phonerig capture -i lo --phone 127.78.0.0/24 -w - | tshark -r -");
    app.callback([&] { chosen = [&] { return capture(options); }; });
}

}  // namespace ui
