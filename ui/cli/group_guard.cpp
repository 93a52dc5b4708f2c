#include "ui/cli/group_guard.hpp"

#include "hwbridge/capture/child_process.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <climits>
#include <csignal>
#include <cstdlib>

namespace ui {

namespace {

constexpr auto groupPatience = std::chrono::seconds{5};

// Whether we were told so, rather than killed. What else we hold open would be missed by those at its other end.
bool isSentHome(int pipe)
{
    if (pipe > 0)
        ::close_range(0, static_cast<unsigned>(pipe) - 1, 0);
    ::close_range(static_cast<unsigned>(pipe) + 1, UINT_MAX, 0);
    char byte = 0;
    ssize_t got = 0;
    do
        got = ::read(pipe, &byte, 1);
    while (got < 0 && errno == EINTR);
    return got == 1;
}

// All are asked; only of the leader, whose number the group has, can the end be waited for.
void endGroup(pid_t group)
{
    ::kill(-group, SIGTERM);
    ::kill(-group, SIGCONT);  // what is stopped does not hear
    (void)hwbridge::endsWithin(group, groupPatience);
    ::kill(-group, SIGKILL);
}

}  // namespace

GroupGuard::GroupGuard(pid_t group)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return;
    m_pid = ::fork();
    if (m_pid == 0) {
        ::setpgid(0, 0);  // what a terminal sends to us is none of its business
        for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE})
            ::signal(number, SIG_IGN);
        ::close(ends[1]);
        if (!isSentHome(ends[0]))
            endGroup(group);
        ::_exit(EXIT_SUCCESS);
    }
    ::close(ends[0]);
    m_alive = ends[1];
}

GroupGuard::~GroupGuard()
{
    if (m_alive < 0)
        return;
    const char home = 0;
    const bool told = ::write(m_alive, &home, 1) == 1;
    ::close(m_alive);
    while (told && m_pid > 0 && ::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {}
}

}  // namespace ui
