#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace emulator {

// Raises the soft limit of open files to the hard one; returns what it is then.
std::size_t raiseOpenFiles();

// What a machine allows, as read from it. Empty: it does not say.
struct MachineReadings {
    std::uint64_t openFilesSoft = 0;
    std::uint64_t openFilesHard = 0;
    std::optional<std::uint64_t> openFilesKernel;  // fs.nr_open: how far the hard limit can be raised
    std::optional<std::uint64_t> backlog;          // net.core.somaxconn
    std::optional<std::uint64_t> firstPort;        // net.ipv4.ip_local_port_range
    std::optional<std::uint64_t> lastPort;
    std::optional<std::uint64_t> memoryAvailable;  // bytes
    std::optional<std::uint64_t> tracked;          // net.netfilter.nf_conntrack_max, when it is loaded
    std::optional<std::uint64_t> sendBuffer;       // net.core.wmem_max
    unsigned cores = 1;
    bool bindsToDevice = true;  // SO_BINDTODEVICE "lo" is allowed
    bool steers = true;         // SO_ATTACH_REUSEPORT_CBPF is allowed
};
MachineReadings readMachine();

// One limit beside what a fleet wants of it.
struct LimitFinding {
    enum class Verdict { Enough, Slower, TooLow };
    std::string what;   // "open files"
    std::string has;    // "20000 (hard limit 20000)"
    std::string needs;  // what that many phones need, and for what
    Verdict verdict = Verdict::Enough;
    std::string command;  // that lifts it; empty when it need not or cannot be lifted
};

// What that machine means for so many phones. Pure.
std::vector<LimitFinding> judgeMachine(const MachineReadings& machine, std::size_t phones);

}  // namespace emulator
