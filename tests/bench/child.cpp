#include "tests/bench/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <utility>

namespace bench {

using emulator::ErrorKind;
using emulator::fail;
using emulator::Result;
using Clock = std::chrono::steady_clock;

namespace {

volatile std::sig_atomic_t s_interrupted = 0;

void noteInterrupt(int)
{
    s_interrupted = 1;
}

double seconds(const timeval& time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

[[noreturn]] void becomeCommand(std::vector<std::string>& command, std::optional<int> core, int out,
                                pid_t parent)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent)
        ::_exit(127);
    ::dup2(out, STDOUT_FILENO);
    if (core) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(static_cast<std::size_t>(*core), &set);
        ::sched_setaffinity(0, sizeof set, &set);
    }
    std::vector<char*> arguments;
    for (std::string& argument : command)
        arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
}

}  // namespace

void catchInterrupts()
{
    struct sigaction action {};
    action.sa_handler = noteInterrupt;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

bool interrupted()
{
    return s_interrupted != 0;
}

Result<Child> Child::start(std::vector<std::string> command, std::optional<int> core)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return fail(ErrorKind::Unreachable, std::string{"cannot make a pipe: "} + std::strerror(errno));
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0)
        becomeCommand(command, core, ends[1], parent);
    ::close(ends[1]);
    if (pid < 0) {
        ::close(ends[0]);
        return fail(ErrorKind::Unreachable, "cannot start " + command[0] + ": " + std::strerror(errno));
    }
    Child made;
    made.m_pid = pid;
    made.m_out = ends[0];
    return made;
}

Child::Child(Child&& other) noexcept
    : m_pid{std::exchange(other.m_pid, -1)},
      m_out{std::exchange(other.m_out, -1)},
      m_status{other.m_status},
      m_cpuSeconds{other.m_cpuSeconds},
      m_waiting{std::move(other.m_waiting)}
{}

Child& Child::operator=(Child&& other) noexcept
{
    std::swap(m_pid, other.m_pid);
    std::swap(m_out, other.m_out);
    std::swap(m_status, other.m_status);
    std::swap(m_cpuSeconds, other.m_cpuSeconds);
    std::swap(m_waiting, other.m_waiting);
    return *this;
}

Result<bool> Child::fill(Clock::time_point until)
{
    for (;;) {
        if (interrupted())
            return fail(ErrorKind::Refused, "interrupted");
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
        if (left.count() <= 0)
            return fail(ErrorKind::TimedOut, "a measuring process did not finish in time");
        pollfd waiting{m_out, POLLIN, 0};
        if (::poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 200))) <= 0)
            continue;
        std::array<char, 4096> buffer{};
        const ssize_t got = ::read(m_out, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        m_waiting.append(buffer.data(), static_cast<std::size_t>(got));
        return true;
    }
}

Result<std::optional<std::string>> Child::line(std::chrono::seconds patience)
{
    const Clock::time_point until = Clock::now() + patience;
    for (;;) {
        const std::size_t end = m_waiting.find('\n');
        if (end != std::string::npos) {
            std::string found = m_waiting.substr(0, end);
            m_waiting.erase(0, end + 1);
            return std::optional{std::move(found)};
        }
        const Result<bool> more = fill(until);
        if (more.has_error())
            return more.error();
        if (!*more)
            return std::optional<std::string>{};
    }
}

Result<std::string> Child::rest(std::chrono::seconds patience)
{
    const Clock::time_point until = Clock::now() + patience;
    for (;;) {
        const Result<bool> more = fill(until);
        if (more.has_error())
            return more.error();
        if (!*more)
            break;
    }
    rusage used{};
    while (::wait4(m_pid, &m_status, 0, &used) < 0 && errno == EINTR) {}
    m_cpuSeconds = seconds(used.ru_utime) + seconds(used.ru_stime);
    m_pid = -1;
    if (!WIFEXITED(m_status) || WEXITSTATUS(m_status) != 0)
        return fail(ErrorKind::Refused, "a measuring process failed (its own words above)");
    return std::exchange(m_waiting, {});
}

bool Child::running()
{
    if (m_pid > 0 && ::waitpid(m_pid, &m_status, WNOHANG) == m_pid)
        m_pid = -1;
    return m_pid > 0;
}

void Child::end()
{
    if (running()) {
        ::kill(m_pid, SIGTERM);
        for (int i = 0; i < 200 && running(); ++i)
            ::poll(nullptr, 0, 10);
        if (running()) {
            ::kill(m_pid, SIGKILL);
            while (::waitpid(m_pid, &m_status, 0) < 0 && errno == EINTR) {}
            m_pid = -1;
        }
    }
    if (m_out >= 0)
        ::close(std::exchange(m_out, -1));
}

std::map<std::string, double> numbers(const std::string& line)
{
    std::map<std::string, double> all;
    std::istringstream words{line};
    std::string word;
    while (words >> word) {
        const std::size_t equals = word.find('=');
        char* end = nullptr;
        if (equals == std::string::npos)
            continue;
        const double value = std::strtod(word.c_str() + equals + 1, &end);
        if (*end == '\0' && end != word.c_str() + equals + 1)
            all[word.substr(0, equals)] = value;
    }
    return all;
}

std::vector<std::string> ownRole(const std::string& role, std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(),
                     {std::filesystem::read_symlink("/proc/self/exe").string(), "--role", role});
    return arguments;
}

std::string ownFolder()
{
    return std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
}

}  // namespace bench
