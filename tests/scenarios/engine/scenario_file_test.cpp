#include "scenarios/engine/scenario_file.hpp"

#include "tests/scenarios/engine/scenario_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <ostream>

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

// A whole scenario around some steps.
std::string withSteps(std::string_view steps)
{
    return std::string{"scenario: A title\n"
                       "phones:\n"
                       "  - { name: desk, model: CP-7841-3PCC, count: 2 }\n"
                       "  - { name: room, model: CP-7832-3PCC }\n"
                       "servers: { tftp: {}, http: {}, syslog: {} }\n"
                       "steps:\n"}
        .append(steps);
}

Step onlyStep(std::string_view text)
{
    const Scenario scenario = aScenario(withSteps(text));
    EXPECT_EQ(scenario.steps.size(), 1u);
    return scenario.steps.empty() ? Step{} : scenario.steps.front();
}

TEST(ScenarioFileTest, ReadsTheExampleOfTheDocumentation)
{
    const Scenario scenario = aScenario(R"(
scenario: A resync URL fetches a profile over TFTP
covers: [EX-TFTP-RESYNC, WEB-RESYNC-CMD]
phones: { model: CP-7832-3PCC, count: 1, set: { Resync_On_Reset: "No" } }
servers:
  tftp:   { files: { basic.txt: "<flat-profile><GPP_A>12345678</GPP_A></flat-profile>" } }
  syslog: {}
steps:
  - power: on
  - expect: { param: GPP_A, is: "" }
  - browse: /admin/resync?tftp://${tftp}/basic.txt
  - expect: { syslog: "*Requesting resync tftp://*/basic.txt", within: 2s }
  - expect: { syslog: "*Successful resync*", within: 5s }
  - expect: { param: GPP_A, is: "12345678" }
  - expect: { led: mute, shows: off }
)");
    EXPECT_EQ(scenario.title, "A resync URL fetches a profile over TFTP");
    EXPECT_THAT(scenario.covers, ElementsAre("EX-TFTP-RESYNC", "WEB-RESYNC-CMD"));
    ASSERT_EQ(scenario.groups.size(), 1u);
    EXPECT_EQ(scenario.groups[0].model->productName, "CP-7832-3PCC");
    EXPECT_THAT(scenario.groups[0].set, ElementsAre(testing::Pair("Resync_On_Reset", "No")));
    ASSERT_EQ(scenario.servers.size(), 2u);
    EXPECT_EQ(scenario.servers[0].files.at(0).path, "basic.txt");
    ASSERT_EQ(scenario.steps.size(), 7u);
    const auto& first = std::get<Expectation>(scenario.steps[3].what);
    EXPECT_EQ(first.within, 2s);
    EXPECT_EQ(std::get<EventSubject>(first.subject).tests.at(0).pattern,
              "*Requesting resync tftp://*/basic.txt");
    EXPECT_EQ(scenario.steps[4].text, "expect syslog \"*Successful resync*\", within 5 s");
    EXPECT_EQ(std::get<Expectation>(scenario.steps[5].what).within, 5s);
}

TEST(ScenarioFileTest, NamesPhonesAfterTheirGroup)
{
    const Scenario scenario = aScenario(withSteps("  - wait: 1s"));
    std::vector<std::string> names;
    for (const auto& phone : scenario.phoneNames())
        names.push_back(phone.name);
    EXPECT_THAT(names, ElementsAre("desk1", "desk2", "room"));
}

TEST(ScenarioFileTest, SelectsPhonesByNameGroupNumberAndModel)
{
    const auto chosen = [](std::string_view selector) {
        std::vector<int> numbers;
        const Step step = onlyStep(std::string{"  - { power: on, phones: "}.append(selector).append(" }"));
        for (const PhoneNumber phone : *step.phones.phones)
            numbers.push_back(static_cast<int>(phone));
        return numbers;
    };
    EXPECT_THAT(chosen("all"), ElementsAre(0, 1, 2));
    EXPECT_THAT(chosen("desk2"), ElementsAre(1));
    EXPECT_THAT(chosen("desk"), ElementsAre(0, 1));
    EXPECT_THAT(chosen("3"), ElementsAre(2));
    EXPECT_THAT(chosen("CP-7841-3PCC"), ElementsAre(0, 1));
    EXPECT_THAT(chosen("[room, desk1]"), ElementsAre(0, 2));
}

TEST(ScenarioFileTest, TellsServersWhatToDo)
{
    using fixtures::FaultKind;
    const auto fault = [](std::string_view text) {
        return std::get<ServerStep>(
                   onlyStep(std::string{"  - { server: http, "}.append(text).append(" }")).what)
            .fault;
    };
    EXPECT_EQ(fault("fails: not found").status, 404);
    EXPECT_EQ(fault("fails: 503, times: 2, file: /x").times, 2u);
    EXPECT_EQ(fault("fails: 503, times: 2, file: /x").path, "/x");
    EXPECT_EQ(fault("delays: 3s").delay, 3s);
    EXPECT_EQ(fault("corrupts: files").kind, FaultKind::Corrupt);
    EXPECT_EQ(fault("truncates: 100").bytes, 100u);
    EXPECT_EQ(fault("drips: 1s").kind, FaultKind::Drip);
    EXPECT_EQ(fault("resets: connections").kind, FaultKind::Reset);
    EXPECT_EQ(fault("goes: silent").kind, FaultKind::Silent);
    EXPECT_EQ(fault("goes: down").kind, FaultKind::Down);
    EXPECT_EQ(fault("goes: back").kind, FaultKind::None);
    EXPECT_EQ(fault("answers: normally").kind, FaultKind::None);
    const fixtures::Fault redirect = fault("redirects: 'http://${http}/other', status: 307");
    EXPECT_EQ(redirect.status, 307);
    EXPECT_EQ(redirect.location, "http://${http}/other");
    const Step tftp = onlyStep("  - { server: tftp, fails: not found }");
    EXPECT_EQ(std::get<ServerStep>(tftp.what).fault.status, 1);
}

TEST(ScenarioFileTest, ReadsCallsOnALineOfOneOrOfAllPhones)
{
    const Step all = onlyStep("  - call: 1");
    EXPECT_EQ(std::get<CallStep>(all.what).line, 1);
    EXPECT_TRUE(std::get<CallStep>(all.what).begins);
    EXPECT_EQ(all.phones.phones->size(), 3u);
    EXPECT_EQ(all.text, "call on line 1");

    const Step one = onlyStep("  - hang up: desk2/4");
    EXPECT_EQ(std::get<CallStep>(one.what).line, 4);
    EXPECT_FALSE(std::get<CallStep>(one.what).begins);
    EXPECT_THAT(*one.phones.phones, ElementsAre(PhoneNumber{1}));
    EXPECT_EQ(one.text, "hang up line 4 (desk2)");
}

TEST(ScenarioFileTest, ReadsKeysAndWhatIsEntered)
{
    const Step step =
        onlyStep("  - { press: Applications > Profile rule > Resync, enter: 'tftp://${tftp}/x' }");
    const auto& press = std::get<PressStep>(step.what);
    EXPECT_THAT(press.path, ElementsAre("Applications", "Profile rule", "Resync"));
    EXPECT_EQ(press.entered, "tftp://${tftp}/x");
}

TEST(ScenarioFileTest, ReadsWhetherTheLedIsLitAtThisMoment)
{
    const Step step = onlyStep("  - expect: { led: mute, is: lit }");
    EXPECT_EQ(std::get<LedSubject>(std::get<Expectation>(step.what).subject).lit, true);
    EXPECT_EQ(step.text, "expect mute LED is lit");
}

TEST(ScenarioFileTest, ReadsFilesBesideTheScenarioAsTheyAre)
{
    ReadOptions options;
    options.readFile = [](const std::string& path) -> emulator::Result<std::string> {
        return "<${tftp}> of " + path;
    };
    const ScenarioReading reading = readScenario("scenario: t\nphones: { model: '7832' }\nservers: { tftp: { "
                                                 "files: { a: { from: b.xml } } } }\nsteps: [{ wait: 1s }]",
                                                 "a.yaml", options);
    ASSERT_TRUE(reading.scenario);
    EXPECT_EQ(reading.scenario->servers[0].files.at(0).bytes, "<${tftp}> of b.xml");
    EXPECT_FALSE(reading.scenario->servers[0].files.at(0).macros);
}

TEST(ScenarioFileTest, LeavesPasswordsOutOfWhatReportsShow)
{
    EXPECT_EQ(onlyStep("  - submit: { Admin_Password: secret7, GPP_A: x }").text,
              "submit Admin_Password = ***, GPP_A = x");
    EXPECT_THAT(onlyStep("  - browse: /admin/resync?tftp://h/f&xuser=admin&xpassword=secret7").text,
                testing::Not(HasSubstr("secret7")));
}

TEST(ScenarioFileTest, LetsAnExpectationLookAtARefusal)
{
    const Scenario scenario =
        aScenario(withSteps("  - browse: /a\n  - expect: { status: 401 }\n  - browse: /b\n"));
    EXPECT_TRUE(scenario.steps[0].answerExpected);
    EXPECT_FALSE(scenario.steps[2].answerExpected);
}

TEST(ScenarioFileTest, PutsMorePhonesIntoAScenarioThatDoesNotCountThem)
{
    ReadOptions sixteen;
    sixteen.phones = 16;
    const std::string plain =
        "scenario: t\nphones: { model: '7832' }\nservers: { syslog: {} }\nsteps:\n  - power: on\n";
    const ScenarioReading more = readScenario(plain, "a.yaml", sixteen);
    ASSERT_TRUE(more.scenario);
    EXPECT_EQ(more.scenario->groups[0].count, 16u);
    EXPECT_EQ(more.scenario->steps[0].phones.phones->size(), 16u);
    const ScenarioReading same =
        readScenario(plain + "  - expect: { syslog: x, count: 1 }\n", "a.yaml", sixteen);
    ASSERT_TRUE(same.scenario);
    EXPECT_EQ(same.scenario->groups[0].count, 1u);
}

TEST(ScenarioFileTest, FindsTheFilesBelowAFolderInOrder)
{
    const std::filesystem::path folder = std::filesystem::path{testing::TempDir()} / "scenario_file_test";
    std::filesystem::create_directories(folder / "sub");
    for (const char* name : {"b.yaml", "a.txt", "sub/a.yaml"})
        std::ofstream{folder / name} << "x";
    const auto files = scenarioFiles({folder});
    ASSERT_TRUE(files.has_value());
    EXPECT_THAT(*files, ElementsAre(folder / "b.yaml", folder / "sub/a.yaml"));
    EXPECT_TRUE(scenarioFiles({folder / "none"}).has_error());
    std::filesystem::remove_all(folder);
}

struct Wrong {
    const char* name;
    std::string text;
    const char* problem;
};
void PrintTo(const Wrong& wrong, std::ostream* out)
{
    *out << wrong.name;
}

class WrongScenarioTest : public testing::TestWithParam<Wrong> {};

TEST_P(WrongScenarioTest, SaysWhereWhatAndWhatWasExpected)
{
    const ScenarioReading reading = readScenario(GetParam().text, "a.yaml");
    EXPECT_FALSE(reading.scenario);
    ASSERT_FALSE(reading.problems.empty());
    EXPECT_THAT(reading.problems.front(), HasSubstr(GetParam().problem));
    EXPECT_THAT(reading.problems.front(), testing::StartsWith("a.yaml:"));
}

INSTANTIATE_TEST_SUITE_P(
    Files, WrongScenarioTest,
    testing::Values(
        Wrong{"nothing", "", "a.yaml:1:1: found nothing, expected a scenario"},
        Wrong{"notYaml", "scenario: [", "found no valid YAML"},
        Wrong{"aList", "- a", "a.yaml:1:1: found a list, expected a scenario: a map"},
        Wrong{"twoDocuments", withSteps("  - wait: 1s\n---\nscenario: b"), "found a second document"},
        Wrong{"alias", "scenario: &a x\nphones: *a",
              "1:11: found an anchor or alias, expected the value written out"},
        Wrong{"tooDeep", "scenario: " + std::string(40, '[') + std::string(40, ']'),
              "levels deep, expected a flatter one"},
        Wrong{"tooManyValues",
              "scenario: [" +
                  [] {
                      std::string s;
                      for (int i = 0; i < 60000; ++i)
                          s += "1,";
                      return s;
                  }() +
                  "]",
              "found more than 50000 values"},
        Wrong{"tooLong", std::string((1u << 20) + 1, ' '), "found 1048577 bytes, expected at most 1048576"},
        Wrong{"missingSteps", "scenario: t\nphones: { model: '7832' }",
              "found no \"steps\", expected scenario, phones and steps"},
        Wrong{"unknownKey", withSteps("  - wait: 1s\nstep: []"),
              "8:1: found the key \"step\", expected scenario, covers"},
        Wrong{"nearestKey", withSteps("  - wait: 1s\nfinaly: []"), "did you mean \"finally\"?"},
        Wrong{"doubledKey", withSteps("  - wait: 1s\nscenario: again"),
              "found the key \"scenario\" a second time, expected each key once"},
        Wrong{"unknownModel", "scenario: t\nphones: { model: CP-7823-3PCC }\nsteps: [{ wait: 1s }]",
              "a.yaml:2:18: found \"CP-7823-3PCC\", expected a model: CP-7811-3PCC"},
        Wrong{"noModel", "scenario: t\nphones: { count: 2 }\nsteps: [{ wait: 1s }]",
              "found phones without a model"},
        Wrong{"badCount", "scenario: t\nphones: { model: '7832', count: 0 }\nsteps: [{ wait: 1s }]",
              "2:33: found \"0\", expected a number from 1 to 1000000"},
        Wrong{"badMac", "scenario: t\nphones: { model: '7832', mac: xx }\nsteps: [{ wait: 1s }]",
              "expected a MAC address such as"},
        Wrong{"badFirmware", "scenario: t\nphones: { model: '7832', firmware: new }\nsteps: [{ wait: 1s }]",
              "expected a version such as 11.3.1"},
        Wrong{"unknownPreset",
              "scenario: t\nphones: { model: '7832', set: { Resync_On_Rest: No } }\nsteps: [{ wait: 1s }]",
              "2:33: found \"Resync_On_Rest\", expected a parameter of the CP-7832-3PCC; did you mean "
              "\"Resync_On_Reset\"?"},
        Wrong{"badPreset",
              "scenario: t\nphones: { model: '7832', set: { Resync_On_Reset: perhaps } }\nsteps: [{ wait: 1s "
              "}]",
              "found \"perhaps\" for Resync_On_Reset"},
        Wrong{
            "unknownServerKind",
            "scenario: t\nphones: { model: '7832' }\nservers: { ftp: {} }\nsteps: [{ wait: 1s }]",
            "3:12: found \"ftp\", expected tftp, http, syslog or sip, or another name with a kind:; did you "
            "mean \"tftp\"?"},
        Wrong{"filesOnSyslog",
              "scenario: t\nphones: { model: '7832' }\nservers: { syslog: { files: { a: b } } }\nsteps: [{ "
              "wait: 1s }]",
              "found files on a syslog server"},
        Wrong{"lineThatIsNotThere", withSteps("  - call: desk1/5"),
              "found \"desk1/5\", expected a line from 1 to 4 of the CP-7841-3PCC"},
        Wrong{"lineOfTheSmallestPhone", withSteps("  - call: 2"),
              "found \"2\", expected line 1, the only one of the CP-7832-3PCC"},
        Wrong{"noLine", withSteps("  - hang up: all"), "found \"all\", expected line 1"},
        Wrong{"phonesTwice", withSteps("  - { call: desk1/1, phones: desk2 }"),
              "found \"phones\" beside a phone's name, expected one or the other"},
        Wrong{"noKeys", withSteps("  - press: 'Applications > '"), "expected at most 16 keys"},
        Wrong{"momentWithTime", withSteps("  - expect: { led: mute, is: lit, within: 2s }"),
              "found \"within\", expected none beside is"},
        Wrong{"halfLit", withSteps("  - expect: { led: mute, is: bright }"), "expected lit or dark"},
        Wrong{"missingFile",
              "scenario: t\nphones: { model: '7832' }\nservers: { tftp: { files: { a: { from: nowhere.xml } "
              "} } }\nsteps: [{ wait: 1s }]",
              "3:40: found \"nowhere.xml\""},
        Wrong{"badStart", "scenario: t\nstart: tomorrow\nphones: { model: '7832' }\nsteps: [{ wait: 1s }]",
              "2:8: found \"tomorrow\", expected a time such as 2026-01-01T00:00:00Z"},
        Wrong{"badNeed", withSteps("  - wait: 1s\nneeds: [vritual time]"), "did you mean \"virtual time\"?"},
        Wrong{"unknownVerb", withSteps("  - powr: on"),
              "7:5: found the key \"powr\", expected one of power, browse"},
        Wrong{"nearestVerb", withSteps("  - powr: on"), "did you mean \"power\"?"},
        Wrong{"badPower", withSteps("  - power: of"),
              "7:12: found \"of\", expected on, off or cycle; did you mean \"off\"?"},
        Wrong{"badDuration", withSteps("  - wait: 2 fortnights"), "expected a duration such as 250ms"},
        Wrong{"badPath", withSteps("  - browse: admin/resync"),
              "expected a path on the phone that begins with /"},
        Wrong{"unknownMacro", withSteps("  - browse: /admin/resync?tftp://${tfpt}/x"),
              "found \"${tfpt}\", expected one of tftp, tftp.host"},
        Wrong{"openMacro", withSteps("  - browse: /admin/resync?tftp://${tftp/x"),
              "found \"${\" without \"}\""},
        Wrong{"unknownPhone", withSteps("  - { power: on, phones: desk9 }"),
              "7:26: found \"desk9\", expected the name, group, number or model"},
        Wrong{"unknownServer", withSteps("  - { server: htp, goes: down }"),
              "7:15: found \"htp\", expected a server of this scenario: tftp, http or syslog; did you mean "
              "\"http\"?"},
        Wrong{"idleServer", withSteps("  - { server: http }"), "found a server step that does nothing"},
        Wrong{"twoFaults", withSteps("  - { server: http, goes: down, delays: 3s }"),
              "found both \"delays\" and \"goes\", expected one of them"},
        Wrong{"timesOnDown", withSteps("  - { server: http, goes: down, times: 3 }"),
              "found \"times\" beside \"goes: down\""},
        Wrong{"tftpStatus", withSteps("  - { server: tftp, fails: 404 }"),
              "found \"404\", expected a number from 0 to 8"},
        Wrong{"tftpRedirect", withSteps("  - { server: tftp, redirects: x }"),
              "found a redirect at a tftp server"},
        Wrong{"putWithoutText", withSteps("  - { put: a, server: tftp }"),
              "found a put without content, expected one of text, from and load"},
        Wrong{"putTwoContents", withSteps("  - { put: a, server: tftp, text: x, load: sip7832.11-3-1MPP-1 }"),
              "found a put with two contents, expected one of text, from and load"},
        Wrong{"loadWithoutHardware", withSteps("  - { put: a, server: tftp, load: 7.4.8 }"),
              "found load \"7.4.8\", whose name tells no hardware, expected hardware: beside it"},
        Wrong{"unknownParameter", withSteps("  - submit: { GPPA: x }"),
              "found \"GPPA\", expected a parameter of the"},
        Wrong{"unknownSubject", withSteps("  - expect: { syslg: x }"),
              "7:15: found the key \"syslg\", expected one of syslog"},
        Wrong{"twoSubjects", withSteps("  - expect: { syslog: x, led: mute }"),
              "found both \"syslog\" and \"led\", expected one subject"},
        Wrong{"keyOfOtherSubject", withSteps("  - expect: { syslog: x, shows: off }"),
              "found the key \"shows\""},
        Wrong{"neverForever", withSteps("  - expect: { syslog: x, never: true }"),
              "found \"never\" without \"within\""},
        Wrong{"afterTooLate", withSteps("  - expect: { syslog: x, after: 3s, within: 2s }"),
              "which is later than within 2 s"},
        Wrong{"timesTwice", withSteps("  - expect: { syslog: x, times: 3, at_least: 2 }"),
              "found \"times\" beside"},
        Wrong{"timesOfLed", withSteps("  - expect: { led: mute, shows: off, times: 2 }"),
              "expected it beside syslog, request, lookup or event only"},
        Wrong{"otherLed", withSteps("  - expect: { led: line1, shows: off }"),
              "found \"line1\", expected mute"},
        Wrong{"otherPattern", withSteps("  - expect: { led: mute, shows: slow blnik }"),
              "did you mean \"slow blink\"?"},
        Wrong{"oddBeats", withSteps("  - expect: { led: mute, blinks: [1s] }"),
              "expected a list of durations: on, off, on, off"},
        Wrong{"paramWithoutValue", withSteps("  - expect: { param: GPP_A }"),
              "found a param without a value"},
        Wrong{"statusOfNothing", withSteps("  - expect: { status: 200 }"),
              "expected a browse, submit, post or notify step before it"},
        Wrong{"syslogRequest", withSteps("  - expect: { request: syslog }"),
              "expected a tftp or http server"},
        Wrong{"userAgentAtTftp", withSteps("  - expect: { request: tftp, user_agent: x }"),
              "found \"user_agent\" at a tftp server"},
        Wrong{"unknownEvent", withSteps("  - expect: { event: tftp.eror }"), "did you mean \"tftp.error\"?"},
        Wrong{"unknownField", withSteps("  - expect: { event: tftp.error, where: { cod: 1 } }"),
              "did you mean \"code\"?"},
        Wrong{"noSyslogServer", "scenario: t\nphones: { model: '7832' }\nsteps: [{ expect: { syslog: x } }]",
              "found a syslog expectation without a syslog server"}),
    testing::PrintToStringParamName());

}  // namespace
}  // namespace scenarios
