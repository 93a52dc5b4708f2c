#include "hwbridge/compare/known_deviations.hpp"

#include "tests/hwbridge/compare/a_trace.hpp"

namespace hwbridge {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view load = "sip7832.11-3-1MPP-678";

std::vector<KnownDeviation> known(std::string_view text)
{
    KnownReading reading = readKnownDeviations("known.yaml", text);
    EXPECT_THAT(reading.problems, IsEmpty());
    return std::move(reading.known).value_or(std::vector<KnownDeviation>{});
}

// A phone that names itself otherwise than its twin does.
Comparison otherAgent()
{
    ATrace twin;
    ATrace real;
    twin.asks({}).answered(200);
    real.asks({.userAgent = "Linksys/1.0"}).answered(200);
    return compared(twin, real);
}

SortedRoots sorted(const Comparison& comparison, std::string_view text)
{
    return sortRoots(comparison, known(text), "CP-7832-3PCC", load);
}

TEST(KnownDeviationsTest, ADifferenceThatIsKnownIsExpected)
{
    const Comparison comparison = otherAgent();
    for (const std::string_view text :
         {"agent: { kind: http.request, why: w }", "agent: { kind: http.request, field: user_agent, why: w }",
          "agent: { kind: http.request, difference: field, twin: Cisco-, real: 'Linksys/{number}', why: w }",
          "agent: { kind: http.request, model: CP-7832-3PCC, firmware: 11.3.1, why: w }",
          "agent: { kind: http.request, firmware: 11-3-1MPP-678, why: w }"}) {
        const SortedRoots roots = sorted(comparison, text);
        EXPECT_THAT(roots.unexpected, IsEmpty()) << text;
        EXPECT_THAT(roots.expected, SizeIs(1)) << text;
    }
}

TEST(KnownDeviationsTest, ADifferenceOfAnotherKindValueOrPhoneIsNot)
{
    const Comparison comparison = otherAgent();
    for (const std::string_view text :
         {"agent: { kind: tftp.read, why: w }", "agent: { kind: http.request, field: host, why: w }",
          "agent: { kind: http.request, real: Sipura, why: w }",
          "agent: { kind: http.request, difference: missing, why: w }",
          "agent: { kind: http.request, model: CP-7841-3PCC, why: w }",
          "agent: { kind: http.request, firmware: 12.0.1, why: w }"})
        EXPECT_THAT(sorted(comparison, text).unexpected, SizeIs(1)) << text;
}

TEST(KnownDeviationsTest, OneThatShouldHaveShownAndDidNotIsGone)
{
    ATrace twin;
    ATrace real;
    twin.asks({}).answered(200);
    real.asks({}).answered(200);
    const Comparison comparison = compared(twin, real);
    EXPECT_THAT(sorted(comparison, "agent: { kind: http.request, why: w }").gone, ElementsAre(0u));
    EXPECT_THAT(sorted(comparison, "mode: { kind: tftp.read, why: w }").gone, IsEmpty());
    EXPECT_THAT(sorted(comparison, "agent: { kind: http.request, model: CP-7841-3PCC, why: w }").gone,
                IsEmpty());
}

TEST(KnownDeviationsTest, WhatIsWrongWithTheFileIsSaidWithItsPlace)
{
    EXPECT_THAT(readKnownDeviations("known.yaml", "a: { kind: http.request }").problems,
                ElementsAre(HasSubstr("known.yaml:1:4: found no why")));
    EXPECT_THAT(readKnownDeviations("known.yaml", "a: { kind: x, why: y, difference: mising }").problems,
                ElementsAre(HasSubstr("did you mean \"missing\"?")));
    EXPECT_THAT(readKnownDeviations("known.yaml", "[").problems, SizeIs(1));
}

}  // namespace
}  // namespace hwbridge
