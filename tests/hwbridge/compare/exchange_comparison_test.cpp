#include "hwbridge/compare/exchange_comparison.hpp"

#include "tests/hwbridge/compare/a_trace.hpp"

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::Duration;
using emulator::EventKind;
using emulator::FieldName;
using emulator::Observer;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(ExchangeComparisonTest, ShowsTimesInTheUnitThatSuitsThem)
{
    EXPECT_EQ(shownTime(0us), "0 us");
    EXPECT_EQ(shownTime(999us), "999 us");
    EXPECT_EQ(shownTime(1ms), "1 ms");
    EXPECT_EQ(shownTime(1600us), "2 ms");
    EXPECT_EQ(shownTime(999ms), "999 ms");
    EXPECT_EQ(shownTime(1s), "1 s");
    EXPECT_EQ(shownTime(1050ms), "1.05 s");
    EXPECT_EQ(shownTime(30s), "30 s");
    EXPECT_EQ(shownTime(-250ms), "-250 ms");
}

// Roots of a story told with one time and with another, forth and back.
template <class Story>
bool agree(Story story, Duration one, Duration other)
{
    const bool forth = compared(story(one), story(other)).isEqual();
    EXPECT_EQ(compared(story(other), story(one)).isEqual(), forth);
    return forth;
}

TEST(ExchangeComparisonTest, AnAnswerMayComeHalfASecondOrAFifthSoonerOrLater)
{
    const auto answers = [](Duration time) {
        ATrace trace;
        return trace.asks({}).after(time - 2ms).answered(200);
    };
    EXPECT_TRUE(agree(answers, 1s, 1500ms));
    EXPECT_FALSE(agree(answers, 1s, 1501ms));
    EXPECT_TRUE(agree(answers, 10s, 12500ms));
    EXPECT_FALSE(agree(answers, 10s, 12502ms));
}

TEST(ExchangeComparisonTest, ARetransmissionMayCome300MillisecondsOrATenthSoonerOrLater)
{
    const auto repeats = [](Duration time) {
        ATrace trace;
        return trace.reads("basic.txt").after(time).reads("basic.txt", "", true);
    };
    EXPECT_TRUE(agree(repeats, 2s, 2300ms));
    EXPECT_FALSE(agree(repeats, 2s, 2301ms));
    EXPECT_TRUE(agree(repeats, 9s, 10s));
    EXPECT_FALSE(agree(repeats, 9s, 10002ms));
}

TEST(ExchangeComparisonTest, EachRetransmissionIsMeasuredFromTheOneBeforeIt)
{
    const auto repeats = [](Duration first) {
        ATrace trace;
        trace.reads("basic.txt").after(first).reads("basic.txt", "", true);
        return trace.after(5s).reads("basic.txt", "", true);
    };
    const Comparison c = compared(repeats(2s), repeats(4s));
    ASSERT_EQ(c.findings.size(), 1u);
    EXPECT_EQ(c.findings.front().count, 1u);
}

TEST(ExchangeComparisonTest, EachMessageIsMeasuredFromTheOneOfTheOtherEndBeforeIt)
{
    const auto transfer = [](Duration dataTime, Duration ackTime) {
        ATrace trace;
        trace.reads("basic.txt");
        for (std::int64_t number = 1; number <= 4; ++number) {
            trace.after(number == 3 ? dataTime : 1ms);
            trace.got(EventKind::TftpData, 4000, {{FieldName::Block, number}, {FieldName::Bytes, 512}});
            trace.after(ackTime);
            trace.sent(EventKind::TftpAck, 4000, {{FieldName::Block, number}}, true);
        }
        return trace;
    };
    EXPECT_TRUE(compared(transfer(1ms, 1ms), transfer(501ms, 501ms)).isEqual());
    EXPECT_THAT(rootsOf(transfer(1ms, 1ms), transfer(3s, 1ms)), ElementsAre("answer time of tftp.data"));
    const Comparison late = compared(transfer(1ms, 1ms), transfer(1ms, 1s));
    EXPECT_THAT(rootsOf(late), ElementsAre("answer time of tftp.ack"));
    EXPECT_EQ(late.findings.front().count, 4u);
}

TEST(ExchangeComparisonTest, ARequestIsMeasuredFromTheOfferItTakes)
{
    const auto lease = [](Duration time) {
        ATrace trace;
        trace.of("000e08000001", "0.0.0.0").sent(EventKind::DhcpDiscover, 67, {});
        trace.after(1ms).got(EventKind::DhcpOffer, 67, {}).after(time);
        return trace.sent(EventKind::DhcpRequest, 67, {}, true).after(1ms).got(EventKind::DhcpAck, 67, {});
    };
    EXPECT_TRUE(agree(lease, 1ms, 501ms));
    EXPECT_THAT(rootsOf(lease(1ms), lease(5s)), ElementsAre("answer time of dhcp.request"));
}

TEST(ExchangeComparisonTest, APauseMayBeHalfASecondOrATwentiethShorterOrLonger)
{
    const auto pauses = [](Duration time) {
        ATrace trace;
        return trace.logs("one").after(time - 1ms).logs("two");
    };
    EXPECT_TRUE(agree(pauses, 1s, 1500ms));
    EXPECT_FALSE(agree(pauses, 1s, 1501ms));
    EXPECT_TRUE(agree(pauses, 19s, 20s));
    EXPECT_FALSE(agree(pauses, 19s, 20002ms));
}

std::uint64_t times(const Comparison& c)
{
    for (const RuleUse& use : c.aside)
        if (use.rule == "timing")
            return use.count;
    return 0;
}

TEST(ExchangeComparisonTest, TimesThatAreApartButWithinTheirBandsAreCounted)
{
    const auto answers = [](Duration time) {
        ATrace trace;
        return trace.asks({}).after(time).answered(200);
    };
    EXPECT_EQ(times(compared(answers(1s), answers(1200ms))), 1u);
    EXPECT_EQ(times(compared(answers(1s), answers(1s))), 0u);
    EXPECT_EQ(times(compared(answers(1s), answers(2s))), 0u);
}

TEST(ExchangeComparisonTest, APauseMayAgreeFromTheBeginningOrFromTheEndOfWhatWentBefore)
{
    const auto trace = [](Duration transfer, Duration pause) {
        ATrace t;
        return t.reads("basic.txt").after(transfer - 1ms).block(1, 60).after(pause - 1ms).logs("done");
    };
    const auto titles = [&](Duration transfer, Duration pause) {
        std::vector<std::string> all;
        for (const Finding& finding : compared(trace(2s, 10s), trace(transfer, pause)).findings)
            all.push_back(titleOf(finding.first));
        return all;
    };
    EXPECT_THAT(titles(5s, 10s), ElementsAre("answer time of tftp.data"));
    EXPECT_THAT(titles(5s, 7s), ElementsAre("answer time of tftp.data"));
    EXPECT_THAT(titles(5s, 8s), ElementsAre("answer time of tftp.data", "pause time of syslog.message"));
}

TEST(ExchangeComparisonTest, APauseMayAgreeFromTheLastExchangeOfItsLayer)
{
    const auto trace = [](Duration until) {
        ATrace t;
        return t.logs("alpha").after(until).asks({}).after(60s - until).logs("beta");
    };
    const Comparison c = compared(trace(10s), trace(50s));
    ASSERT_EQ(c.findings.size(), 1u);
    EXPECT_EQ(titleOf(c.findings.front().first), "pause time of http.request");
    EXPECT_EQ(c.findings.front().first.a.value, "10 s");
    EXPECT_EQ(c.findings.front().first.b.value, "50 s");
    EXPECT_THAT(c.findings.front().first.detail, testing::EndsWith("alpha"));
}

// What the rig notes of its runs.
ATrace& rig(ATrace& trace, EventKind kind)
{
    return trace.seenBy(Observer::Rig).add(kind, {}, {}, {}, {}).seenBy(Observer::Wire);
}

TEST(ExchangeComparisonTest, NoPauseIsMeasuredFromOneRunToTheNext)
{
    const auto trace = [](Duration between) {
        ATrace t;
        rig(t, EventKind::RunBegin).logs("one");
        return rig(t.after(between), EventKind::RunBegin).logs("two").after(1s).logs("three");
    };
    EXPECT_TRUE(compared(trace(1s), trace(60s)).isEqual());
}

TEST(ExchangeComparisonTest, WhatCameWithinTwentyMillisecondsOfTheOthersEndIsSetAside)
{
    ATrace ends;
    ends.logs("one").after(100ms);
    rig(ends, EventKind::RunEnd);
    const auto longer = [](Duration time) {
        ATrace t;
        return t.logs("one").after(time - 1ms).logs("two");
    };
    EXPECT_THAT(rootsOf(longer(80ms), ends), ElementsAre("missing syslog.message"));
    EXPECT_THAT(rootsOf(longer(81ms), ends), IsEmpty());
    EXPECT_THAT(rootsOf(ends, longer(80ms)), ElementsAre("extra syslog.message"));
    EXPECT_THAT(rootsOf(ends, longer(81ms)), IsEmpty());
}

TEST(ExchangeComparisonTest, ACaptureIsNotKnownToHaveEndedThoughItsDecodedFormEnds)
{
    const auto trace = [](const std::string& target, bool longer) {
        ATrace t;
        t.seenBy(Observer::Rig).add(EventKind::RunBegin, {}, {}, {{FieldName::Target, target}}, {});
        t.seenBy(Observer::Wire).logs("one");
        if (longer)
            t.logs("two");
        return rig(t, EventKind::RunEnd);
    };
    EXPECT_THAT(rootsOf(trace("net", true), trace("net", false)), IsEmpty());
    EXPECT_THAT(rootsOf(trace("capture", true), trace("capture", false)),
                ElementsAre("missing syslog.message"));
}

TEST(ExchangeComparisonTest, ARunThatTheOtherDoesNotHaveIsMissingThoughTheOtherHadEnded)
{
    const auto trace = [](bool another) {
        ATrace t;
        rig(rig(t, EventKind::RunBegin).logs("one"), EventKind::RunEnd);
        if (another)
            rig(rig(t, EventKind::RunBegin).logs("two"), EventKind::RunEnd);
        return t;
    };
    EXPECT_THAT(rootsOf(trace(true), trace(false)), ElementsAre("missing syslog.message"));
    EXPECT_THAT(rootsOf(trace(false), trace(true)), ElementsAre("extra syslog.message"));
}

TEST(ExchangeComparisonTest, AMissingMessageIsShownByWhatTellsItFromOthers)
{
    const auto trace = [](bool whole) {
        ATrace t;
        t.reads("basic.txt").block(1, 512);
        return whole ? t.block(2, 60) : t;
    };
    const Comparison c = compared(trace(true), trace(false));
    ASSERT_EQ(c.findings.size(), 2u);
    EXPECT_EQ(titleOf(c.findings[0].first), "missing tftp.data");
    EXPECT_EQ(c.findings[0].first.a.value, "block 2");
    EXPECT_EQ(c.findings[0].first.where, "basic.txt");
    EXPECT_EQ(titleOf(c.findings[1].first), "missing tftp.ack");
    ATrace a;
    ATrace b;
    a.notified("1 NOTIFY", 401, "Unauthorized");
    b.notified("1 NOTIFY", 200, "OK");
    EXPECT_EQ(compared(a, b).findings.front().first.a.value, "status 401, reason Unauthorized");
}

TEST(ExchangeComparisonTest, AnExchangeIsNamedByItsKeyOnTheSideThatHasIt)
{
    ATrace a;
    ATrace b;
    a.logs("one").asks({});
    b.logs("one");
    const Difference missing = compared(a, b).findings.front().first;
    EXPECT_EQ(missing.where, "GET /basic.txt");
    EXPECT_TRUE(missing.fromPhone);
    EXPECT_EQ(missing.a.value, "GET /basic.txt");
    EXPECT_TRUE(missing.a.present);
    EXPECT_EQ(missing.a.event, 1u);
    EXPECT_FALSE(missing.b.present);
    EXPECT_EQ(missing.b.event, std::nullopt);
    const Difference extra = compared(b, a).findings.front().first;
    EXPECT_EQ(extra.where, "GET /basic.txt");
    EXPECT_EQ(extra.b.value, "GET /basic.txt");
    EXPECT_TRUE(extra.b.present);
    EXPECT_EQ(extra.b.event, 1u);
    EXPECT_FALSE(extra.a.present);
}

TEST(ExchangeComparisonTest, WhatThePhoneSendsIsNotWhatItsServerSends)
{
    ATrace a;
    ATrace b;
    a.reads("basic.txt").got(EventKind::TftpError, 4000, {{FieldName::Code, 0}});
    b.reads("basic.txt").sent(EventKind::TftpError, 4000, {{FieldName::Code, 0}}, true);
    const Comparison c = compared(a, b);
    ASSERT_EQ(c.findings.size(), 2u);
    EXPECT_EQ(titleOf(c.findings[0].first), "missing tftp.error");
    EXPECT_EQ(titleOf(c.findings[1].first), "extra tftp.error");
}

TEST(ExchangeComparisonTest, OnlyWhatCameBeforeIsCalledARetransmission)
{
    const auto trace = [](int times) {
        ATrace t;
        t.reads("basic.txt");
        for (int i = 1; i < times; ++i)
            t.after(2s).reads("basic.txt", "", true);
        return t;
    };
    EXPECT_THAT(rootsOf(trace(1), trace(2)), ElementsAre("extra retransmission of tftp.read"));
    EXPECT_THAT(rootsOf(trace(2), trace(1)), ElementsAre("missing retransmission of tftp.read"));
}

}  // namespace
}  // namespace hwbridge
