#pragma once

#include "hwbridge/power/power_driver.hpp"

#include <chrono>
#include <vector>

namespace hwbridge {

// The commands that switch one phone's power, each as program and arguments: no shell, an absolute path, an empty
// environment. An empty one: there is none.
struct PowerCommands {
    std::string name;  // for sentences: "the relay board"
    std::vector<std::string> on;
    std::vector<std::string> off;
    std::vector<std::string> probe{};  // exits with 0 for on, with 1 for off
    std::chrono::milliseconds timeout{
        30'000};  // of each; what still runs then is killed, with all that it started
};

// Errors: Unsupported: there is no such command, or it cannot be started; TimedOut; Refused: it exits with another
// status than 0, with the first line that it complained.
class CommandPower final : public PowerDriver {
public:
    explicit CommandPower(PowerCommands commands) : m_commands{std::move(commands)} {}

    std::string name() const override { return m_commands.name; }
    emulator::Result<void> on() override { return run("on", m_commands.on); }
    emulator::Result<void> off() override { return run("off", m_commands.off); }
    emulator::Result<PowerState> probe() override;

private:
    emulator::Result<void> run(std::string_view action, const std::vector<std::string>& command) const;

    PowerCommands m_commands;
};

}  // namespace hwbridge
