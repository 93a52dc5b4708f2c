#pragma once

#include "emulator/base/result.hpp"
#include "hwbridge/capture/child_process.hpp"

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ui {

// A command that runs with our input, output and environment, and some variables more. It does not outlive us: when we
// are killed, it is told to end.
class LeasedProcess {
public:
    // Errors: Malformed when there is no such program, with the system's reason.
    static emulator::Result<LeasedProcess> start(
        const std::vector<std::string>& command,
        const std::vector<std::pair<std::string, std::string>>& variables);

    // How it ended: its exit status, or 128 and the signal's number; nothing while it runs.
    std::optional<int> status();
    bool endsWithin(std::chrono::milliseconds time) const { return hwbridge::endsWithin(m_pid, time); }
    // Asks it to end with SIGTERM; called again five seconds later, with SIGKILL.
    void end();

private:
    explicit LeasedProcess(pid_t pid) : m_pid{pid} {}

    pid_t m_pid;
    std::optional<int> m_status;
    std::optional<std::chrono::steady_clock::time_point> m_askedAt;
};

}  // namespace ui
