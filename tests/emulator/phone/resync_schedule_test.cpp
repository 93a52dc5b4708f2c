// When a phone resyncs: after power-up, periodically, at a time of day, after errors.

#include "emulator/provisioning/resync_at.hpp"
#include "tests/emulator/phone/resyncing_phone.hpp"

#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::Le;
using ::testing::SizeIs;

TEST(ResyncTest, TheFirstContactComesWithinStepsOfTwentySecondsAndVaries)
{
    COVERS("RSYNC-RANDOM-RANGE", "RSYNC-RANDOM-UNIT");
    for (const int steps : {1, 2, 3}) {
        std::set<Duration> seen;
        Duration shortest = Duration::max();
        Duration longest{};
        for (std::uint64_t seed = 0; seed < 60; ++seed) {
            PhoneRun run = aPhone({{"Resync_Random_Delay", std::to_string(steps)}}, seed);
            run.powerOn();
            run.pass(10min);
            const Duration delay = run.fetches.at(0).at.time_since_epoch() - run.surroundings.bootTime;
            EXPECT_GE(delay, 0s);
            EXPECT_LE(delay, 20s * steps);
            shortest = std::min(shortest, delay);
            longest = std::max(longest, delay);
            seen.insert(delay);
        }
        EXPECT_LT(shortest, 3s * steps) << "the window begins at once";
        EXPECT_GT(longest, std::max(Duration{17s * steps}, Duration{20s * (steps - 1)}))
            << "the window is " << steps << " steps wide";
        EXPECT_GT(seen.size(), 50u);
    }
}

TEST(ResyncTest, PhonesThatArePoweredUpTogetherSpreadTheirFirstContacts)
{
    COVERS("RSYNC-RANDOM-PURPOSE");
    std::set<Duration> seen;
    for (std::uint64_t k = 0; k < 60; ++k) {
        PhoneRun::Options options;
        options.mac = MacAddress::parse("00:0e:08:00:00:01").value().plus(k).colons();
        options.set = {{"Profile_Rule", "http://192.168.1.200/basic.txt"}, {"Resync_Random_Delay", "2"}};
        PhoneRun run{options};
        run.powerOn();
        run.pass(1min);
        seen.insert(run.fetches.at(0).at.time_since_epoch());
    }
    EXPECT_GT(seen.size(), 50u);
    EXPECT_GT(*seen.rbegin() - *seen.begin(), 30s);
}

TEST(ResyncTest, NoRandomDelayMeansImmediateContact)
{
    COVERS("RSYNC-RANDOM-ZERO");
    PhoneRun run = aPhone({{"Resync_Random_Delay", "0"}});
    run.powerOn();
    run.pass(1s);
    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_EQ(run.fetches[0].at.time_since_epoch(), run.surroundings.bootTime);
}

TEST(ResyncTest, LaterResyncsShowNoRandomDelay)
{
    COVERS("RSYNC-RANDOM-INITIAL-ONLY");
    PhoneRun run = aPhone({{"Resync_Random_Delay", "3"}, {"Resync_Periodic", "100"}});
    run.powerOn();
    run.pass(20min);
    EXPECT_THAT(run.gaps(), AllOf(SizeIs(Ge(9u)), Each(100)));

    PhoneRun failing = aPhone({{"Resync_Random_Delay", "3"}, {"Resync_Error_Retry_Delay", "100"}});
    failing.answerTime = 0s;
    failing.refuse(ErrorKind::Unreachable);
    failing.powerOn();
    failing.pass(20min);
    EXPECT_THAT(failing.gaps(), AllOf(SizeIs(Ge(9u)), Each(100))) << "nor do retries";
}

PhoneRun aPeriodicPhoneOf(const std::string& model, const std::string& firmware, Settings set)
{
    set.insert({{"Profile_Rule", "http://192.168.1.200/basic.txt"}, {"Resync_Random_Delay", "2"}});
    PhoneRun run{{.set = std::move(set), .model = model, .firmware = firmware}};
    run.serve(std::string{basicProfile});
    run.answerTime = 0s;
    run.powerOn();
    return run;
}

TEST(ResyncTest, WithFirmware110EveryPeriodHasARandomShareOfItsOwn)
{
    COVERS("PROV-HTTP-CAT-A");
    for (const char* model : {"CP-7841-3PCC", "CP-7832-3PCC"}) {
        PhoneRun run = aPeriodicPhoneOf(model, "11.0.1", {{"Resync_Periodic", "100"}});
        run.pass(4h);
        const std::vector<long> gaps = run.gaps();
        EXPECT_THAT(gaps, AllOf(SizeIs(Ge(100u)), Each(AllOf(Ge(100), Le(140))))) << model;
        EXPECT_LT(*std::min_element(gaps.begin(), gaps.end()), 105) << model;
        EXPECT_GT(*std::max_element(gaps.begin(), gaps.end()), 135) << model;
    }
}

TEST(ResyncTest, WithFirmware110NothingButAPeriodHasARandomShare)
{
    PhoneRun never = aPeriodicPhoneOf("CP-7841-3PCC", "11.0.1", {{"Resync_Periodic", "0"}});
    never.pass(24h);
    EXPECT_THAT(never.fetches, SizeIs(1)) << "no period, no share";

    PhoneRun failing = aPeriodicPhoneOf("CP-7841-3PCC", "11.0.1", {{"Resync_Error_Retry_Delay", "100"}});
    failing.refuse(ErrorKind::Unreachable);
    failing.pass(20min);
    EXPECT_THAT(failing.gaps(), AllOf(SizeIs(Ge(9u)), Each(100)));
}

TEST(ResyncTest, OtherFirmwareHasNoShareInItsPeriods)
{
    COVERS("RSYNC-RANDOM-INITIAL-ONLY");
    for (const auto& [model, firmware] :
         {std::pair{"CP-7841-3PCC", "11.3.1"}, {"CP-8841-3PCC", "11.3.1"}, {"SPA508G", ""}}) {
        PhoneRun run = aPeriodicPhoneOf(model, firmware, {{"Resync_Periodic", "100"}});
        run.pass(20min);
        EXPECT_THAT(run.gaps(), AllOf(SizeIs(Ge(9u)), Each(100))) << model << " " << firmware;
    }
}

struct PeriodicRow {
    const char* periodic;
    std::vector<long> gaps;
    const char* covers;
};

class PeriodicTest : public ::testing::TestWithParam<PeriodicRow> {};

TEST_P(PeriodicTest, FollowsTheListAndRepeatsItsLastElement)
{
    COVERS(GetParam().covers);
    PhoneRun run = aPhone({{"Resync_Periodic", GetParam().periodic}});
    run.answerTime = 0s;
    run.powerOn();
    run.pass(3h + 1min);
    std::vector<long> gaps = run.gaps();
    gaps.resize(std::min(gaps.size(), GetParam().gaps.size()));
    EXPECT_EQ(gaps, GetParam().gaps);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, PeriodicTest,
    ::testing::Values(PeriodicRow{"3000", {3000, 3000, 3000}, "RSYNC-PERIODIC-INT"},
                      PeriodicRow{"600,1200,300", {600, 1200, 300, 300}, "RSYNC-PERIODIC-LIST"},
                      PeriodicRow{"600 , 1200 , 300", {600, 1200, 300}, "RSYNC-PERIODIC-LIST"},
                      PeriodicRow{"6,12,3", {6, 12, 3, 3, 3, 3}, "RSYNC-PERIODIC-LIST-END"}));

TEST(ResyncTest, APeriodicRangeVariesWithinItsSpread)
{
    COVERS("RSYNC-PERIODIC-RANGE");
    PhoneRun run = aPhone({{"Resync_Periodic", "2400+30"}});
    run.answerTime = 0s;
    run.powerOn();
    run.pass(48h);
    const std::vector<long> gaps = run.gaps();
    ASSERT_THAT(gaps, SizeIs(Ge(60u)));
    EXPECT_THAT(gaps, Each(AllOf(Ge(2400), Le(2430))));
    EXPECT_GT(std::set<long>(gaps.begin(), gaps.end()).size(), 10u);
}

TEST(ResyncTest, APeriodOfZeroMeansNoPeriodicResync)
{
    COVERS("RSYNC-PERIODIC-ZERO");
    PhoneRun run = aPhone({{"Resync_Periodic", "0"}});
    run.powerOn();
    run.pass(72h);
    EXPECT_THAT(run.fetches, SizeIs(1));
}

TEST(ResyncTest, AFactoryFreshPhoneResyncsHourly)
{
    COVERS("RSYNC-PERIODIC-DEFAULT");
    for (const char* model : {"CP-7832-3PCC", "CP-8841-3PCC"}) {
        PhoneRun run = aPhone({}, 1, model);
        EXPECT_EQ(run.value("Resync_Periodic"), "3600");
        run.answerTime = 0s;
        run.powerOn();
        run.pass(5h + 1min);
        EXPECT_THAT(run.gaps(), ElementsAre(3600, 3600, 3600, 3600, 3600)) << model;
    }
}

TEST(ResyncTest, ThePeriodicTimerStartsWithTheFirstSuccess)
{
    COVERS("RSYNC-PERIODIC-AFTER-SUCCESS");
    PhoneRun run = aPhone({{"Resync_Periodic", "30"}, {"Resync_Error_Retry_Delay", "1000"}});
    run.answerTime = 0s;
    run.refuse(ErrorKind::TimedOut);
    run.powerOn();
    run.pass(2500s);
    EXPECT_THAT(run.gaps(), ElementsAre(1000, 1000));
    run.serve(std::string{basicProfile});
    run.pass(600s);
    EXPECT_THAT(run.gaps(), ElementsAre(1000, 1000, 1000, 30, 30, 30));
}

TEST(ResyncTest, AServerSideChangeReachesThePhoneWithinOnePeriod)
{
    COVERS("RSYNC-PERIODIC-SPEC");
    PhoneRun run = aPhone({{"Resync_Periodic", "30"}});
    run.powerOn();
    run.pass(10s);
    run.serve("<flat-profile><GPP_A>changed</GPP_A></flat-profile>");
    run.pass(31s);
    EXPECT_EQ(run.value("GPP_A"), "changed");
}

struct CauseRow {
    const char* name;
    ErrorKind kind;
};

class ErrorCauseTest : public ::testing::TestWithParam<CauseRow> {};

TEST_P(ErrorCauseTest, StartsTheErrorTimer)
{
    COVERS("RSYNC-ERROR-CAUSES", "RSYNC-ERROR-INT", "RSYNC-FAIL-WAIT", "RSYNC-UNSUCCESSFUL");
    PhoneRun run = aPhone({{"Resync_Error_Retry_Delay", "300"}});
    run.answerTime = 0s;
    run.refuse(GetParam().kind);
    run.powerOn();
    run.pass(1000s);
    EXPECT_THAT(run.gaps(), ElementsAre(300, 300, 300));
}

INSTANTIATE_TEST_SUITE_P(Causes, ErrorCauseTest,
                         ::testing::Values(CauseRow{"NotFound", ErrorKind::NotFound},
                                           CauseRow{"Corrupt", ErrorKind::Corrupt},
                                           CauseRow{"Unresolvable", ErrorKind::Unresolvable},
                                           CauseRow{"Unreachable", ErrorKind::Unreachable},
                                           CauseRow{"TimedOut", ErrorKind::TimedOut},
                                           CauseRow{"Refused", ErrorKind::Refused},
                                           CauseRow{"TooLarge", ErrorKind::TooLarge}),
                         [](const auto& row) { return row.param.name; });

TEST(ResyncTest, ErrorRetriesFollowTheListAndRepeatItsLastElement)
{
    COVERS("RSYNC-ERROR-LIST", "RSYNC-ERROR-LIST-END");
    PhoneRun run = aPhone({{"Resync_Error_Retry_Delay", "600 , 1200 , 300"}});
    run.answerTime = 5s;  // the wait begins with the failure, not with the request
    run.refuse(ErrorKind::Unreachable);
    run.powerOn();
    run.pass(2930s);
    EXPECT_THAT(run.gaps(), ElementsAre(605, 1205, 305, 305, 305));
}

TEST(ResyncTest, ASuccessStartsTheErrorListAnew)
{
    COVERS("RSYNC-ERROR-LIST-RESET");
    PhoneRun run = aPhone({{"Resync_Error_Retry_Delay", "6,12,3"}, {"Resync_Periodic", "100"}});
    run.answerTime = 0s;
    run.refuse(ErrorKind::Unreachable);
    run.powerOn();
    run.pass(7s);  // the first try and one retry have failed
    run.serve(std::string{basicProfile});
    run.pass(13s);  // the second retry succeeds
    run.refuse(ErrorKind::Unreachable);
    run.pass(110s);
    EXPECT_THAT(run.gaps(), ElementsAre(6, 12, 100, 6));
}

TEST(ResyncTest, AnErrorRangeVariesWithinItsSpread)
{
    COVERS("RSYNC-ERROR-RANGE");
    PhoneRun run = aPhone({{"Resync_Error_Retry_Delay", "10+5"}});
    run.answerTime = 0s;
    run.refuse(ErrorKind::Unreachable);
    run.powerOn();
    run.pass(20min);
    EXPECT_THAT(run.gaps(), AllOf(SizeIs(Ge(50u)), Each(AllOf(Ge(10), Le(15)))));
    const std::vector<long> gaps = run.gaps();
    EXPECT_GT(std::set<long>(gaps.begin(), gaps.end()).size(), 3u);
}

TEST(ResyncTest, ARetryDelayOfZeroMeansNoRetry)
{
    COVERS("RSYNC-ERROR-ZERO");
    PhoneRun run = aPhone({{"Resync_Error_Retry_Delay", "0"}});
    run.refuse(ErrorKind::Unreachable);
    run.powerOn();
    run.pass(100h);
    EXPECT_THAT(run.fetches, SizeIs(1));
}

TEST(ResyncTest, AFactoryFreshPhoneBacksOffFromAMinuteToADay)
{
    COVERS("RSYNC-ERROR-DEFAULT");
    for (const char* model : {"CP-7832-3PCC", "CP-8841-3PCC"}) {
        PhoneRun run = aPhone({}, 1, model);
        run.answerTime = 0s;
        run.refuse(ErrorKind::Unreachable);
        run.powerOn();
        run.pass(24h * 5);
        EXPECT_THAT(run.gaps(), ElementsAre(60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 30720, 61440,
                                            86400, 86400, 86400))
            << model;
    }
}

TEST(ResyncTest, FileNotFoundFailsUnlessToldOtherwise)
{
    COVERS("RSYNC-FNF-YES");
    PhoneRun run = aPhone({{"Resync_Error_Retry_Delay", "40"}, {"Syslog_Server", "192.168.1.210"}});
    run.answerTime = 0s;
    run.refuse(ErrorKind::NotFound);
    run.powerOn();
    run.pass(90s);
    EXPECT_THAT(run.gaps(), ElementsAre(40, 40));
    EXPECT_THAT(run.texts(), ::testing::Contains(::testing::HasSubstr("Resync failed: File not found")));
}

TEST(ResyncTest, FileNotFoundCountsAsSuccessWhenFailsOnFnfIsNo)
{
    COVERS("RSYNC-FNF-NO");
    PhoneRun run = aPhone({{"Resync_Fails_On_FNF", "No"},
                           {"Resync_Periodic", "50"},
                           {"Resync_Error_Retry_Delay", "7"},
                           {"Syslog_Server", "192.168.1.210"}});
    run.answerTime = 0s;
    run.refuse(ErrorKind::NotFound);
    run.powerOn();
    run.pass(110s);
    EXPECT_THAT(run.gaps(), ElementsAre(50, 50));
    EXPECT_THAT(run.texts(), ::testing::Contains(::testing::HasSubstr("Successful resync")));
    EXPECT_THAT(run.texts(), ::testing::Not(::testing::Contains(::testing::HasSubstr("Resync failed"))));
}

TEST(ResyncTest, ATimedResyncComesInsideItsWindowEveryDay)
{
    COVERS("RSYNC-AT-TIME", "RSYNC-AT-WINDOW", "RSYNC-AT-OVERRIDES", "RSYNC-AT-RND-BELOW",
           "PARAM-RESYNC-AT-RANDOM-DELAY");
    PhoneRun run =
        aPhone({{"Resync_At__HHmm_", "0959"}, {"Resync_At_Random_Delay", "10"}, {"Resync_Periodic", "30"}});
    run.powerOn();
    run.pass(24h * 20);
    ASSERT_THAT(run.fetches, SizeIs(21));  // power-up, then one a day
    std::set<Duration> seen;
    Duration latest{};
    for (std::size_t i = 1; i < run.fetches.size(); ++i) {
        const Duration intoDay = run.fetches[i].at.time_since_epoch() % Duration{24h};
        EXPECT_GT(intoDay, Duration{9h + 59min});
        EXPECT_LT(intoDay, Duration{10h + 9min});
        seen.insert(intoDay);
        latest = std::max(latest, intoDay);
    }
    EXPECT_GT(seen.size(), 15u);
    EXPECT_GT(latest, Duration{10h + 4min}) << "a delay below 600 s counts as 600 s";
}

TEST(ResyncTest, TheTimedWindowIsWholeMinutesOfTheRoundedDelay)
{
    COVERS("RSYNC-AT-FORMULA");
    const std::vector<std::pair<std::uint32_t, Duration>> rows{
        {600, 10min}, {629, 10min}, {630, 11min}, {689, 11min}, {690, 12min}};
    for (const auto& [delay, window] : rows) {
        Duration latest{};
        for (std::uint64_t seed = 0; seed < 4000; ++seed) {
            Chance chance{Seed{seed}, MacAddress{}};
            const WallTime midnight{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
            const WallTime at = nextResyncAt(midnight, "0100", delay, chance).value();
            latest = std::max(latest, at - midnight - 1h);
        }
        EXPECT_LT(latest, window) << delay;
        EXPECT_GT(latest, window - 2s) << delay;
    }
}

TEST(ResyncTest, AnInvalidTimeOfDayIsIgnoredAndThePeriodStays)
{
    COVERS("RSYNC-AT-INVALID", "RSYNC-AT-RANGE", "PARAM-RESYNC-AT");
    for (const char* time : {"2560", "2401", "2500", "9900", "9999", "959", "1:00", "abcd", "0960"}) {
        PhoneRun run = aPhone({{"Resync_At__HHmm_", time}, {"Resync_Periodic", "30"}});
        run.answerTime = 0s;
        run.powerOn();
        run.pass(100s);
        EXPECT_THAT(run.gaps(), ElementsAre(30, 30, 30)) << time;
    }
    for (const char* time : {"0000", "2359", "2400"}) {
        PhoneRun run = aPhone({{"Resync_At__HHmm_", time}, {"Resync_Periodic", "30"}});
        run.powerOn();
        run.pass(100s);
        EXPECT_THAT(run.gaps(), Each(Ge(0))) << time;
        EXPECT_THAT(run.fetches, SizeIs(Le(2u))) << time << " replaces the period";
    }
}

TEST(ResyncTest, NoTimeOfDayIsSetOnAFactoryFreshPhone)
{
    COVERS("RSYNC-AT-DEFAULT");
    PhoneRun run = aPhone();
    EXPECT_EQ(run.value("Resync_At__HHmm_"), "");
    EXPECT_EQ((PhoneRun{{.model = "CP-7841-3PCC"}}.value("Resync_At__HHmm_")), "");
    run.powerOn();
    run.pass(61min);
    EXPECT_THAT(run.fetches, SizeIs(2));
}

}  // namespace
}  // namespace emulator
