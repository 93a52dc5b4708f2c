#pragma once

#include <sys/types.h>

#include <utility>

namespace ui {

// Sees to it that a process group does not outlive us, however we end: a process beside us that does nothing but wait for
// our end. When that comes it asks the group to end with SIGTERM, and ends it with SIGKILL as soon as its leader has ended,
// at the latest after five seconds.
class GroupGuard {
public:
    // Without a process to be had there is none, and the group is on its own.
    explicit GroupGuard(pid_t group);
    ~GroupGuard();  // the group has ended, or may go on
    GroupGuard(GroupGuard&& other) noexcept
        : m_pid{std::exchange(other.m_pid, -1)},
          m_alive{std::exchange(other.m_alive, -1)}
    {}
    GroupGuard& operator=(GroupGuard&&) = delete;

private:
    pid_t m_pid = -1;
    int m_alive = -1;  // a pipe to it: one byte sends it home, its end says that we have ended
};

}  // namespace ui
