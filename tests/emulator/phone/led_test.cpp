#include "tests/emulator/phone/phone_run.hpp"

#include "tests/support/covers.hpp"

#include <gtest/gtest.h>

#include <array>

namespace emulator {
namespace {

using namespace std::chrono_literals;

// The patterns are printed for the SPA family; by a choice of the model data the others show them too.
constexpr std::array modelsThatBlink{"SPA303", "SPA508G", "WIP310", "CP-7832-3PCC"};

TEST(LedTest, APatternIsFoundByItsNameAndByNoOther)
{
    for (const MuteLed led : {MuteLed::Off, MuteLed::SlowBlink, MuteLed::FastBlink})
        EXPECT_EQ(muteLedNamed(name(led)), led);
    EXPECT_EQ(muteLedNamed("blink"), std::nullopt);
}

TEST(LedTest, SlowBlinkIsASecondOnAndASecondOff)
{
    COVERS("LED-SLOW");
    const TimePoint since{7s};
    for (Duration into{}; into < 10s; into += 10ms)
        EXPECT_EQ(isLit(MuteLed::SlowBlink, since, since + into), into % 2s < 1s) << into.count();
}

TEST(LedTest, FastBlinkIsTwoShortFlashesEveryTwoSeconds)
{
    COVERS("LED-FAST");
    const TimePoint since{7s};
    for (Duration into{}; into < 10s; into += 10ms) {
        const Duration beat = into % 2s;
        const bool lit = beat < 200ms || (beat >= 400ms && beat < 600ms);
        EXPECT_EQ(isLit(MuteLed::FastBlink, since, since + into), lit) << into.count();
    }
}

TEST(LedTest, OffIsNeverLitNorIsAnythingBeforeItBegan)
{
    EXPECT_FALSE(isLit(MuteLed::Off, TimePoint{}, TimePoint{1ms}));
    EXPECT_FALSE(isLit(MuteLed::SlowBlink, TimePoint{10s}, TimePoint{9s}));
}

struct LedRow {
    const char* id;
    ErrorKind kind;
    MuteLed led;
};

class FailureLedTest : public ::testing::TestWithParam<LedRow> {};

PhoneRun anAskingPhone(std::string model = "CP-7832-3PCC")
{
    PhoneRun::Options options;
    options.model = std::move(model);
    options.set = {{"Resync_Random_Delay", "0"}, {"Profile_Rule", "http://192.168.1.200/basic.txt"}};
    PhoneRun run{options};
    run.answerTime = 5s;
    return run;
}

TEST_P(FailureLedTest, KeepsBlinkingAfterTheFailure)
{
    COVERS(GetParam().id, "LED-MUTE");
    for (const char* model : modelsThatBlink) {
        PhoneRun run = anAskingPhone(model);
        run.refuse(GetParam().kind);
        run.powerOn();
        run.pass(7s);
        EXPECT_EQ(run.phone->muteLed(), GetParam().led) << model;
        run.pass(20s);
        EXPECT_EQ(run.phone->muteLed(), GetParam().led) << model;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Causes, FailureLedTest,
    ::testing::Values(LedRow{"LED-SLOW-UNRESOLVABLE", ErrorKind::Unresolvable, MuteLed::SlowBlink},
                      LedRow{"LED-SLOW-UNREACHABLE", ErrorKind::TimedOut, MuteLed::SlowBlink},
                      LedRow{"LED-SLOW-DOWN", ErrorKind::Unreachable, MuteLed::SlowBlink},
                      LedRow{"LED-FAST-FNF", ErrorKind::NotFound, MuteLed::FastBlink},
                      LedRow{"LED-FAST-CORRUPT", ErrorKind::Corrupt, MuteLed::FastBlink}));

TEST(LedTest, BlinksSlowlyWhileTheServerIsContactedAndIsOffAfterSuccess)
{
    COVERS("LED-SLOW-CONTACTING", "LED-OFF");
    for (const char* model : modelsThatBlink) {
        SCOPED_TRACE(model);
        PhoneRun run = anAskingPhone(model);
        run.serve(std::string{basicProfile});
        run.powerOn();
        run.pass(2s);
        EXPECT_EQ(run.phone->state(), PhoneState::Contacting);
        EXPECT_EQ(run.phone->muteLed(), MuteLed::SlowBlink);
        EXPECT_TRUE(isLit(run.phone->muteLed(), run.phone->ledSince(), run.phone->ledSince() + 500ms));
        run.pass(10s);
        EXPECT_EQ(run.phone->muteLed(), MuteLed::Off);
    }
}

TEST(LedTest, RecoversFromFastToOffWhenTheFileIsBack)
{
    PhoneRun run = anAskingPhone();
    run.refuse(ErrorKind::NotFound);
    run.powerOn();
    run.pass(30s);
    EXPECT_EQ(run.phone->muteLed(), MuteLed::FastBlink);
    run.serve(std::string{basicProfile});
    run.pass(80s);
    EXPECT_EQ(run.phone->muteLed(), MuteLed::Off);
}

TEST(LedTest, AModelWithoutThePatternsKeepsItsLedOff)
{
    PhoneRun run = anAskingPhone();
    auto model = std::make_shared<Model>(*run.surroundings.model);
    model->muteLedPatterns = false;
    run.surroundings.model = model;
    run.refuse(ErrorKind::NotFound);
    run.powerOn();
    run.pass(30s);
    EXPECT_TRUE(run.leds.empty());
}

}  // namespace
}  // namespace emulator
