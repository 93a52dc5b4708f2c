#include "emulator/trace/ndjson.hpp"
#include "scenarios/engine/stage_factory.hpp"
#include "tests/scenarios/engine/scenario_text.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace scenarios {
namespace {

class Lines : public emulator::TraceSink {
public:
    bool wants(emulator::EventKind) const override { return true; }
    void seen(const emulator::TraceEvent& event) override { emulator::appendNdjson(text, event, m_next++); }
    std::string text;

private:
    std::uint64_t m_next = 0;
};

struct Played {
    CaseResult result;
    std::string lines;
};

Played play(const Scenario& scenario, unsigned threads = 1, std::uint64_t seed = 1)
{
    Lines lines;
    RunOptions options;
    options.events = &lines;
    StageOptions stage;
    stage.threads = threads;
    stage.seed = seed;
    CaseResult result = playOn("sim", scenario, stage, options);
    return {std::move(result), std::move(lines.text)};
}

constexpr std::string_view fleet = R"(
scenario: A fleet resyncs
phones:
  - { name: desk, model: CP-7841-3PCC, count: 5, set: { Resync_On_Reset: "No" } }
  - { name: room, model: CP-7832-3PCC, count: 6, set: { Resync_On_Reset: "No", GPP_B: "at ${tftp}" } }
servers:
  tftp:   { files: { basic.txt: "<flat-profile><GPP_A>12345678</GPP_A></flat-profile>" } }
  http:   { files: { basic.txt: "<flat-profile><GPP_A>${syslog}</GPP_A></flat-profile>" } }
  syslog: {}
steps:
  - power: on
  - expect: { param: GPP_B, is: "at ${tftp}", phones: room }
  - browse: /admin/resync?tftp://${tftp}/basic.txt
  - expect: { syslog: "*${phone.mac} -- Successful resync*" }
  - expect: { param: GPP_A, is: "12345678" }
  - browse: /admin/resync?http://http.rig.test/basic.txt
    phones: [desk, 11]
  - expect: { lookup: http.rig.test, phones: [desk, 11] }
  - expect: { request: http, target: /basic.txt, count: 6 }
  - expect: { param: GPP_A, is: "${syslog}", phones: [desk, 11] }
  - power: cycle
  - expect: { state: idle }
)";

TEST(SimStageTest, CallsMakeLinesBusyAndKeysLeadThroughTheMenus)
{
    const Played played = play(aScenario(R"(
scenario: Somebody at the phones
phones:
  - { name: desk, model: CP-7841-3PCC, count: 2, set: { Resync_On_Reset: "No" } }
servers: { tftp: { files: { basic.txt: "<flat-profile/>" } }, syslog: {} }
steps:
  - power: on
  - call: desk2/3
  - expect: { event: phone.call, where: { line: 3, state: connected }, count: 1 }
  - call: desk2/3
  - browse: /admin/status.xml
  - expect: { page: "*<Line_3_Call_Status>*Connected*</Line_3_Call_Status>*", phones: desk2 }
  - expect: { page: "*Connected*", count: 1 }
  - power: off
  - expect: { event: phone.call, where: { line: 3, state: idle }, count: 1 }
  - power: on
  - press: Applications
  - expect: { event: phone.display, where: { text: "Applications*Device administration" } }
)"));
    EXPECT_EQ(played.result.verdict, Verdict::Passed) << testing::PrintToString(played.result.causes);
}

TEST(SimStageTest, APhoneThatIsOffTakesNoCallAndAnUnknownItemFailsTheStep)
{
    const auto causesOf = [](std::string_view steps) {
        const Played played = play(
            aScenario(std::string{"scenario: t\nphones: { model: CP-7841-3PCC }\nsteps:\n"}.append(steps)));
        EXPECT_EQ(played.result.verdict, Verdict::Failed);
        return testing::PrintToString(played.result.causes);
    };
    EXPECT_THAT(causesOf("  - call: 1\n"), testing::HasSubstr("the phone is off or still starting"));
    EXPECT_THAT(causesOf("  - hang up: 1\n"), testing::HasSubstr("the phone is off or still starting"));
    EXPECT_THAT(causesOf("  - press: Applications\n"), testing::HasSubstr("the phone is off"));
    EXPECT_THAT(causesOf("  - power: on\n  - press: Applications > Games\n"),
                testing::HasSubstr("the display shows \\\"Applications|Device administration\\\""));
}

TEST(SimStageTest, PhonesLogToTheStandardPortWhereTheRigsServerIs)
{
    COVERS("SYSLOG-PORT-514");
    class Ports : public emulator::TraceSink {
    public:
        bool wants(emulator::EventKind kind) const override
        {
            return kind == emulator::EventKind::SyslogMessage;
        }
        void seen(const emulator::TraceEvent& event) override { seenBy[event.by].insert(event.to.port); }
        std::map<emulator::Observer, std::set<std::uint16_t>> seenBy;
    };
    const Scenario scenario = aScenario(R"(
scenario: A phone starts
phones: { model: CP-7832-3PCC }
servers: { syslog: {} }
steps:
  - power: on
  - expect: { syslog: "*System started*" }
  - expect: { param: Syslog_Server, matches: "192.0.2.??" }
)");
    Ports ports;
    RunOptions options;
    options.events = &ports;
    const CaseResult result = playOn("sim", scenario, {}, options);
    EXPECT_EQ(result.verdict, Verdict::Passed) << testing::PrintToString(result.causes);
    EXPECT_THAT(ports.seenBy[emulator::Observer::Server], testing::ElementsAre(514));
    EXPECT_THAT(ports.seenBy[emulator::Observer::Phone], testing::ElementsAre(514));
}

TEST(SimStageTest, PlaysAFleetOfTwoModels)
{
    const Played played = play(aScenario(fleet));
    EXPECT_EQ(played.result.verdict, Verdict::Passed) << testing::PrintToString(played.result.causes);
    EXPECT_EQ(played.result.phones.size(), 11u);
    EXPECT_EQ(played.result.phones.back().name, "room6");
}

TEST(SimStageTest, GivesTheSameBytesForAnyNumberOfThreads)
{
    const Scenario scenario = aScenario(fleet);
    const std::string one = play(scenario, 1, 42).lines;
    EXPECT_THAT(
        one, testing::StartsWith(
                 R"({"t":0.000000,"kind":"run.begin","n":0,"by":"rig","x":null,"phone":null,"schema":1,)"));
    EXPECT_THAT(one, testing::HasSubstr(R"("seed":42,"target":"sim","wall":"2026-01-01T00:00:00Z")"));
    EXPECT_EQ(play(scenario, 1, 42).lines, one);
    EXPECT_EQ(play(scenario, 2, 42).lines, one);
    EXPECT_EQ(play(scenario, 4, 42).lines, one);
}

TEST(SimStageTest, PointsThePhonesToTheSyslogServerUnlessToldOtherwise)
{
    const auto verdict = [](std::string_view set, std::string_view server) {
        return play(aScenario(
                        std::string{"scenario: t\nphones: { model: '7832', set: { Resync_On_Reset: No"}
                            .append(set)
                            .append(" } }\nservers: { tftp: {}, syslog: ")
                            .append(server)
                            .append(" }\nsteps:\n  - power: on\n  - browse: /admin/resync?tftp://${tftp}/x\n"
                                    "  - expect: { syslog: '*Requesting*', within: 1s }\n")))
            .result.verdict;
    };
    EXPECT_EQ(verdict("", "{}"), Verdict::Passed);
    EXPECT_EQ(verdict("", "{ point: false }"), Verdict::Failed);
    EXPECT_EQ(verdict(", Syslog_Server: 192.0.2.99", "{}"), Verdict::Failed);
    EXPECT_EQ(verdict(", Syslog_Server: '${syslog}'", "{ point: false }"), Verdict::Passed);
}

TEST(SimStageTest, SaysWhyAStageCannotBeMade)
{
    const CaseResult result =
        play(aScenario("scenario: t\nphones:\n"
                       "  - { name: a, model: '7832', mac: '00:0e:08:00:00:01', count: 3 }\n"
                       "  - { name: b, model: '7832', mac: '00:0e:08:00:00:02' }\n"
                       "steps: [{ wait: 1s }]"))
            .result;
    EXPECT_EQ(result.verdict, Verdict::Invalid);
    EXPECT_THAT(result.causes, testing::ElementsAre("two groups of phones have MAC addresses in common"));
}

TEST(SimStageTest, SkipsWhatNeedsAWire)
{
    EXPECT_EQ(play(aScenario("scenario: t\nneeds: wire\nphones: { model: '7832' }\nsteps: [{ wait: 1s }]"))
                  .result.verdict,
              Verdict::Skipped);
}

TEST(SimStageTest, PlaysADayInVirtualTime)
{
    const Played played = play(aScenario(R"(
scenario: Hourly resyncs for a day
phones: { model: CP-7832-3PCC, set: { Resync_Periodic: "3600", Resync_Random_Delay: "0" } }
servers: { http: { files: { a.xml: "<flat-profile><GPP_A>1</GPP_A></flat-profile>" } } }
needs: virtual time
steps:
  - power: on
  - submit: { Profile_Rule: "http://${http}/a.xml" }
  - wait: 1d
  - expect: { request: http, at_least: 23, at_most: 25, within: 1s }
)"));
    EXPECT_EQ(played.result.verdict, Verdict::Passed) << testing::PrintToString(played.result.causes);
    EXPECT_GE(played.result.took, std::chrono::hours{24});
}

}  // namespace
}  // namespace scenarios
