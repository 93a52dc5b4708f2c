#include "tests/bench/machine.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <fstream>
#include <sstream>

namespace bench {

CoreTimes CoreTimes::now()
{
    CoreTimes times;
    std::ifstream file{"/proc/stat"};
    std::string line;
    while (std::getline(file, line)) {
        if (line.rfind("cpu", 0) != 0 || line.size() < 4 || line[3] == ' ')
            continue;
        std::istringstream words{line.substr(3)};
        std::size_t core = 0;
        double user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softirq = 0, steal = 0;
        words >> core >> user >> nice >> system >> idle >> wait >> irq >> softirq >> steal;
        if (times.m_cores.size() <= core)
            times.m_cores.resize(core + 1);
        times.m_cores[core] = {user + nice + system + irq + softirq + steal, idle + wait};
    }
    return times;
}

double CoreTimes::busySince(const CoreTimes& earlier, int core) const
{
    const auto place = static_cast<std::size_t>(core);
    if (place >= m_cores.size() || place >= earlier.m_cores.size())
        return 0;
    const double busy = m_cores[place].busy - earlier.m_cores[place].busy;
    const double idle = m_cores[place].idle - earlier.m_cores[place].idle;
    return busy + idle > 0 ? busy / (busy + idle) : 0;
}

std::optional<std::pair<int, int>> twoCores()
{
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    ::sched_getaffinity(0, sizeof allowed, &allowed);
    std::optional<int> first;
    for (int core = 0; core < CPU_SETSIZE; ++core) {
        if (!CPU_ISSET(static_cast<std::size_t>(core), &allowed))
            continue;
        if (first)
            return std::pair{*first, core};
        first = core;
    }
    return std::nullopt;
}

double cpuSeconds()
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

double threadCpuSeconds()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

std::size_t residentBytes()
{
    std::ifstream file{"/proc/self/statm"};
    std::size_t size = 0;
    std::size_t resident = 0;
    file >> size >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::string machineName()
{
    std::ifstream file{"/proc/cpuinfo"};
    std::string line;
    std::string name = "unknown processor";
    while (std::getline(file, line))
        if (line.rfind("model name", 0) == 0)
            name = line.substr(line.find(':') + 2);
    return name + ", " + std::to_string(::sysconf(_SC_NPROCESSORS_ONLN)) + " cores";
}

std::string loadAverage()
{
    std::ifstream file{"/proc/loadavg"};
    std::string one, five, fifteen;
    file >> one >> five >> fifteen;
    return one + " " + five + " " + fifteen;
}

}  // namespace bench
