#include "ui/cli/leased_process.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace ui {

using emulator::ErrorKind;
using emulator::Result;

namespace {

constexpr auto patience = std::chrono::seconds{5};

emulator::Error cannot(const std::string& program, int reason)
{
    return emulator::fail(ErrorKind::Malformed,
                          fmt::format("cannot start {}: {}", program, std::strerror(reason)));
}

sigset_t childSignal()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    return set;
}

// Whether the terminal at our input, if it is one, is ours to give.
bool isForeground()
{
    return ::isatty(STDIN_FILENO) == 1 && ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
}

// Whoever is in the background is stopped for that, unless it does not listen.
void giveTerminal(pid_t group)
{
    const auto before = ::signal(SIGTTOU, SIG_IGN);
    ::tcsetpgrp(STDIN_FILENO, group);
    ::signal(SIGTTOU, before);
}

}  // namespace

Result<LeasedProcess> LeasedProcess::start(const std::vector<std::string>& command,
                                           const std::vector<std::pair<std::string, std::string>>& variables)
{
    std::vector<std::string> words = command;
    std::vector<char*> arguments;
    for (std::string& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    int failure[2];  // closed by a successful exec, else told why it failed
    if (::pipe2(failure, O_CLOEXEC) != 0)
        return cannot(command.front(), errno);
    const pid_t parent = ::getpid();
    const bool foreground = isForeground();
    // Children whose parent has ended come to us, and their end is waited for as a signal.
    const sigset_t children = childSignal();
    ::sigprocmask(SIG_BLOCK, &children, nullptr);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::sigprocmask(SIG_UNBLOCK, &children, nullptr);
        ::setpgid(0, 0);
        if (foreground)
            giveTerminal(::getpid());
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parent)
            ::_exit(EXIT_FAILURE);  // we were killed before it could be asked for
        for (const auto& [name, value] : variables)
            ::setenv(name.c_str(), value.c_str(), 1);
        for (const int number : {SIGINT, SIGTERM, SIGPIPE})
            ::signal(number, SIG_DFL);
        ::execvp(arguments.front(), arguments.data());
        const int reason = errno;
        if (::write(failure[1], &reason, sizeof reason) != sizeof reason)
            ::_exit(EXIT_FAILURE);
        ::_exit(EXIT_FAILURE);
    }
    const int forkReason = errno;
    ::close(failure[1]);
    int reason = 0;
    ssize_t got = pid < 0 ? 0 : -1;
    while (got < 0) {
        got = ::read(failure[0], &reason, sizeof reason);
        if (got < 0 && errno != EINTR)
            break;
    }
    ::close(failure[0]);
    if (pid < 0)
        return cannot(command.front(), forkReason);
    LeasedProcess process{pid, foreground};
    if (got != sizeof reason)
        return process;
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {}
    if (foreground)
        giveTerminal(::getpgrp());
    return cannot(command.front(), reason);
}

std::optional<int> LeasedProcess::status()
{
    int status = 0;
    if (!m_status && ::waitpid(m_pid, &status, WNOHANG | WUNTRACED) == m_pid) {
        if (WIFSTOPPED(status)) {
            stopWithIt();
            return std::nullopt;
        }
        m_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        takeTerminalBack();
    }
    if (!m_status)
        return std::nullopt;
    while (::waitpid(-m_pid, nullptr, WNOHANG) > 0)
        continue;
    if (m_killed || ::kill(-m_pid, 0) != 0)
        return m_status;
    end();  // what it left behind
    return std::nullopt;
}

// Whoever was put into the background meanwhile has none to give back.
void LeasedProcess::takeTerminalBack() const
{
    if (m_foreground && ::tcgetpgrp(STDIN_FILENO) == m_pid)
        giveTerminal(::getpgrp());
}

// A stopped command stops us and who started us in our group, as the shell expects of what it started. Whoever continues us
// looks first whether the phone is still ours.
void LeasedProcess::stopWithIt()
{
    if (!m_foreground)
        return;
    takeTerminalBack();
    m_stopped = true;
    ::kill(0, SIGTSTP);
}

void LeasedProcess::resume()
{
    if (!std::exchange(m_stopped, false))
        return;
    if (isForeground())
        giveTerminal(m_pid);
    ::kill(-m_pid, SIGCONT);
}

void LeasedProcess::await(std::chrono::milliseconds time) const
{
    if (!m_status) {
        hwbridge::endsWithin(m_pid, time);
        return;
    }
    const sigset_t children = childSignal();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const timespec most{seconds.count(), std::chrono::nanoseconds{time - seconds}.count()};
    ::sigtimedwait(&children, nullptr, &most);  // what is left of the group has come to us
}

void LeasedProcess::end()
{
    const auto now = std::chrono::steady_clock::now();
    if (!m_askedAt) {
        m_askedAt = now;
        ::kill(-m_pid, SIGTERM);
        ::kill(-m_pid, SIGCONT);  // what is stopped does not hear
    } else if (now - *m_askedAt >= patience) {
        ::kill(-m_pid, SIGKILL);
        m_killed = true;
    }
}

}  // namespace ui
