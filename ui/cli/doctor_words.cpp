#include "ui/cli/doctor_command.hpp"
#include "ui/cli/fleet_plan.hpp"
#include "ui/cli/number_options.hpp"

#include <CLI/CLI.hpp>

namespace ui {

void addDoctor(CLI::App& program, DoctorOptions& options, std::function<ExitCode()>& chosen)
{
    CLI::App& app = *program.add_subcommand(
        "doctor", "Says what this machine allows, and the command that lifts each limit");
    addNumber(app, "--phones", options.phones, 1, maxPhones, "For so many phones; default 1")
        ->option_text("N");
    addPort(app, "--web-port", options.webPort, "Port of the phones' pages; default 8078");
    addPort(app, "--sip-port", options.sipPort, "UDP port of the phones' SIP; default 5078");
    app.footer(
        "Exit code 0 when they fit, 1 when they do not.\n\nExample:\n  phonerig doctor --phones 100000");
    app.callback([&] { chosen = [&] { return doctor(options); }; });
}

}  // namespace ui
