#include "hwbridge/capture/child_process.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::Result;

namespace {

// Both ends above the standard descriptors, so that giving one to a child never overwrites another.
bool openPipe(std::array<int, 2>& ends)
{
    std::array<int, 2> low{};
    if (::pipe2(low.data(), O_CLOEXEC) != 0)
        return false;
    for (std::size_t i = 0; i < 2; ++i) {
        ends[i] = ::fcntl(low[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        const int reason = errno;
        ::close(low[i]);
        errno = reason;
    }
    return ends[0] >= 0 && ends[1] >= 0;
}

void closeAll(std::initializer_list<int> descriptors)
{
    for (const int descriptor : descriptors)
        if (descriptor >= 0)
            ::close(descriptor);
}

constexpr std::size_t enoughSaid = 65536;  // bytes of a program's standard error

// What waits in a pipe whose other end is closed.
void readRest(int descriptor, std::string& text)
{
    std::array<char, 4096> piece{};
    for (;;) {
        const ssize_t got = ::read(descriptor, piece.data(), piece.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || text.size() > enoughSaid)
            return;
        text.append(piece.data(), static_cast<std::size_t>(got));
    }
}

}  // namespace

std::string besideThisProgram(const std::string& name)
{
    char path[4096];
    const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path);
    const std::string own{path, length > 0 ? static_cast<std::size_t>(length) : 0};
    return own.substr(0, own.rfind('/') + 1) + name;
}

bool endsWithin(pid_t pid, std::chrono::milliseconds time)
{
    const auto end = std::chrono::steady_clock::now() + time;
    const auto handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (handle < 0 && errno == ESRCH)
        return true;
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
        pollfd ended{handle, POLLIN, 0};
        const int ready = ::poll(&ended, 1, static_cast<int>(std::clamp<long long>(left, 0, 1'000'000'000)));
        if (ready < 0 && errno == EINTR)
            continue;
        if (handle >= 0)
            ::close(handle);
        return ready > 0;
    }
}

Result<ChildProcess> ChildProcess::start(const std::vector<std::string>& command, Group group)
{
    const auto cannot = [&](int reason) {
        return emulator::fail(ErrorKind::Unsupported,
                              fmt::format("cannot start {}: {}", command.front(), std::strerror(reason)));
    };
    std::array<int, 2> input{-1, -1};
    std::array<int, 2> output{-1, -1};
    std::array<int, 2> complaints{-1, -1};
    if (!openPipe(input) || !openPipe(output) || !openPipe(complaints)) {
        const int reason = errno;
        closeAll({input[0], input[1], output[0], output[1], complaints[0], complaints[1]});
        return cannot(reason);
    }
    constexpr int roomy =
        1 << 20;  // bytes: what comes while we are busy waits here before the kernel's ring fills
    static_cast<void>(::fcntl(output[0], F_SETPIPE_SZ, roomy));

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, complaints[1], STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    if (group == Group::Own)
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);  // the group of its own pid
    std::vector<std::string> words = command;
    std::vector<char*> arguments;
    for (std::string& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    char* const environment[] = {nullptr};
    pid_t pid = -1;
    const int status =
        ::posix_spawn(&pid, command.front().c_str(), &actions, &attributes, arguments.data(), environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    closeAll({input[0], output[1], complaints[1]});
    ChildProcess child;
    child.m_group = group;
    child.m_input = input[1];
    child.m_output = output[0];
    child.m_complaints = complaints[0];
    if (status != 0)
        return cannot(status);
    child.m_pid = pid;
    return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : m_group{other.m_group},
      m_pid{std::exchange(other.m_pid, -1)},
      m_input{std::exchange(other.m_input, -1)},
      m_output{std::exchange(other.m_output, -1)},
      m_complaints{std::exchange(other.m_complaints, -1)},
      m_said{std::move(other.m_said)}
{}

ChildProcess::~ChildProcess()
{
    wait();
}

void ChildProcess::close(int& descriptor)
{
    if (const int open = std::exchange(descriptor, -1); open >= 0)
        ::close(open);
}

void ChildProcess::closeInput()
{
    close(m_input);
}

// One piece of what waits in a pipe; at its end the pipe is closed.
void ChildProcess::drain(int& descriptor, std::string* kept)
{
    std::array<char, 65536> piece{};
    const ssize_t got = ::read(descriptor, piece.data(), piece.size());
    if (got == 0)
        close(descriptor);
    if (got > 0 && kept != nullptr && kept->size() < enoughSaid)
        kept->append(piece.data(), static_cast<std::size_t>(got));
}

bool ChildProcess::endsWithinUnheard(std::chrono::milliseconds time)
{
    const auto end = std::chrono::steady_clock::now() + time;
    auto handle = static_cast<int>(::syscall(SYS_pidfd_open, m_pid, 0));
    bool ended = false;
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
        std::array<pollfd, 3> events{{{handle, POLLIN, 0}, {m_output, POLLIN, 0}, {m_complaints, POLLIN, 0}}};
        const int ready = ::poll(events.data(), events.size(),
                                 static_cast<int>(std::clamp<long long>(left, 0, 1'000'000'000)));
        if (ready < 0 && errno == EINTR)
            continue;
        if (events[1].revents != 0)
            drain(m_output, nullptr);
        if (events[2].revents != 0)
            drain(m_complaints, &m_said);
        ended = events[0].revents != 0;
        if (ended || ready <= 0 || left <= 0)
            break;
    }
    close(handle);
    return ended;
}

void ChildProcess::kill()
{
    if (m_pid > 0)
        ::kill(m_group == Group::Own ? -m_pid : m_pid, SIGKILL);
}

ChildEnd ChildProcess::wait()
{
    ChildEnd end;
    close(m_input);
    close(m_output);  // whoever still writes is told that nobody reads
    if (m_group == Group::Own && m_pid > 0) {
        // What it left running may keep the pipe open: that ends first, and nobody waits for what escaped.
        siginfo_t ended{};
        while (::waitid(P_PID, static_cast<id_t>(m_pid), &ended, WEXITED | WNOWAIT) < 0 && errno == EINTR) {}
        kill();
        ::fcntl(m_complaints, F_SETFL, O_NONBLOCK);
    }
    if (m_complaints >= 0)
        readRest(m_complaints, m_said);
    end.said = m_said.substr(0, m_said.find('\n'));
    close(m_complaints);
    if (m_pid < 0)
        return end;
    int status = 0;
    while (::waitpid(m_pid, &status, 0) < 0 && errno == EINTR) {}
    m_pid = -1;
    if (WIFEXITED(status)) {
        end.status = WEXITSTATUS(status);
        end.reason = fmt::format("it exited with status {}", end.status);
    } else {
        end.status = -1;
        end.reason = fmt::format("signal {} ended it", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    }
    return end;
}

}  // namespace hwbridge
