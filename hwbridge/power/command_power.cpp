#include "hwbridge/power/command_power.hpp"

#include "hwbridge/capture/child_process.hpp"

#include <fmt/format.h>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::Result;

namespace {

// How a command ended. Errors: Unsupported, TimedOut.
Result<ChildEnd> outcomeOf(const PowerCommands& commands, std::string_view action,
                           const std::vector<std::string>& command)
{
    if (command.empty()) {
        return emulator::fail(ErrorKind::Unsupported,
                              fmt::format("{} has no command for '{}'", commands.name, action));
    }
    Result<ChildProcess> child = ChildProcess::start(command, ChildProcess::Group::Own);
    if (!child.has_value())
        return emulator::fail(child.error().kind, fmt::format("{}: {}", commands.name, child.error().detail));
    child->closeInput();
    if (!child->endsWithinUnheard(commands.timeout)) {
        child->kill();
        return emulator::fail(
            ErrorKind::TimedOut,
            fmt::format("{}: the command for '{}', {}, did not end within {} ms and was killed",
                        commands.name, action, command.front(), commands.timeout.count()));
    }
    return child->wait();
}

emulator::Error failed(const PowerCommands& commands, std::string_view action,
                       const std::vector<std::string>& command, const ChildEnd& end)
{
    return emulator::fail(ErrorKind::Refused,
                          fmt::format("{}: the command for '{}', {}, failed: {}{}{}", commands.name, action,
                                      command.front(), end.reason, end.said.empty() ? "" : ": ", end.said));
}

}  // namespace

Result<void> CommandPower::run(std::string_view action, const std::vector<std::string>& command) const
{
    const Result<ChildEnd> end = outcomeOf(m_commands, action, command);
    if (!end.has_value())
        return emulator::fail(end.error());
    return end->status == 0 ? Result<void>{} : failed(m_commands, action, command, end.value());
}

Result<PowerState> CommandPower::probe()
{
    if (m_commands.probe.empty())
        return PowerState::Unknown;
    const Result<ChildEnd> end = outcomeOf(m_commands, "probe", m_commands.probe);
    if (!end.has_value())
        return emulator::fail(end.error());
    if (end->status != 0 && end->status != 1)
        return failed(m_commands, "probe", m_commands.probe, end.value());
    return end->status == 0 ? PowerState::On : PowerState::Off;
}

}  // namespace hwbridge
