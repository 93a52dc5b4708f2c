#include "hwbridge/compare/exchange_pairing.hpp"

#include "tests/hwbridge/compare/a_trace.hpp"

// Which exchange of one trace is taken for which of the other, as the differences tell.

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::EventKind;
using emulator::FieldName;
using emulator::Observer;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::vector<std::string> titlesOf(const Comparison& comparison)
{
    std::vector<std::string> titles;
    for (const Finding& finding : comparison.findings)
        titles.push_back(titleOf(finding.first));
    return titles;
}

// A line before or behind so many others.
ATrace lineBefore(int others)
{
    ATrace trace;
    trace.logs("the line");
    for (int i = 0; i < others; ++i)
        trace.logs("line " + std::to_string(i));
    return trace;
}
ATrace lineBehind(int others)
{
    ATrace trace;
    for (int i = 0; i < others; ++i)
        trace.logs("line " + std::to_string(i));
    return trace.logs("the line");
}

TEST(ExchangePairingTest, WhatStandsAtMost64ExchangesAwayWasMoved)
{
    EXPECT_THAT(rootsOf(lineBefore(64), lineBehind(64)), ElementsAre("order of syslog.message"));
    EXPECT_THAT(rootsOf(lineBehind(64), lineBefore(64)), ElementsAre("order of syslog.message"));
    const auto both = UnorderedElementsAre("missing syslog.message", "extra syslog.message");
    EXPECT_THAT(rootsOf(lineBefore(65), lineBehind(65)), both);
    EXPECT_THAT(rootsOf(lineBehind(65), lineBefore(65)), both);
}

TEST(ExchangePairingTest, OneExchangeIsMovedOnce)
{
    const auto both = UnorderedElementsAre("order of syslog.message", "extra syslog.message");
    EXPECT_THAT(rootsOf(lineBefore(9), lineBehind(9).logs("the line")), both);
}

TEST(ExchangePairingTest, WhatWasMovedIsNotTakenForWhatStandsInItsPlace)
{
    ATrace b;
    b.logs("another line");
    for (int i = 0; i < 9; ++i)
        b.logs("line " + std::to_string(i));
    EXPECT_THAT(titlesOf(compared(lineBefore(9), b.logs("the line"))),
                UnorderedElementsAre("order of syslog.message", "extra syslog.message"));
}

TEST(ExchangePairingTest, AnotherOrderAtOneInstantIsADifferenceToo)
{
    ATrace a;
    ATrace b;
    a.logs("begin").asks({.target = "/one"}).asks({.target = "/two"});
    b.logs("begin").asks({.target = "/two"}).asks({.target = "/one"});
    EXPECT_THAT(rootsOf(a, b), ElementsAre("order of http.request"));
}

TEST(ExchangePairingTest, AMoveNamesWhatWasPassedOnEitherSide)
{
    const Comparison c = compared(lineBefore(3), lineBehind(3));
    const Difference& moved = c.findings.front().first;
    EXPECT_THAT(moved.a.value, testing::ContainsRegex("^before syslog.message .*line 0$"));
    EXPECT_THAT(moved.b.value, testing::ContainsRegex("^after syslog.message .*line 0$"));
    const Difference back = compared(lineBehind(3), lineBefore(3)).findings.front().first;
    EXPECT_THAT(back.a.value, testing::ContainsRegex("^after syslog.message .*line 2$"));
    EXPECT_THAT(back.b.value, testing::ContainsRegex("^before syslog.message .*line 2$"));
}

TEST(ExchangePairingTest, ParametersMayComeInAnyOrder)
{
    const auto trace = [](bool first) {
        ATrace t{Observer::Phone};
        const auto sets = [&](const std::string& name) {
            t.add(EventKind::PhoneParam, {}, {}, {{FieldName::Param, name}, {FieldName::Value, "1"}}, {});
        };
        if (first)
            sets("Resync_Periodic");
        for (int i = 0; i < 70; ++i)
            sets("GPP_" + std::to_string(i));
        if (!first)
            sets("Resync_Periodic");
        return t;
    };
    EXPECT_TRUE(compared(trace(true), trace(false)).isEqual());
    EXPECT_TRUE(compared(trace(false), trace(true)).isEqual());
}

TEST(ExchangePairingTest, AServerMayHearOfThingsInAnotherOrderWithinAQuarterOfASecond)
{
    const auto trace = [](emulator::Duration apart, bool swapped) {
        ATrace t{Observer::Server};
        t.logs("begin");
        if (swapped)
            return t.after(1ms).asks({}).after(apart - 1ms).logs("end");
        return t.logs("end").after(apart).asks({});
    };
    const auto roots = [&](emulator::Duration a, emulator::Duration b) {
        return rootsOf(trace(a, false), trace(b, true)).size();
    };
    EXPECT_EQ(roots(250ms, 250ms), 0u);
    EXPECT_EQ(roots(251ms, 250ms), 1u);
    EXPECT_EQ(roots(250ms, 251ms), 1u);
}

TEST(ExchangePairingTest, WhatABrowserBeginsMayChangePlacesWithinASecond)
{
    const auto trace = [](emulator::Duration page) {
        const auto opens = [](ATrace& t) {
            t.add(EventKind::HttpRequest, *emulator::Endpoint::parse("10.0.0.5:50000", 0),
                  *emulator::Endpoint::parse("10.0.0.1:80", 0),
                  {{FieldName::Method, "GET"}, {FieldName::Target, "/"}}, {9, 0, 1});
        };
        ATrace t;  // the second line comes after three seconds
        t.logs("one");
        if (page < 3s) {
            opens(t.after(page));
            return t.after(3s - page - 1ms).logs("two");
        }
        t.after(3s - 1ms).logs("two");
        opens(t.after(page - 3s));
        return t;
    };
    EXPECT_THAT(rootsOf(trace(2s), trace(4s)), IsEmpty());
    EXPECT_THAT(rootsOf(trace(1999ms), trace(4s)), ElementsAre("order of http.request"));
    EXPECT_THAT(rootsOf(trace(2s), trace(4001ms)), ElementsAre("order of http.request"));
}

// One resync, that asks for all of these.
ATrace asksFor(const std::vector<std::pair<std::string, std::string>>& requests)
{
    ATrace trace;
    trace.logs("begin");
    for (const auto& [method, target] : requests)
        trace.asks({.method = method, .target = target});
    return trace.logs("end");
}

TEST(ExchangePairingTest, TheOnlyRequestOfAPlaceIsTheSameOneThoughMuchIsChanged)
{
    const auto titles = [](const std::string& method, const std::string& target) {
        return titlesOf(compared(asksFor({{"GET", "/abcdefgh"}}), asksFor({{method, target}})));
    };
    EXPECT_THAT(titles("GET", "/xyz"), ElementsAre("http.request target"));
    EXPECT_THAT(titles("PUT", "/abcd"), ElementsAre("http.request method", "http.request target"));
    EXPECT_THAT(titles("HEAD", "?"), UnorderedElementsAre("missing http.request", "extra http.request"));
}

TEST(ExchangePairingTest, OneRequestThatIsHardlyLikeEitherOfTwoIsNeitherOfThem)
{
    const ATrace two = asksFor({{"GET", "/one"}, {"GET", "/two"}});
    const ATrace one = asksFor({{"PUT", "/1"}});
    EXPECT_THAT(titlesOf(compared(two, one)),
                UnorderedElementsAre("missing http.request", "missing http.request", "extra http.request"));
    EXPECT_THAT(titlesOf(compared(one, two)),
                UnorderedElementsAre("missing http.request", "extra http.request", "extra http.request"));
}

TEST(ExchangePairingTest, OfSeveralRequestsThoseThatAreHalfAlikeAreTheSameOnes)
{
    const auto titles = [](const std::string& method) {
        return titlesOf(
            compared(asksFor({{"GET", "/one"}, {"GET", "/two"}}), asksFor({{method, "/1"}, {method, "/2"}})));
    };
    EXPECT_THAT(titles("GET"), ElementsAre("http.request target", "http.request target"));
    EXPECT_THAT(titles("get"), testing::Not(testing::Contains("missing http.request")));
    EXPECT_THAT(titles("PUT"), UnorderedElementsAre("missing http.request", "missing http.request",
                                                    "extra http.request", "extra http.request"));
}

TEST(ExchangePairingTest, ARequestIsTheOneMostLikeItAmongTheNextEight)
{
    const auto chosen = [](std::size_t others) {
        std::vector<std::pair<std::string, std::string>> all(others, {"GET", "/"});
        for (std::size_t i = 0; i < others; ++i)
            all[i].second += static_cast<char>('a' + i);
        all.emplace_back("GET", "/spa/basic.xml");
        const Comparison c = compared(asksFor({{"GET", "/spa/basic.txt"}}), asksFor(all));
        EXPECT_EQ(c.findings.size(), others + 1);
        for (const Finding& finding : c.findings)
            if (finding.first.field == "target")
                return finding.first.b.value;
        return std::string{"none"};
    };
    EXPECT_EQ(chosen(1), "/spa/basic.xml");
    EXPECT_EQ(chosen(7), "/spa/basic.xml");
    EXPECT_EQ(chosen(8), "/a");  // the ninth is too far
}

TEST(ExchangePairingTest, WhatAPhoneAsksIsNeverWhatIsAskedOfIt)
{
    ATrace a;
    a.logs("begin").asks({.target = "/one"});
    ATrace b;
    b.logs("begin");
    b.add(EventKind::HttpRequest, *emulator::Endpoint::parse("10.0.0.5:50000", 0),
          *emulator::Endpoint::parse("10.0.0.1:80", 0),
          {{FieldName::Method, "GET"}, {FieldName::Target, "/one"}}, {9, 0, 1});
    EXPECT_THAT(titlesOf(compared(a, b)), ElementsAre("missing http.request", "extra http.request"));
}

}  // namespace
}  // namespace hwbridge
