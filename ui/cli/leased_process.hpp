#pragma once

#include "emulator/base/result.hpp"
#include "hwbridge/capture/child_process.hpp"
#include "ui/cli/group_guard.hpp"

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ui {

// A command that runs with our input, output and environment, and some variables more, in a process group of its own. At a
// terminal it is in the foreground, as if the shell had started it: Ctrl-C is the command's, Ctrl-Z stops both of us. It
// does not outlive us: when we are killed, its group is ended.
class LeasedProcess {
public:
    // Errors: Malformed when there is no such program, with the system's reason.
    static emulator::Result<LeasedProcess> start(
        const std::vector<std::string>& command,
        const std::vector<std::pair<std::string, std::string>>& variables);

    // How it ended: its exit status, or 128 and the signal's number; nothing while it runs, or while anything is left of its
    // group, which is ended then.
    std::optional<int> status();
    // Continues a command that had stopped us with it.
    void resume();
    // Waits so long for its end, or for that of its group.
    void await(std::chrono::milliseconds time) const;
    // Asks its group to end with SIGTERM; called again five seconds later, with SIGKILL.
    void end();

private:
    LeasedProcess(pid_t pid, bool foreground) : m_pid{pid}, m_foreground{foreground} {}
    void stopWithIt();
    void takeTerminalBack() const;

    pid_t m_pid;  // of the command and of its group
    GroupGuard m_guard{m_pid};
    bool m_foreground;  // the terminal is its group's
    std::optional<int> m_status;
    std::optional<std::chrono::steady_clock::time_point> m_askedAt;
    bool m_killed = false;
    bool m_stopped = false;
};

}  // namespace ui
