#include "hwbridge/bench/lease_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::TimePoint;
using testing::AllOf;
using testing::HasSubstr;
using State = PhoneLease::State;

constexpr LeaseLimits tableLimits{.heartbeat = 10s, .longest = 1h, .restoring = 30s, .waiting = 2};
constexpr TimePoint tableStart{};

LeaseTable aBench(const std::map<std::string, PhoneLease>& memory = {})
{
    return LeaseTable{{{"alice", "CP-7841-3PCC", {"headset"}}, {"bob", "CP-7832-3PCC", {"headset", "lobby"}}},
                      tableLimits,
                      memory};
}

LeaseRequest aRequest(std::uint64_t command, PhoneSelector wanted, bool wait = false)
{
    return {LeaseCommandId{command}, "me@here", std::move(wanted), 10min, "testing", wait, false};
}

// The one effect of that kind.
template <class T>
T only(const LeaseEffects& effects)
{
    std::vector<T> found;
    for (const LeaseEffect& effect : effects)
        if (const auto* const one = std::get_if<T>(&effect))
            found.push_back(*one);
    EXPECT_EQ(found.size(), 1u);
    return found.empty() ? T{} : found.front();
}
template <class T>
bool has(const LeaseEffects& effects)
{
    return std::any_of(effects.begin(), effects.end(),
                       [](const LeaseEffect& effect) { return std::holds_alternative<T>(effect); });
}

Fence granted(LeaseTable& bench, TimePoint at, const PhoneSelector& wanted)
{
    return only<LeaseGranted>(bench.handle(at, aRequest(99, wanted))).fence;
}

TEST(LeaseTableTest, LeasesByNameTagAndModel)
{
    LeaseTable bench = aBench();
    EXPECT_EQ(only<LeaseGranted>(bench.handle(tableStart, aRequest(1, {{}, "lobby", {}}))).phone, "bob");
    EXPECT_EQ(only<LeaseGranted>(bench.handle(tableStart, aRequest(2, {{}, {}, "CP-7841-3PCC"}))).phone,
              "alice");
    LeaseTable other = aBench();
    const LeaseGranted alice = only<LeaseGranted>(other.handle(tableStart, aRequest(1, {"alice", {}, {}})));
    EXPECT_EQ(alice.phone, "alice");
    EXPECT_EQ(alice.until, tableStart + 10min);
}

TEST(LeaseTableTest, SaysWhoHoldsAPhoneThatIsNotFree)
{
    LeaseTable bench = aBench();
    granted(bench, tableStart, {"alice", {}, {}});
    EXPECT_EQ(only<LeaseRefused>(bench.handle(tableStart, aRequest(2, {"alice", {}, {}}))).error.detail,
              "alice is held by me@here (testing)");
    granted(bench, tableStart, {"bob", {}, {}});
    EXPECT_EQ(only<LeaseRefused>(bench.handle(tableStart, aRequest(3, {{}, "headset", {}}))).error.detail,
              "alice is held by me@here (testing), and 1 more with tag headset is not free either");
}

TEST(LeaseTableTest, NamesTheNearestPhoneTagOrModel)
{
    LeaseTable bench = aBench();
    const auto why = [&](PhoneSelector wanted) {
        return only<LeaseRefused>(bench.handle(tableStart, aRequest(1, std::move(wanted), true)))
            .error.detail;
    };
    EXPECT_EQ(why({"alise", {}, {}}), "no phone of this bench is called alise; did you mean alice?");
    EXPECT_EQ(why({{}, "headsets", {}}), "no tag of this bench is called headsets; did you mean headset?");
    EXPECT_THAT(why({{}, {}, "CP-7842-3PCC"}), HasSubstr("did you mean CP-7841-3PCC?"));
    EXPECT_EQ(why({"alice", "lobby", {}}), "no phone of this bench is alice, tag lobby");
}

TEST(LeaseTableTest, ServesTheQueueInOrderButNobodyWaitsForAnothersPhone)
{
    LeaseTable bench = aBench();
    const Fence alice = granted(bench, tableStart, {"alice", {}, {}});
    const Fence bob = granted(bench, tableStart, {"bob", {}, {}});
    EXPECT_EQ(only<LeaseWaits>(bench.handle(tableStart, aRequest(2, {"alice", {}, {}}, true))).position, 1u);
    EXPECT_EQ(only<LeaseWaits>(bench.handle(tableStart, aRequest(3, {{}, "headset", {}}, true))).position,
              2u);
    EXPECT_THAT(only<LeaseRefused>(bench.handle(tableStart, aRequest(4, {"bob", {}, {}}, true))).error.detail,
                HasSubstr("2 requests wait already"));
    EXPECT_EQ(only<LeaseGranted>(bench.handle(tableStart, LeaseRelease{{}, bob})).command, LeaseCommandId{3});
    EXPECT_EQ(only<LeaseGranted>(bench.handle(tableStart, LeaseRelease{{}, alice})).command,
              LeaseCommandId{2});
}

TEST(LeaseTableTest, EndsALeaseThatIsNotRenewedForAHeartbeat)
{
    LeaseTable bench = aBench();
    const Fence alice = granted(bench, tableStart, {"alice", {}, {}});
    EXPECT_EQ(bench.nextDeadline(), tableStart + 10s);
    EXPECT_TRUE(has<LeaseDone>(bench.handle(tableStart + 9s, LeaseRenewal{{}, alice})));
    EXPECT_FALSE(has<LeaseEnded>(bench.handle(tableStart + 18s, LeaseTimePassed{})));
    EXPECT_EQ(only<LeaseEnded>(bench.handle(tableStart + 19s, LeaseTimePassed{})).why,
              "its holder was not heard of for 10 s");
    EXPECT_EQ(only<LeaseRefused>(bench.handle(tableStart + 20s, LeaseRenewal{{}, alice})).error.detail,
              "lease 1 of alice has ended: its holder was not heard of for 10 s");
    EXPECT_FALSE(bench.nextDeadline());
}

TEST(LeaseTableTest, BlamesNobodyForWhatItDidNotHear)
{
    LeaseTable bench = aBench();
    const Fence alice = granted(bench, tableStart, {"alice", {}, {}});
    bench.wasDeaf(9s);  // the renewal of the tenth second waits meanwhile
    EXPECT_FALSE(has<LeaseEnded>(bench.handle(tableStart + 18s, aRequest(2, {"bob", {}, {}}))));
    EXPECT_FALSE(has<LeaseEnded>(bench.handle(tableStart + 18s, LeaseRenewal{LeaseCommandId{3}, alice})));
    EXPECT_TRUE(has<LeaseEnded>(bench.handle(tableStart + 28s, LeaseTimePassed{})));
}

TEST(LeaseTableTest, EndsALeaseWhoseTimeIsOverHoweverOftenItIsRenewed)
{
    LeaseTable bench = aBench();
    const Fence alice = granted(bench, tableStart, {"alice", {}, {}});
    for (TimePoint at = tableStart; at < tableStart + 10min; at += 5s)
        EXPECT_TRUE(has<LeaseDone>(bench.handle(at, LeaseRenewal{{}, alice})));
    EXPECT_EQ(only<LeaseEnded>(bench.handle(tableStart + 10min, LeaseRenewal{{}, alice})).why,
              "its time was over");
}

TEST(LeaseTableTest, PutsBackWhatWasSavedFirstBeforeAnybodyElseGetsThePhone)
{
    LeaseTable bench = aBench();
    const Fence alice = granted(bench, tableStart, {"alice", {}, {}});
    bench.handle(tableStart, LeaseSave{{}, alice, {{"GPP_A", "found"}, {"GPP_B", ""}}});
    bench.handle(tableStart, LeaseSave{{}, alice, {{"GPP_A", "mine"}, {"GPP_C", "found"}}});
    bench.handle(tableStart, aRequest(2, {"alice", {}, {}}, true));
    const LeaseEffects ended = bench.handle(tableStart, LeaseRelease{{}, alice});
    const std::vector<SavedParameter> found{{"GPP_A", "found"}, {"GPP_B", ""}, {"GPP_C", "found"}};
    EXPECT_EQ(only<RestorePhone>(ended).parameters, found);
    EXPECT_FALSE(has<LeaseGranted>(ended));
    EXPECT_EQ(only<LeaseGranted>(bench.handle(tableStart + 1s, PhoneRestored{"alice", alice, ""})).command,
              LeaseCommandId{2});
}

TEST(LeaseTableTest, QuarantinesAPhoneThatCannotBeRestoredUntilACheckPasses)
{
    LeaseTable bench = aBench();
    const Fence first = granted(bench, tableStart, {"alice", {}, {}});
    bench.handle(tableStart, LeaseSave{{}, first, {{"GPP_A", "found"}}});
    bench.handle(tableStart, LeaseRelease{{}, first});
    bench.handle(tableStart, aRequest(2, {"alice", {}, {}}, true));
    const std::string why = "alice is quarantined: restoring its parameters after lease 1 failed: no answer";
    EXPECT_EQ(
        only<LeaseRefused>(bench.handle(tableStart, PhoneRestored{"alice", first, "no answer"})).error.detail,
        why);
    EXPECT_EQ(only<LeaseRefused>(bench.handle(tableStart, aRequest(3, {"alice", {}, {}}, true))).error.detail,
              why);

    LeaseRequest check = aRequest(4, {"alice", {}, {}});
    check.toCheck = true;
    const Fence second = only<LeaseGranted>(bench.handle(tableStart, check)).fence;
    bench.handle(tableStart, PhoneVerdict{{}, second, ""});
    EXPECT_EQ(only<RestorePhone>(bench.handle(tableStart, LeaseRelease{{}, second})).parameters.size(), 1u);
    bench.handle(tableStart, PhoneRestored{"alice", second, ""});
    granted(bench, tableStart, {"alice", {}, {}});
}

TEST(LeaseTableTest, WhatAPhoneSaidIsOneShortLineForEverybodyWhoReadsTheList)
{
    LeaseTable bench = aBench();
    const Fence lease = granted(bench, tableStart, {"alice", {}, {}});
    bench.handle(tableStart, LeaseSave{{}, lease, {{"GPP_A", "found"}}});
    bench.handle(tableStart, LeaseRelease{{}, lease});
    const std::string said = "caf\xe9\r\n" + std::string(5'000, 'x');
    const auto refused = bench.handle(tableStart, PhoneRestored{"alice", lease, said});
    const std::string why = only<RememberLease>(refused).lease.quarantine;
    EXPECT_THAT(why, testing::StartsWith("restoring its parameters after lease 1 failed: caf?  xxx"));
    EXPECT_LT(why.size(), 1'100u);
}

TEST(LeaseTableTest, GivesUpRestoringAfterItsTimeAndIgnoresWhatComesLater)
{
    LeaseTable bench = aBench();
    const Fence alice = granted(bench, tableStart, {"alice", {}, {}});
    bench.handle(tableStart, LeaseSave{{}, alice, {{"GPP_A", "found"}}});
    bench.handle(tableStart, LeaseRelease{{}, alice});
    bench.handle(tableStart + 30s, LeaseTimePassed{});
    EXPECT_THAT(bench.phones()[0].lease.quarantine, HasSubstr("it took longer than 30 s"));
    EXPECT_FALSE(has<RememberLease>(bench.handle(tableStart + 31s, PhoneRestored{"alice", alice, ""})));
}

TEST(LeaseTableTest, KicksWithAReasonThatItsHolderIsTold)
{
    LeaseTable bench = aBench();
    const Fence alice = granted(bench, tableStart, {"alice", {}, {}});
    EXPECT_TRUE(has<LeaseRefused>(bench.handle(tableStart, PhoneKick{{}, "alice", "boss@here", ""})));
    EXPECT_EQ(only<LeaseEnded>(bench.handle(tableStart, PhoneKick{{}, "alice", "boss@here", "demo"})).why,
              "it was taken away by boss@here: demo");
    EXPECT_EQ(only<LeaseRefused>(bench.handle(tableStart, LeaseRenewal{{}, alice})).error.detail,
              "lease 1 of alice has ended: it was taken away by boss@here: demo");
    EXPECT_EQ(only<LeaseRefused>(bench.handle(tableStart, PhoneKick{{}, "alice", "boss@here", "again"}))
                  .error.detail,
              "alice is free, expected one that is held");
}

TEST(LeaseTableTest, LetsItsHolderReleaseFromElsewhereAndNobodyElse)
{
    LeaseTable bench = aBench();
    granted(bench, tableStart, {"alice", {}, {}});
    EXPECT_EQ(
        only<LeaseRefused>(bench.handle(tableStart, PhoneRelease{{}, "alice", "you@there"})).error.detail,
        "alice is held by me@here (testing), not by you@there; a kick with a reason takes it away");
    EXPECT_TRUE(has<LeaseEnded>(bench.handle(tableStart, PhoneRelease{{}, "alice", "me@here"})));
}

TEST(LeaseTableTest, BoundsWhatALeaseSaves)
{
    LeaseTable bench = aBench();
    const Fence alice = granted(bench, tableStart, {"alice", {}, {}});
    std::vector<SavedParameter> many;
    for (std::size_t i = 0; i <= tableLimits.savedParameters; ++i)
        many.push_back({std::to_string(i), ""});
    EXPECT_EQ(only<LeaseRefused>(bench.handle(tableStart, LeaseSave{{}, alice, many})).error.kind,
              emulator::ErrorKind::TooLarge);
    const std::vector<SavedParameter> large{{"GPP_A", std::string(tableLimits.savedBytes, 'x')}};
    EXPECT_TRUE(has<LeaseRefused>(bench.handle(tableStart, LeaseSave{{}, alice, large})));
    EXPECT_TRUE(bench.phones()[0].lease.saved.empty());
}

TEST(LeaseTableTest, GoesOnWhereAKilledDaemonStopped)
{
    std::map<std::string, PhoneLease> memory;
    memory["alice"] = {State::Held, Fence{7},     "me@here", "testing", tableStart + 1min,
                       {},          {{"A", "x"}}, {},        {}};
    memory["bob"] = {State::Restoring, Fence{8}, "you@there", "", {}, {}, {{"B", "y"}}, "released", {}};
    memory["gone"] = {State::Free, Fence{9}, {}, {}, {}, {}, {}, {}, {}};
    LeaseTable bench = aBench(memory);
    EXPECT_EQ(only<RestorePhone>(bench.begin(tableStart)).phone, "bob");
    EXPECT_TRUE(has<LeaseDone>(bench.handle(tableStart + 9s, LeaseRenewal{{}, Fence{7}})));
    bench.handle(tableStart + 9s, PhoneRestored{"bob", Fence{8}, ""});
    EXPECT_EQ(granted(bench, tableStart + 9s, {"bob", {}, {}}), Fence{10});
    EXPECT_EQ(only<RestorePhone>(bench.handle(tableStart + 19s, LeaseTimePassed{})).fence, Fence{7});
}

}  // namespace
}  // namespace hwbridge
