#include "hwbridge/compare/message_comparison.hpp"

#include "hwbridge/compare/header_lines.hpp"
#include "tests/hwbridge/compare/a_trace.hpp"

namespace hwbridge {
namespace {

using emulator::EventKind;
using emulator::FieldName;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(MessageComparisonTest, ALongValueIsCutBetweenCharacters)
{
    EXPECT_EQ(shownValue("four", 4), "four");
    EXPECT_EQ(shownValue("fives", 4), "five\xe2\x80\xa6 (5 bytes)");
    EXPECT_EQ(shownValue("abc\xc3\xa9", 4), "abc\xe2\x80\xa6 (5 bytes)");
    EXPECT_EQ(shownValue("\xe2\x82\xac", 2), "\xe2\x80\xa6 (3 bytes)");
}

TEST(MessageComparisonTest, WhatIsLeftOfTwoTextsAreTheWordsThatDiffer)
{
    EXPECT_THAT(fragmentsOf("/a/basic.txt?x", "/a/wrong.txt?x"), Pair("basic.txt", "wrong.txt"));
    EXPECT_THAT(fragmentsOf("GET /x HTTP", "GET /y HTTP"), Pair("x", "y"));
    EXPECT_THAT(fragmentsOf("one two", "one two three"), Pair("two", "two three"));
    EXPECT_THAT(fragmentsOf("one two", "zero one two"), Pair("one", "zero one"));
    EXPECT_THAT(fragmentsOf("a  b", "a b"), Pair(" b", "b"));
    EXPECT_THAT(fragmentsOf("aa", "aaa"), Pair("aa", "aaa"));
    EXPECT_EQ(fragmentsOf("", std::string(200, 'x')).second.size(), 120u);
}

// A request with these fields alone, from the phone or to it.
ATrace request(const ATrace::Fields& fields, bool fromPhone = true)
{
    ATrace trace;
    trace.logs("System started");
    const auto phone = *emulator::Endpoint::parse("10.0.0.1:40000", 0);
    const auto other = *emulator::Endpoint::parse("10.0.0.9:80", 0);
    return trace.add(EventKind::HttpRequest, fromPhone ? phone : other, fromPhone ? other : phone, fields,
                     {9, 0, 1});
}
std::vector<std::string> titles(const ATrace& a, const ATrace& b)
{
    std::vector<std::string> all;
    for (const Finding& finding : compared(a, b).findings)
        all.push_back(titleOf(finding.first));
    return all;
}

const std::pair<FieldName, std::variant<std::string, std::int64_t>> method{FieldName::Method, "GET"};

TEST(MessageComparisonTest, AFieldThatOnlyOneSideHasIsADifferenceInItsPlace)
{
    const ATrace plain = request({method, {FieldName::Minor, 1}});
    const ATrace coded = request({method, {FieldName::Coding, "gzip"}, {FieldName::Minor, 0}});
    EXPECT_THAT(titles(plain, coded), ElementsAre("http.request coding", "http.request minor"));
    EXPECT_THAT(titles(coded, plain), ElementsAre("http.request coding", "http.request minor"));
}

TEST(MessageComparisonTest, FieldsMayStandInAnotherOrder)
{
    EXPECT_THAT(titles(request({method, {FieldName::Minor, 1}}), request({{FieldName::Minor, 1}, method})),
                IsEmpty());
    EXPECT_THAT(titles(request({method, {FieldName::Minor, 1}}), request({{FieldName::Minor, 0}, method})),
                ElementsAre("http.request minor"));
}

TEST(MessageComparisonTest, ANumberIsNotATextThatLooksLikeIt)
{
    EXPECT_THAT(titles(request({method, {FieldName::Minor, 1}}), request({method, {FieldName::Minor, "1"}})),
                ElementsAre("http.request minor"));
}

TEST(MessageComparisonTest, WhatARuleLeavesOutForOneSenderIsComparedForTheOther)
{
    const auto sized = [](std::int64_t bytes, bool fromPhone) {
        return request({method, {FieldName::Bytes, bytes}}, fromPhone);
    };
    EXPECT_THAT(titles(sized(10, true), sized(20, true)), ElementsAre("http.request bytes"));
    EXPECT_THAT(titles(sized(10, false), sized(20, false)), IsEmpty());
    const Comparison c = compared(sized(10, false), sized(20, false));
    ASSERT_EQ(c.aside.size(), 1u);
    EXPECT_EQ(c.aside.front().rule, "form-size");
    EXPECT_EQ(c.aside.front().count, 1u);
    EXPECT_THAT(compared(sized(10, false), sized(10, false)).aside, IsEmpty());
}

ATrace headers(const std::string& lines)
{
    return request({method, {FieldName::Headers, lines}});
}

TEST(MessageComparisonTest, HeaderFieldsThatOccurTwiceAreComparedInTheirOrder)
{
    const ATrace two = headers("X: 1\nY: 0\nX: 2\n");
    EXPECT_THAT(titles(two, headers("X: 1\nY: 0\nX: 2\n")), IsEmpty());
    EXPECT_THAT(titles(two, headers("X: 1\nY: 0\nX: 3\n")), ElementsAre("http.request header X"));
    EXPECT_THAT(titles(two, headers("X: 1\nY: 0\n")), ElementsAre("http.request header X"));
    EXPECT_THAT(titles(headers("X: 1\nY: 0\n"), two), ElementsAre("http.request header X"));
}

TEST(MessageComparisonTest, SpacesAroundAHeaderFieldsValueDoNotCount)
{
    EXPECT_THAT(titles(headers("X: 1\n"), headers("X:\t 1 \r\n\n")), IsEmpty());
    EXPECT_THAT(titles(headers("X: 1 2\n"), headers("X: 12\n")), ElementsAre("http.request header X"));
}

TEST(MessageComparisonTest, ALineThatIsNoHeaderFieldIsComparedAsAWhole)
{
    EXPECT_THAT(titles(headers("nonsense\n"), headers("nonsense\n")), IsEmpty());
    EXPECT_THAT(titles(headers("nonsense\n"), headers("others\n")), ElementsAre("http.request header "));
}

TEST(MessageComparisonTest, TheOrderOfHeaderFieldsThatBothHaveIsShownOfBoth)
{
    const Comparison c = compared(headers("A: 1\nB: 2\nC: 3\n"), headers("C: 3\nX: 4\nA: 1\nB: 2\n"));
    ASSERT_EQ(c.findings.size(), 2u);
    EXPECT_EQ(titleOf(c.findings[0].first), "http.request header X");
    EXPECT_EQ(titleOf(c.findings[1].first), "http.request header order");
    EXPECT_EQ(c.findings[1].first.a.value, "A, B, C");
    EXPECT_EQ(c.findings[1].first.b.value, "C, A, B");
}

TEST(MessageComparisonTest, CountsForEachRuleWhatItSetsAside)
{
    const Comparison c = compared(headers("Date: then\nCookie: 1\n"), headers("Date: now\nCookie: 1\n"));
    ASSERT_EQ(c.aside.size(), 1u);
    EXPECT_EQ(c.aside.front().rule, "date-header");
    EXPECT_EQ(c.aside.front().count, 1u);
}

}  // namespace
}  // namespace hwbridge
