#include "scenarios/report/html_report.hpp"

#include "tests/scenarios/report/report_case.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using emulator::EventKind;
using emulator::FieldName;
using testing::HasSubstr;
using testing::Not;

std::string reportOf(std::vector<CaseResult> cases)
{
    return htmlReport(cases, {"0.1.0"});
}

std::string reportOf(CaseResult one)
{
    std::vector<CaseResult> cases;
    cases.push_back(std::move(one));
    return reportOf(std::move(cases));
}

// The ladders of a report, as XML.
std::vector<std::string> ladders(const std::string& html)
{
    std::vector<std::string> all;
    for (std::size_t at = html.find("<svg"); at != std::string::npos; at = html.find("<svg", at + 1))
        all.push_back(html.substr(at, html.find("</svg>", at) + 6 - at));
    return all;
}

TEST(HtmlReportTest, SaysEveryVerdictInWords)
{
    std::vector<CaseResult> cases;
    for (const Verdict verdict : {Verdict::Passed, Verdict::Failed, Verdict::Invalid, Verdict::Skipped}) {
        cases.push_back(ReportCase{verdict}.result);
        if (verdict != Verdict::Passed)
            cases.back().causes = {"why it is " + std::string{name(verdict)}};
    }
    const std::string html = reportOf(std::move(cases));
    for (const char* verdict : {"passed", "failed", "invalid", "skipped"})
        EXPECT_THAT(html, HasSubstr(std::string{"<b>1</b>"} + verdict));
    for (const char* why : {"why it is failed", "why it is invalid", "why it is skipped"})
        EXPECT_THAT(html, HasSubstr(why));
}

TEST(HtmlReportTest, CountsExpectationsByHowTheyEnded)
{
    ReportCase a{Verdict::Failed};
    a.step("power on", false, StepStatus::Done);
    a.step("expect one", true, StepStatus::Met);
    a.step("expect two", true, StepStatus::Met);
    a.step("expect three", true, StepStatus::Unobserved, "no door");
    a.step("expect four", true, StepStatus::Failed, "nothing came");
    a.step("expect five", true, StepStatus::NotRun);
    const std::string html = reportOf(std::move(a.result));
    EXPECT_THAT(html, HasSubstr("expectations: 2 met, 1 failed, 1 unobserved, 1 not run"));
    EXPECT_THAT(html, HasSubstr("nothing came"));
    EXPECT_THAT(html, HasSubstr("no door"));
}

TEST(HtmlReportTest, SaysOnceWhatAllScenariosHaveInCommon)
{
    std::vector<CaseResult> cases;
    cases.push_back(ReportCase{}.result);
    cases.push_back(ReportCase{}.result);
    EXPECT_THAT(reportOf(std::move(cases)), HasSubstr("; on sim; seed 7; phonerig 0.1.0"));

    std::vector<CaseResult> mixed;
    mixed.push_back(ReportCase{}.result);
    mixed.push_back(ReportCase{}.result);
    mixed.back().target = "net";
    EXPECT_THAT(reportOf(std::move(mixed)), Not(HasSubstr("; on ")));
}

TEST(HtmlReportTest, ShowsAScriptInASyslogLineAsText)
{
    ReportCase a;
    a.sent(EventKind::SyslogMessage, 0ms, {{FieldName::Text, "<script>alert(1)</script></svg>\x01 & \"'"}});
    const std::string html = reportOf(std::move(a.result));
    EXPECT_THAT(html, Not(HasSubstr("<script>alert")));
    EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
    const std::vector<std::string> svgs = ladders(html);
    ASSERT_EQ(svgs.size(), 1u);
    EXPECT_TRUE(isWellFormed(svgs[0]));
}

TEST(HtmlReportTest, HasAtMostSixteenLaddersEachOfThemXml)
{
    ReportCase a{Verdict::Passed, 200};
    a.sent(EventKind::TftpRead, 0ms, {{FieldName::File, "basic.txt"}});
    const std::vector<std::string> svgs = ladders(reportOf(std::move(a.result)));
    EXPECT_EQ(svgs.size(), maxLadderPhones);
    for (const std::string& svg : svgs)
        EXPECT_TRUE(isWellFormed(svg));
}

TEST(HtmlReportTest, StaysSmallHoweverMuchHappened)
{
    ReportCase a{Verdict::Passed, 16};
    for (int i = 0; i < 100'000; ++i)
        a.sent(EventKind::SyslogMessage, 1s * i, {{FieldName::Text, std::string(1000, 'x')}});
    EXPECT_LT(reportOf(std::move(a.result)).size(), 2'000'000u);
}

TEST(HtmlReportTest, OfNothingIsStillAReport)
{
    EXPECT_THAT(reportOf(std::vector<CaseResult>{}), HasSubstr("0 scenarios"));
}

}  // namespace
}  // namespace scenarios
