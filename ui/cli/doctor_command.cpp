#include "ui/cli/doctor_command.hpp"

#include "emulator/runtime/machine_limits.hpp"
#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>

namespace ui {

namespace {

using emulator::LimitFinding;
using Verdict = LimitFinding::Verdict;

// Whether the fleet's socket for a port can be bound: to every address of the loopback device, by nobody else's leave.
LimitFinding portFinding(std::string_view what, int type, std::uint16_t port)
{
    LimitFinding finding;
    finding.what = fmt::format("port {} for {}", port, what);
    finding.needs = "free on every loopback address";
    const int socket = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);
    const int on = 1;
    if (type == SOCK_STREAM)
        ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_port = htons(port);
    const bool bound = socket >= 0 &&
                       ::bind(socket, reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0 &&
                       (type != SOCK_STREAM || ::listen(socket, 1) == 0);
    if (bound) {
        finding.has = "free";
    } else {
        finding.has = std::strerror(errno);
        finding.verdict = Verdict::Slower;  // a listener per address still works while its addresses are free
        finding.command = fmt::format("ss -{}lnp 'sport = :{}' shows whose it is; or choose another port",
                                      type == SOCK_STREAM ? 't' : 'u', port);
    }
    if (socket >= 0)
        ::close(socket);
    return finding;
}

std::string verdictText(Verdict verdict, const TerminalLook& look)
{
    const std::string_view word = verdict == Verdict::Enough   ? "ok"
                                  : verdict == Verdict::Slower ? "limit"
                                                               : "too low";
    const std::string_view colour = verdict == Verdict::Enough   ? "32"
                                    : verdict == Verdict::Slower ? "33"
                                                                 : "31";
    const std::string text = fmt::format("{:<7}", word);
    return look.colours ? fmt::format("\x1b[{}m{}\x1b[0m", colour, text) : text;
}

}  // namespace

ExitCode doctor(const DoctorOptions& options)
{
    const emulator::MachineReadings machine = emulator::readMachine();
    std::vector<LimitFinding> findings = emulator::judgeMachine(machine, options.phones);
    findings.push_back(portFinding("the phones' pages", SOCK_STREAM, options.webPort));
    findings.push_back(portFinding("the phones' SIP", SOCK_DGRAM, options.sipPort));

    const TerminalLook look = lookOf(STDOUT_FILENO);
    std::string text =
        fmt::format("{} phone{} on this machine with {} core{}:\n", options.phones,
                    options.phones == 1 ? "" : "s", machine.cores, machine.cores == 1 ? "" : "s");
    for (const LimitFinding& finding : findings) {
        fmt::format_to(std::back_inserter(text), "  {} {}: {}; needs {}\n",
                       verdictText(finding.verdict, look), finding.what, finding.has, finding.needs);
        if (!finding.command.empty())
            fmt::format_to(std::back_inserter(text), "          {}\n", finding.command);
    }
    const bool fits = std::none_of(findings.begin(), findings.end(),
                                   [](const LimitFinding& f) { return f.verdict == Verdict::TooLow; });
    fmt::format_to(std::back_inserter(text), "{}\n",
                   fits ? fmt::format("{} phone{}", options.phones, options.phones == 1 ? " fits" : "s fit")
                        : fmt::format("{} phone{} not fit; try fewer with --phones, or lift what is too low",
                                      options.phones, options.phones == 1 ? " does" : "s do"));
    writeAll(STDOUT_FILENO, text);
    return fits ? ExitCode::Passed : ExitCode::Failed;
}

}  // namespace ui
