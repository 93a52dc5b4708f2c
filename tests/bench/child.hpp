#pragma once

#include "emulator/base/result.hpp"

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bench {

// Whether the user asked to stop: every wait for a child then ends with an error.
void catchInterrupts();
bool interrupted();

// A program started for a measurement. It dies with this one, whatever ends it.
class Child {
public:
    // `core`: the only one it may use, if any. Its stdout is read here.
    // Errors: Unreachable, with what could not be started.
    static emulator::Result<Child> start(std::vector<std::string> command, std::optional<int> core = {});
    ~Child() { end(); }
    Child(Child&& other) noexcept;
    Child& operator=(Child&& other) noexcept;

    pid_t pid() const { return m_pid; }
    // The next line, without its end; nothing when there are no more.
    // Errors: TimedOut; Refused when interrupted.
    emulator::Result<std::optional<std::string>> line(std::chrono::seconds patience);
    // All that is left, until it ends. Errors as line(); also Refused for an exit status other than 0.
    emulator::Result<std::string> rest(std::chrono::seconds patience);
    double cpuSeconds() const { return m_cpuSeconds; }  // that it used; after rest()
    bool running();
    void end();  // terminates it if it still runs, and waits until it is gone

private:
    Child() = default;
    emulator::Result<bool> fill(std::chrono::steady_clock::time_point until);  // false: no more

    pid_t m_pid = -1;
    int m_out = -1;
    int m_status = 0;
    double m_cpuSeconds = 0;
    std::string m_waiting;
};

// "count=5 seconds=1.5" as numbers. What has another form is left out.
std::map<std::string, double> numbers(const std::string& line);

// This program again, for what has to be measured in a process of its own.
std::vector<std::string> ownRole(const std::string& role, std::vector<std::string> arguments);
std::string ownFolder();

}  // namespace bench
