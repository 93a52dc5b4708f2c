#include "hwbridge/power/command_power.hpp"

#include "hwbridge/capture/child_process.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::ErrorKind;
using emulator::Result;
namespace fs = std::filesystem;

class CommandPowerTest : public testing::Test {
protected:
    CommandPowerTest()
    {
        std::string name = fs::temp_directory_path() / "power-XXXXXX";
        m_folder = ::mkdtemp(name.data());
    }
    ~CommandPowerTest() override { fs::remove_all(m_folder); }

    static std::vector<std::string> shell(const std::string& text) { return {"/bin/sh", "-c", text}; }
    std::string file() const { return m_folder / "relay"; }
    std::string written() const
    {
        std::ifstream in{file()};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    static std::string said(const Result<void>& result)
    {
        return result.has_value() ? "done" : result.error().detail;
    }

    fs::path m_folder;
};

TEST_F(CommandPowerTest, RunsTheCommandOfEachAction)
{
    CommandPower power{
        {.name = "the relay", .on = shell("echo on >> " + file()), .off = shell("echo off >> " + file())}};
    EXPECT_EQ(said(power.off()), "done");
    EXPECT_EQ(said(power.on()), "done");
    EXPECT_EQ(written(), "off\non\n");
    EXPECT_EQ(power.probe().value(), PowerState::Unknown);
}

TEST_F(CommandPowerTest, WhatHasNoCommandIsSaid)
{
    CommandPower power{{.name = "the relay", .on = {}, .off = {}}};
    EXPECT_EQ(said(power.on()), "the relay has no command for 'on'");
}

TEST_F(CommandPowerTest, ProbesByExitStatus)
{
    const auto probe = [](const std::string& text) {
        return CommandPower{{.name = "the relay", .on = {}, .off = {}, .probe = shell(text)}}.probe();
    };
    EXPECT_EQ(probe("exit 0").value(), PowerState::On);
    EXPECT_EQ(probe("exit 1").value(), PowerState::Off);
    EXPECT_EQ(probe("echo no relay there >&2; exit 7").error().detail,
              "the relay: the command for 'probe', /bin/sh, failed: it exited with status 7: no relay there");
}

TEST_F(CommandPowerTest, AFailureIsToldWithWhatTheCommandSaid)
{
    CommandPower power{
        {.name = "the relay", .on = shell("echo stuck >&2; exit 3"), .off = {"/no/such/program"}}};
    EXPECT_EQ(said(power.on()),
              "the relay: the command for 'on', /bin/sh, failed: it exited with status 3: stuck");
    EXPECT_EQ(said(power.off()), "the relay: cannot start /no/such/program: No such file or directory");
    EXPECT_EQ(power.on().error().kind, ErrorKind::Refused);
}

TEST_F(CommandPowerTest, ACommandThatHangsIsKilledWithWhatItStarted)
{
    CommandPower power{{.name = "the relay",
                        .on = shell("tail -f /dev/null & echo $! > " + file() + "; wait"),
                        .off = {},
                        .timeout = 2s}};
    const Result<void> result = power.on();
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().kind, ErrorKind::TimedOut);
    EXPECT_EQ(result.error().detail,
              "the relay: the command for 'on', /bin/sh, did not end within 2000 ms and was killed");
    ASSERT_NE(written(), "");
    EXPECT_TRUE(endsWithin(std::atoi(written().c_str()), 20s));
}

TEST_F(CommandPowerTest, ACommandMaySayMoreThanAPipeHolds)
{
    const std::string much = "head -c 3000000 /dev/zero | tr '\\0' x";
    CommandPower power{
        {.name = "the relay", .on = shell(much), .off = shell("echo stuck >&2; " + much + " >&2; exit 3")}};
    EXPECT_EQ(said(power.on()), "done");
    EXPECT_EQ(said(power.off()),
              "the relay: the command for 'off', /bin/sh, failed: it exited with status 3: stuck");
}

TEST_F(CommandPowerTest, WhatACommandLeavesBehindIsNotWaitedFor)
{
    CommandPower power{{.name = "the relay", .on = shell("tail -f /dev/null &"), .off = {}}};
    EXPECT_EQ(said(power.on()), "done");
}

}  // namespace
}  // namespace hwbridge
