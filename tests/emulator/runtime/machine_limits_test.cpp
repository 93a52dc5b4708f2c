#include "emulator/runtime/machine_limits.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>

namespace emulator {
namespace {

using Verdict = LimitFinding::Verdict;

MachineReadings roomyMachine()
{
    MachineReadings machine;
    machine.openFilesSoft = 1024;
    machine.openFilesHard = 20'000;
    machine.openFilesKernel = 1u << 20;
    machine.backlog = 4096;
    machine.firstPort = 32'768;
    machine.lastPort = 60'999;
    machine.memoryAvailable = std::uint64_t{8} << 30;
    machine.cores = 2;
    return machine;
}

LimitFinding finding(const std::vector<LimitFinding>& all, const std::string& what)
{
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const LimitFinding& f) { return f.what == what; });
    return found == all.end() ? LimitFinding{} : *found;
}

TEST(MachineLimitsTest, ARoomyMachineIsEnoughForAMillionPhones)
{
    for (const LimitFinding& each : judgeMachine(roomyMachine(), 1'000'000)) {
        EXPECT_EQ(each.verdict, Verdict::Enough) << each.what;
        EXPECT_EQ(each.command, "") << each.what;
    }
}

TEST(MachineLimitsTest, NamesTheCommandThatLiftsEachLimit)
{
    MachineReadings machine = roomyMachine();
    machine.openFilesHard = 100;
    machine.backlog = 128;
    machine.lastPort = 33'000;
    machine.tracked = 1000;
    machine.memoryAvailable = 100u << 20;
    const std::vector<LimitFinding> all = judgeMachine(machine, 1'000'000);
    EXPECT_EQ(finding(all, "open files").verdict, Verdict::TooLow);
    EXPECT_EQ(finding(all, "open files").command.substr(0, 10), "ulimit -Hn");
    EXPECT_EQ(finding(all, "connections waiting to be accepted").command,
              "sysctl -w net.core.somaxconn=1024");
    EXPECT_NE(finding(all, "local ports per address").command.find("ip_local_port_range"), std::string::npos);
    EXPECT_NE(finding(all, "connections tracked by the firewall").command.find("nf_conntrack_max"),
              std::string::npos);
    EXPECT_EQ(finding(all, "memory").verdict, Verdict::TooLow);
    EXPECT_EQ(finding(all, "memory").needs, "2017 MiB for 1000000 idle phones");
}

TEST(MachineLimitsTest, MorePhonesThanLoopbackAddressesAreTooMany)
{
    EXPECT_EQ(finding(judgeMachine(roomyMachine(), 20'000'000), "loopback addresses").verdict,
              Verdict::TooLow);
}

TEST(MachineLimitsTest, ReadsThisMachine)
{
    const MachineReadings machine = readMachine();
    EXPECT_GT(machine.openFilesHard, 0u);
    EXPECT_TRUE(machine.memoryAvailable.has_value());
    EXPECT_TRUE(machine.firstPort.has_value());
    EXPECT_GE(machine.cores, 1u);
}

TEST(MachineLimitsTest, RaisesTheSoftLimitOfOpenFilesToTheHardOne)
{
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    rlimit low = before;
    low.rlim_cur = 64;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
    EXPECT_GT(raiseOpenFiles(), 64u);
    rlimit after{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &after), 0);
    EXPECT_EQ(after.rlim_cur, before.rlim_max);
}

}  // namespace
}  // namespace emulator
