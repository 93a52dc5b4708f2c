#include "emulator/runtime/machine_limits.hpp"

#include <fmt/format.h>

#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <thread>

namespace emulator {

namespace {

constexpr std::uint64_t bytesPerPhone = 2048;  // the goal that the benchmarks check
constexpr std::uint64_t bytesOfProgram = 64u << 20;
constexpr std::uint64_t wantedFiles = 4096;  // fetches and page requests at once without waiting
constexpr std::uint64_t wantedBacklog = 1024;
constexpr std::uint64_t wantedPorts = 10'000;  // towards one server, all phones behind one address

std::optional<std::uint64_t> readNumber(const char* path)
{
    std::ifstream file{path};
    std::uint64_t number = 0;
    if (file >> number)
        return number;
    return std::nullopt;
}

std::optional<std::uint64_t> availableMemory()
{
    std::ifstream file{"/proc/meminfo"};
    std::string word;
    while (file >> word) {
        std::uint64_t kilobytes = 0;
        if (word == "MemAvailable:" && file >> kilobytes)
            return kilobytes * 1024;
    }
    return std::nullopt;
}

// Tries what a fleet's listening sockets need, on a socket of its own.
void trySockets(MachineReadings& readings)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0)
        return;
    readings.bindsToDevice = ::setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3) == 0;
    const int on = 1;
    sock_filter program[] = {BPF_STMT(BPF_RET | BPF_K, 0u)};
    const sock_fprog filter{1, program};
    readings.steers = ::setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0 &&
                      ::setsockopt(socket, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &filter, sizeof filter) == 0;
    ::close(socket);
}

using Verdict = LimitFinding::Verdict;

LimitFinding openFiles(const MachineReadings& machine)
{
    LimitFinding finding;
    finding.what = "open files";
    finding.has =
        fmt::format("{} (raised to {} by phonerig itself)", machine.openFilesSoft, machine.openFilesHard);
    if (machine.openFilesSoft == machine.openFilesHard)
        finding.has = fmt::format("{}", machine.openFilesHard);
    finding.needs = fmt::format(
        "{}: one per fetch or page request at a time; with fewer they wait for each other", wantedFiles);
    if (machine.openFilesHard < 256)
        finding.verdict = Verdict::TooLow;
    else if (machine.openFilesHard < wantedFiles)
        finding.verdict = Verdict::Slower;
    if (finding.verdict != Verdict::Enough)
        finding.command =
            fmt::format("ulimit -Hn {} (as root, in the shell that starts phonerig)",
                        std::min(machine.openFilesKernel.value_or(wantedFiles), std::uint64_t{1} << 20));
    return finding;
}

LimitFinding memory(const MachineReadings& machine, std::size_t phones)
{
    const std::uint64_t need = bytesOfProgram + phones * bytesPerPhone;
    LimitFinding finding;
    finding.what = "memory";
    finding.needs = fmt::format("{} MiB for {} idle phones", need >> 20, phones);
    if (!machine.memoryAvailable) {
        finding.has = "unknown";
        return finding;
    }
    finding.has = fmt::format("{} MiB available", *machine.memoryAvailable >> 20);
    if (*machine.memoryAvailable < need)
        finding.verdict = Verdict::TooLow;
    return finding;
}

LimitFinding backlogFinding(const MachineReadings& machine)
{
    LimitFinding finding;
    finding.what = "connections waiting to be accepted";
    finding.has = machine.backlog ? fmt::format("{}", *machine.backlog) : "unknown";
    finding.needs = fmt::format("{}: browsers that come at the same moment", wantedBacklog);
    if (machine.backlog && *machine.backlog < wantedBacklog) {
        finding.verdict = Verdict::Slower;
        finding.command = fmt::format("sysctl -w net.core.somaxconn={}", wantedBacklog);
    }
    return finding;
}

LimitFinding ports(const MachineReadings& machine)
{
    LimitFinding finding;
    finding.what = "local ports per address";
    finding.needs =
        fmt::format("{} towards a server beyond loopback, where all phones share one address; on loopback "
                    "each phone has its own",
                    wantedPorts);
    if (!machine.firstPort || !machine.lastPort) {
        finding.has = "unknown";
        return finding;
    }
    const std::uint64_t count = *machine.lastPort - std::min(*machine.firstPort, *machine.lastPort) + 1;
    finding.has = fmt::format("{} ({} to {})", count, *machine.firstPort, *machine.lastPort);
    if (count < wantedPorts) {
        finding.verdict = Verdict::Slower;
        finding.command = "sysctl -w net.ipv4.ip_local_port_range='16384 60999'";
    }
    return finding;
}

LimitFinding addresses(std::size_t phones)
{
    constexpr std::size_t most = 0xfffffe;
    LimitFinding finding;
    finding.what = "loopback addresses";
    finding.has = fmt::format("{} in 127.0.0.0/8", most);
    finding.needs = fmt::format("{}: one per phone", phones);
    if (phones > most)
        finding.verdict = Verdict::TooLow;
    return finding;
}

LimitFinding connectionTracking(std::uint64_t tracked)
{
    LimitFinding finding;
    finding.what = "connections tracked by the firewall";
    finding.has = fmt::format("{}", tracked);
    finding.needs = "262144: at 4,000 fetches a second each is tracked for a minute after its end";
    if (tracked < 262'144) {
        finding.verdict = Verdict::Slower;
        finding.command = "sysctl -w net.netfilter.nf_conntrack_max=262144";
    }
    return finding;
}

}  // namespace

std::size_t raiseOpenFiles()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1024;
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
        limit.rlim_cur = before;
    return static_cast<std::size_t>(
        std::min<rlim_t>(limit.rlim_cur, 1u << 24));  // "unlimited" is a number, too
}

MachineReadings readMachine()
{
    MachineReadings readings;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        readings.openFilesSoft = limit.rlim_cur;
        readings.openFilesHard = limit.rlim_max;
    }
    readings.openFilesKernel = readNumber("/proc/sys/fs/nr_open");
    readings.backlog = readNumber("/proc/sys/net/core/somaxconn");
    std::ifstream range{"/proc/sys/net/ipv4/ip_local_port_range"};
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    if (range >> first >> last) {
        readings.firstPort = first;
        readings.lastPort = last;
    }
    readings.memoryAvailable = availableMemory();
    readings.tracked = readNumber("/proc/sys/net/netfilter/nf_conntrack_max");
    readings.sendBuffer = readNumber("/proc/sys/net/core/wmem_max");
    readings.cores = std::max(1u, std::thread::hardware_concurrency());
    trySockets(readings);
    return readings;
}

std::vector<LimitFinding> judgeMachine(const MachineReadings& machine, std::size_t phones)
{
    std::vector<LimitFinding> findings{openFiles(machine), memory(machine, phones), addresses(phones),
                                       backlogFinding(machine), ports(machine)};
    if (machine.tracked)
        findings.push_back(connectionTracking(*machine.tracked));
    LimitFinding device;
    device.what = "sockets bound to the loopback device";
    device.has = machine.bindsToDevice ? "allowed" : "refused";
    device.needs = "allowed, so that no other machine reaches a phone";
    if (!machine.bindsToDevice) {
        device.verdict = Verdict::TooLow;
        device.command = "use Linux 5.7 or later, or run as root";
    }
    findings.push_back(device);
    LimitFinding steering;
    steering.what = "connections steered to their phone's thread";
    steering.has = machine.steers ? "allowed" : "refused";
    steering.needs = "allowed; else threads pass connections on";
    if (!machine.steers && machine.cores > 1)
        steering.verdict = Verdict::Slower;
    findings.push_back(steering);
    return findings;
}

}  // namespace emulator
