#include "ui/cli/number_options.hpp"
#include "ui/cli/up_command.hpp"

#include <CLI/CLI.hpp>

namespace ui {

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
    addPhonePorts(app, options.webPort, options.sipPort);
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
    addThreads(app, options.threads);
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

}  // namespace ui
