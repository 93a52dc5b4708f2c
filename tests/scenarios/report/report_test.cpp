#include "scenarios/report/html_report.hpp"
#include "scenarios/report/junit.hpp"
#include "scenarios/report/ladder.hpp"

#include <expat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using emulator::EventKind;
using emulator::FieldName;
using emulator::Observer;
using emulator::TraceEvent;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* hostile = "<script>alert(\"x\")</script> & ]]> \x01 \xff";
constexpr emulator::Endpoint server{{0xc000020a}, 69};

// What expat reads back: how often each element came, and the attributes of the last of each.
struct Parsed {
    bool wellFormed = false;
    std::map<std::string, int> elements;
    std::map<std::string, std::map<std::string, std::string>> attributes;
};

Parsed parsed(const std::string& xml)
{
    Parsed result;
    const std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser{
        XML_ParserCreate(nullptr), &XML_ParserFree};
    XML_SetUserData(parser.get(), &result);
    XML_SetStartElementHandler(parser.get(),
                               [](void* user, const XML_Char* name, const XML_Char** attributes) {
                                   auto& into = *static_cast<Parsed*>(user);
                                   ++into.elements[name];
                                   for (; *attributes != nullptr; attributes += 2)
                                       into.attributes[name][attributes[0]] = attributes[1];
                               });
    result.wellFormed =
        XML_Parse(parser.get(), xml.data(), static_cast<int>(xml.size()), XML_TRUE) == XML_STATUS_OK;
    return result;
}

CaseResult aCase(Verdict verdict, std::string title = "A title", std::size_t phones = 1)
{
    CaseResult result;
    result.file = "library/a-case.yaml";
    result.title = std::move(title);
    result.covers = {"EX-TFTP-RESYNC"};
    result.target = "sim";
    result.seed = 7;
    result.verdict = verdict;
    result.wallTook = 1500ms;
    if (verdict != Verdict::Passed)
        result.causes = {"the cause"};
    for (std::size_t i = 0; i < phones; ++i)
        result.phones.push_back({"phone" + std::to_string(i + 1), "phone", "CP-7832-3PCC",
                                 emulator::MacAddress{{0, 0x0e, 8, 0, 0, 1}}.plus(i),
                                 emulator::IpAddress{0x0a4e0001 + static_cast<std::uint32_t>(i)}});
    result.servers.push_back({"tftp", fixtures::ServerKind::Tftp, server});
    return result;
}

void addEvent(CaseResult& result, EventKind kind,
              std::vector<std::pair<FieldName, emulator::FieldValue>> fields, bool fromPhone = true,
              Observer by = Observer::Phone, std::size_t phone = 0)
{
    TraceEvent event;
    event.kind = kind;
    event.by = by;
    event.phone = result.phones.at(phone).mac;
    event.exchange = {1, 0, 1};
    const emulator::Endpoint own{result.phones.at(phone).address, 0};
    event.from = fromPhone ? own : server;
    event.to = fromPhone ? server : own;
    for (const auto& [field, value] : fields)
        event.fields.push_back({field, value});
    result.events.add(event);
}

TEST(JunitTest, IsReadBackWithItsCounts)
{
    std::vector<CaseResult> cases;
    for (const Verdict verdict :
         {Verdict::Passed, Verdict::Failed, Verdict::Invalid, Verdict::Skipped, Verdict::Passed})
        cases.push_back(aCase(verdict));
    cases.back().target = "net";
    const Parsed xml = parsed(junitXml(cases));
    ASSERT_TRUE(xml.wellFormed);
    EXPECT_EQ(xml.elements.at("testsuite"), 2);
    EXPECT_EQ(xml.elements.at("testcase"), 5);
    EXPECT_EQ(xml.elements.at("failure"), 1);
    EXPECT_EQ(xml.elements.at("error"), 1);
    EXPECT_EQ(xml.elements.at("skipped"), 1);
    const auto& all = xml.attributes.at("testsuites");
    EXPECT_EQ(all.at("tests"), "5");
    EXPECT_EQ(all.at("failures"), "1");
    EXPECT_EQ(all.at("errors"), "1");
    EXPECT_EQ(all.at("skipped"), "1");
    EXPECT_EQ(all.at("time"), "7.500");
    EXPECT_EQ(xml.attributes.at("testcase").at("classname"), "net.a-case");
    EXPECT_EQ(xml.attributes.at("failure").at("message"), "the cause");
}

TEST(JunitTest, HoldsTheNotices)
{
    std::vector<CaseResult> cases;
    cases.push_back(aCase(Verdict::Passed));
    cases.back().notices = {"as known (old-agent: reported): differs"};
    EXPECT_THAT(junitXml(cases),
                HasSubstr("note: as known (old-agent: reported): differs&#10;</system-out>"));
}

TEST(JunitTest, StaysXmlWhateverTheTextsHold)
{
    std::vector<CaseResult> cases;
    cases.push_back(aCase(Verdict::Failed, hostile));
    cases.back().causes = {hostile};
    cases.back().file = hostile;
    cases.back().covers = {hostile};
    StepResult step;
    step.text = step.note = hostile;
    cases.back().steps.push_back(step);
    const Parsed xml = parsed(junitXml(cases));
    EXPECT_TRUE(xml.wellFormed);
    EXPECT_THAT(xml.attributes.at("testcase").at("name"), HasSubstr("<script>alert(\"x\")</script> & ]]>"));
    EXPECT_EQ(xml.elements.count("script"), 0u);
}

TEST(HtmlReportTest, EscapesEveryText)
{
    std::vector<CaseResult> cases;
    for (int i = 0; i < 2; ++i) {
        CaseResult one = aCase(Verdict::Failed, hostile);
        one.file = one.causes[0] = hostile;
        one.covers = one.notices = {hostile};
        one.phones[0].name = one.phones[0].model = hostile;
        one.servers[0].name = hostile;
        StepResult step;
        step.text = step.note = hostile;
        step.status = StepStatus::Failed;
        step.outcomes.push_back({PhoneNumber{0}, hostile});
        step.phones = 1;
        one.steps.push_back(step);
        addEvent(one, EventKind::TftpRead, {{FieldName::File, std::string_view{hostile}}});
        addEvent(one, EventKind::PhoneState, {{FieldName::State, std::string_view{hostile}}});
        addEvent(one, EventKind::RigStep, {{FieldName::Step, std::string_view{hostile}}}, true,
                 Observer::Rig);
        addEvent(one, EventKind::ServerFault, {{FieldName::Fault, std::string_view{hostile}}}, false,
                 Observer::Server);
        cases.push_back(std::move(one));
    }
    const std::string html = htmlReport(cases, {hostile, hostile});
    EXPECT_THAT(html, Not(HasSubstr("<script>alert")));
    EXPECT_THAT(html, Not(HasSubstr("\x01")));
    EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert("));
}

TEST(HtmlReportTest, NeedsNothingBesideItself)
{
    std::vector<CaseResult> cases;
    cases.push_back(aCase(Verdict::Passed));
    addEvent(cases.back(), EventKind::TftpRead, {{FieldName::File, std::string_view{"basic.txt"}}});
    const std::string html = htmlReport(cases, {"0.1.0"});
    for (const char* outside : {"src=", "<link", "@import", "url(", "http://", "https://"})
        EXPECT_THAT(html, Not(HasSubstr(outside)));
    EXPECT_THAT(html, HasSubstr("prefers-color-scheme: dark"));
    EXPECT_THAT(html, HasSubstr("@media print"));
}

TEST(HtmlReportTest, ShowsWhatWasSeenInsteadAndByWhom)
{
    std::vector<CaseResult> cases;
    cases.push_back(aCase(Verdict::Failed, "t", 30));
    StepResult step;
    step.text = "expect GPP_A is \"1\"";
    step.expectation = true;
    step.status = StepStatus::Failed;
    step.phones = 30;
    step.met = 27;
    step.outcomes = {{PhoneNumber{19}, "GPP_A is \"2\""}, {PhoneNumber{25}, "GPP_A is \"3\""}};
    cases.back().steps.push_back(step);
    addEvent(cases.back(), EventKind::TftpRead, {{FieldName::File, std::string_view{"basic.txt"}}});
    const std::string html = htmlReport(cases, {"0.1.0"});
    EXPECT_THAT(html, HasSubstr("phone20: GPP_A is &quot;2&quot;"));
    EXPECT_THAT(html, HasSubstr("and 1 phone more"));
    EXPECT_THAT(html, HasSubstr("16 of 30 phones are shown"));
    // Who failed comes first.
    EXPECT_LT(html.find(">phone20</label>"), html.find(">phone1</label>"));
}

TEST(LadderTest, DrawsEachMessageOnceAsThePhoneSawIt)
{
    CaseResult result = aCase(Verdict::Passed, "t", 2);
    addEvent(result, EventKind::TftpRead, {{FieldName::File, std::string_view{"basic.txt"}}});
    addEvent(result, EventKind::TftpRead, {{FieldName::File, std::string_view{"basic.txt"}}}, true,
             Observer::Server);
    addEvent(result, EventKind::TftpRead, {{FieldName::File, std::string_view{"other"}}}, true,
             Observer::Phone, 1);
    addEvent(result, EventKind::TftpError,
             {{FieldName::Code, std::int64_t{1}}, {FieldName::Text, std::string_view{"no"}}}, false);
    const Ladder ladder = ladderOf(result, PhoneNumber{0});
    EXPECT_THAT(ladder.lanes, ElementsAre("phone1", "tftp"));
    ASSERT_EQ(ladder.rows.size(), 2u);
    EXPECT_EQ(ladder.rows[0].text, "read basic.txt");
    EXPECT_TRUE(ladder.rows[0].toPeer);
    EXPECT_EQ(ladder.rows[0].peer, 1u);
    EXPECT_EQ(ladder.rows[1].text, "error 1 no");
    EXPECT_FALSE(ladder.rows[1].toPeer);
    EXPECT_TRUE(ladder.rows[1].bad);
}

TEST(LadderTest, FoldsTheBlocksOfALongTransfer)
{
    CaseResult result = aCase(Verdict::Passed);
    for (std::int64_t block = 1; block <= 100; ++block) {
        addEvent(result, EventKind::TftpData,
                 {{FieldName::Block, block}, {FieldName::Bytes, std::int64_t{512}}}, false);
        addEvent(result, EventKind::TftpAck, {{FieldName::Block, block}});
    }
    const Ladder ladder = ladderOf(result, PhoneNumber{0});
    ASSERT_EQ(ladder.rows.size(), 5u);
    EXPECT_EQ(ladder.rows[0].text, "data 1, 512 bytes");
    EXPECT_EQ(ladder.rows[2].text, "196 more blocks and acknowledgements");
    EXPECT_EQ(ladder.rows[4].text, "ack 100");
}

TEST(LadderTest, KeepsWhatTheLedShowed)
{
    CaseResult result = aCase(Verdict::Passed);
    const auto led = [&](const char* shown) {
        addEvent(result, EventKind::PhoneLed,
                 {{FieldName::Led, std::string_view{"mute"}}, {FieldName::State, std::string_view{shown}}});
    };
    led("slow blink");
    addEvent(result, EventKind::TftpRead, {{FieldName::File, std::string_view{"f"}}});
    led("off");
    const Ladder ladder = ladderOf(result, PhoneNumber{0});
    ASSERT_EQ(ladder.rows.size(), 3u);
    EXPECT_EQ(ladder.rows[0].text, "LED slow blink");
    EXPECT_EQ(ladder.rows[1].led, emulator::MuteLed::SlowBlink);
    EXPECT_EQ(ladder.rows[2].led, emulator::MuteLed::Off);
    EXPECT_THAT(ladderSvg(ladder), HasSubstr("class=\"slow\""));
    EXPECT_TRUE(parsed(ladderSvg(ladder)).wellFormed);
}

TEST(LadderTest, EndsAtItsLimitAndSaysHowMuchIsLeft)
{
    CaseResult result = aCase(Verdict::Passed);
    for (int i = 0; i < 50; ++i)
        addEvent(result, EventKind::PhoneState, {{FieldName::State, std::string_view{"idle"}}});
    const Ladder ladder = ladderOf(result, PhoneNumber{0}, 20);
    EXPECT_EQ(ladder.rows.size(), 20u);
    EXPECT_EQ(ladder.left, 30u);
}

}  // namespace
}  // namespace scenarios
