#include "tests/emulator/phone/phone_run.hpp"

#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::SizeIs;

PhoneRun aPhoneThatApplies(bool reboots = true)
{
    PhoneRun::Options options;
    options.model = "CP-7841-3PCC";
    options.set = {{"Profile_Rule", "http://192.168.1.200/basic.txt"},
                   {"Resync_Random_Delay", "0"},
                   {"Resync_Periodic", "100"}};
    options.choose = [reboots](GenerationOptions& choice) { choice.profileReboots = reboots; };
    return PhoneRun{options};
}

long boots(const PhoneRun& run)
{
    return std::count(run.states.begin(), run.states.end(), PhoneState::Booting);
}

constexpr const char* newHostName = "<flat-profile><Host_Name>lobby</Host_Name></flat-profile>";

TEST(RebootApplyTest, AProfileThatChangesWhatIsReadAtTheStartReboots)
{
    COVERS("RSYNC-REBOOT-APPLY");
    PhoneRun run = aPhoneThatApplies();
    run.serve(newHostName);
    run.powerOn();
    run.pass(5s);
    EXPECT_EQ(boots(run), 2);
    ASSERT_THAT(run.phone->reboots(), SizeIs(1));
    EXPECT_EQ(run.phone->reboots()[0].second, RebootReason::Provisioning);
    EXPECT_EQ(run.value("Host_Name"), "lobby");
}

TEST(RebootApplyTest, TheRestartBringsNoResyncAndTheScheduleGoesOn)
{
    PhoneRun run = aPhoneThatApplies();
    run.serve(newHostName);
    run.powerOn();
    run.pass(350s);
    EXPECT_EQ(boots(run), 2);
    EXPECT_THAT(run.gaps(), ElementsAre(101, 100, 100));  // the first counts from the restart
}

TEST(RebootApplyTest, OtherParametersAndNewRulesDoNotReboot)
{
    PhoneRun run = aPhoneThatApplies();
    run.serve("<flat-profile><GPP_A>1</GPP_A><Profile_Rule_B>http://192.168.1.200/b</Profile_Rule_B>"
              "</flat-profile>");
    run.powerOn();
    run.pass(5s);
    EXPECT_EQ(boots(run), 1);
}

TEST(RebootApplyTest, DuringACallTheRestartWaitsForItsEnd)
{
    PhoneRun run = aPhoneThatApplies();
    run.answerTime = 5s;
    run.serve(newHostName);
    run.powerOn();
    run.pass(2s);
    run.call();  // while the profile is on its way
    run.pass(30s);
    EXPECT_EQ(run.value("Host_Name"), "lobby");
    EXPECT_EQ(boots(run), 1);
    run.hangUp();
    run.pass(1s);
    EXPECT_EQ(boots(run), 2);
}

TEST(RebootApplyTest, AFirmwareMayLeaveRestartsToTheUser)
{
    PhoneRun run = aPhoneThatApplies(false);
    run.serve(newHostName);
    run.powerOn();
    run.pass(5s);
    EXPECT_EQ(boots(run), 1);
    EXPECT_EQ(run.value("Host_Name"), "lobby");
}

}  // namespace
}  // namespace emulator
