#pragma once

#include "emulator/base/result.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace hwbridge {

// How a process ended.
struct ChildEnd {
    int status = 0;      // its exit status; -1: a signal ended it
    std::string reason;  // "it exited with status 1", "signal 9 ended it"
    std::string said;    // the first line of its standard error
};

// The path of a program in the folder of the running one.
std::string besideThisProgram(const std::string& name);

// Whether that process ends within the time; also true of one that has ended. Waits for its end, not for time to pass.
bool endsWithin(pid_t pid, std::chrono::milliseconds time);

// A program whose input and output are pipes of ours, with an empty environment.
class ChildProcess {
public:
    // Own: a process group of its own, which ends as a whole with wait() and kill().
    enum class Group : std::uint8_t { Callers, Own };
    // Errors: Unsupported, with the system's reason.
    static emulator::Result<ChildProcess> start(const std::vector<std::string>& command,
                                                Group group = Group::Callers);
    ~ChildProcess();  // closes the pipes and waits
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&&) = delete;

    pid_t pid() const { return m_pid; }
    int output() const { return m_output; }
    void closeInput();
    bool endsWithin(std::chrono::milliseconds time) const { return hwbridge::endsWithin(m_pid, time); }
    // Likewise, and takes in what it writes meanwhile, so that a full pipe does not stop it. Of its standard error the first
    // 64 KiB count, of its output nothing.
    bool endsWithinUnheard(std::chrono::milliseconds time);
    void kill();      // with whatever it started, in a group of its own
    ChildEnd wait();  // until it has ended; closes what is open

private:
    ChildProcess() = default;
    static void close(int& descriptor);
    static void drain(int& descriptor, std::string* kept);

    Group m_group = Group::Callers;
    pid_t m_pid = -1;
    int m_input = -1;
    int m_output = -1;
    int m_complaints = -1;
    std::string m_said;  // of its standard error, so far
};

}  // namespace hwbridge
