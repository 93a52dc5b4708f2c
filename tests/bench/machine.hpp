#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

// How long each core was busy and idle since the machine started, in the kernel's ticks.
class CoreTimes {
public:
    static CoreTimes now();
    // The share of time since `earlier` that a core was busy, 0 to 1.
    double busySince(const CoreTimes& earlier, int core) const;

private:
    struct Core {
        double busy = 0;
        double idle = 0;
    };
    std::vector<Core> m_cores;
};

// The first two cores that this process may use: one for the client, one for its server.
std::optional<std::pair<int, int>> twoCores();

double cpuSeconds();          // user and system time of this process so far
double threadCpuSeconds();    // of this thread
std::size_t residentBytes();  // of this process

std::string machineName();  // processor and number of cores
std::string loadAverage();  // as in /proc/loadavg: of 1, 5 and 15 minutes

}  // namespace bench
