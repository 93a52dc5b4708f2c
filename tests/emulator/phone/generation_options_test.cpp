#include "tests/emulator/phone/phone_run.hpp"

#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Forced = GenerationOptions::ForcedResync;

GenerationOptions optionsOf(std::string_view firmware)
{
    return fixtures::loadModel("CP-7841-3PCC", firmware).value()->options;
}

GenerationOptions::ForcedResync forcedResyncOf(std::string_view model)
{
    return fixtures::loadModel(model, {}).value()->options.forcedResync;
}

TEST(GenerationOptionsTest, TheDefaultsOfTheCodeAreThoseOfTheDefaultFirmware)
{
    EXPECT_EQ(optionsOf(""), GenerationOptions{});
}

TEST(GenerationOptionsTest, EachGenerationHasItsOwn)
{
    COVERS("RSYNC-RANDOM-UNIT", "RSYNC-AT-FORMULA");
    EXPECT_EQ(forcedResyncOf("SPA508G"), Forced::WhenIdle);
    EXPECT_EQ(forcedResyncOf("WIP310"), Forced::WhenIdle);
    EXPECT_EQ(optionsOf("11.0.1").forcedResync, Forced::MaximumWait);
    EXPECT_EQ(optionsOf("11.3.1").forcedResync, Forced::IdleCountdown);
    EXPECT_EQ(optionsOf("11.0.1").randomDelayUnit, 20s);
    EXPECT_EQ(optionsOf("11.3.1").randomDelayUnit, 20s);
    EXPECT_EQ(optionsOf("12.0.1").randomDelayUnit, 1s);
    EXPECT_TRUE(optionsOf("11.0.1").periodicRandomDelay);
    EXPECT_FALSE(optionsOf("11.3.1").periodicRandomDelay);
    EXPECT_FALSE(optionsOf("12.0.1").onResetAfterUpgrade);
    EXPECT_EQ(optionsOf("").resyncAtRounding, GenerationOptions::Rounding::HalfUp);
}

TEST(GenerationOptionsTest, AnUnknownOptionOrValueIsRefusedWithItsLine)
{
    const FirmwareVersion firmware = FirmwareVersion::parse("11.3.1", "sip78xx").value();
    const auto errorOf = [&](std::string_view rows) {
        const auto read = GenerationOptions::parse("option,since,value\n" + std::string{rows}, firmware);
        return read.has_value() ? std::string{} : read.error().detail;
    };
    EXPECT_THAT(errorOf("resync_triggers,0,all\n"), IsEmpty());
    EXPECT_THAT(errorOf("resync_triggers,0,all\nresync_trigers,0,any\n"), HasSubstr("line 3"));
    EXPECT_THAT(errorOf("resync_triggers,0,some\n"), HasSubstr("'some'"));
    EXPECT_THAT(errorOf("resync_random_delay_unit,0,0\n"), HasSubstr("line 2"));
    EXPECT_THAT(errorOf("resync_triggers,soon,any\n"), HasSubstr("'soon'"));
    EXPECT_THAT(errorOf("profile_reboots,99.0,maybe\n"),
                HasSubstr("'maybe'"));  // also where it does not count
}

// A phone that has to resync after boot, with an option changed.
PhoneRun aPhoneWhoseGeneration(std::function<void(GenerationOptions&)> choose,
                               std::map<std::string, std::string> set = {})
{
    set.try_emplace("Profile_Rule", "http://192.168.1.200/basic.txt");
    PhoneRun::Options options;
    options.set = std::move(set);
    options.choose = std::move(choose);
    PhoneRun run{options};
    run.serve(std::string{basicProfile});
    return run;
}

TEST(GenerationOptionsTest, NewerFirmwareCountsTheRandomDelayInSeconds)
{
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        PhoneRun::Options options;
        options.firmware = "12.0.1";
        options.seed = seed;
        options.set = {{"Profile_Rule", "http://192.168.1.200/basic.txt"}, {"Resync_Random_Delay", "3"}};
        PhoneRun run{options};
        run.powerOn();
        run.pass(4s);
        EXPECT_THAT(run.fetches, SizeIs(1)) << "seed " << seed;
    }
}

TEST(GenerationOptionsTest, ProvisionEnableMayLeaveCommandsAlone)
{
    for (const bool gates : {true, false}) {
        PhoneRun run =
            aPhoneWhoseGeneration([&](GenerationOptions& o) { o.provisionEnableGatesCommands = gates; },
                                  {{"Provision_Enable", "No"}});
        run.powerOn();
        run.pass(1min);
        run.resync("http://192.168.1.200/now.txt");
        run.pass(1s);
        EXPECT_THAT(run.fetches, SizeIs(gates ? 0 : 1));
    }
}

TEST(GenerationOptionsTest, AFailedUpgradeMayBringNoResync)
{
    for (const bool resyncs : {true, false}) {
        PhoneRun run = aPhoneWhoseGeneration([&](GenerationOptions& o) { o.failedUpgradeResyncs = resyncs; },
                                             {{"Resync_On_Reset", "No"}});
        run.powerOn();
        run.pass(1s);
        run.refuse(ErrorKind::NotFound);
        run.feed(UpgradeCommanded{"tftp://192.168.1.200/x.loads", IpAddress::parse("127.0.0.1").value()});
        run.pass(1s);
        EXPECT_THAT(run.fetches, SizeIs(resyncs ? 2 : 1));
    }
}

}  // namespace
}  // namespace emulator
