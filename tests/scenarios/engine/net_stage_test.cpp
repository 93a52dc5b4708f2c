#include "scenarios/engine/scenario_file.hpp"
#include "scenarios/engine/stage_factory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

CaseResult play(std::string_view text)
{
    ScenarioReading reading = readScenario(text, "a.yaml");
    EXPECT_THAT(reading.problems, testing::IsEmpty());
    StageOptions stage;
    stage.net.webPort = 0;  // a free one
    stage.firstPhone =
        emulator::IpAddress{0x7f4d0101};  // 127.77.1.1, away from whoever else runs phones here
    return playOn("net", reading.scenario.value_or(Scenario{}), stage, {});
}

TEST(NetStageTest, PlaysTheSameScenarioOverRealSockets)
{
    const CaseResult result = play(R"(
scenario: A few phones resync by name and number
phones: { model: CP-7832-3PCC, count: 3, set: { Resync_On_Reset: "No" } }
servers:
  tftp:   { files: { basic.txt: "<flat-profile><GPP_A>${syslog}</GPP_A></flat-profile>" } }
  http:   {}
  syslog: {}
steps:
  - power: on
  - browse: /admin/resync?tftp://${tftp}/basic.txt
  - expect: { syslog: "*${phone.mac} -- Successful resync*" }
  - expect: { param: GPP_A, is: "${syslog}" }
  - put: "${phone.ma}.xml"
    server: http
    text: "<flat-profile><GPP_B>${phone.name}</GPP_B></flat-profile>"
  - browse: /admin/resync?http://http.rig.test:${http.port}/$MA.xml
  - expect: { lookup: http.rig.test }
  - expect: { request: http, file: "${phone.ma}.xml" }
  - expect: { param: GPP_B, is: "${phone.name}" }
  - server: http
    goes: down
  - browse: /admin/resync?http://${http}/x.xml
  - expect: { led: mute, shows: slow blink }
  - power: cycle
  - expect: { state: idle }
  - power: off
  - browse: /
  - expect: { status: none }
)");
    // A machine under load makes the rig late, which is not what this test is about.
    if (result.verdict == Verdict::Invalid && !result.causes.empty() &&
        result.causes.front().find(" late ") != std::string::npos)
        GTEST_SKIP() << result.causes.front();
    EXPECT_EQ(result.verdict, Verdict::Passed) << testing::PrintToString(result.causes);
}

TEST(NetStageTest, SeesTheEndOfWhatItsPhonesFetch)
{
    const CaseResult result = play(R"(
scenario: Nothing is expected any more while the phone still fetches
phones: { model: CP-7832-3PCC, set: { Resync_On_Reset: "No" } }
servers:
  http: { files: { basic.txt: "<flat-profile><GPP_A>1</GPP_A></flat-profile>" } }
steps:
  - power: on
  - server: http
    delays: 100ms
  - browse: /admin/resync?http://${http}/basic.txt
  - expect: { request: http, file: basic.txt }
)");
    std::vector<std::string_view> states;
    for (const EventArchive::Part& part : result.events.parts())
        for (const emulator::TraceEvent& event : part.events)
            if (event.kind == emulator::EventKind::PhoneState)
                states.push_back(event.text(emulator::FieldName::State));
    ASSERT_GE(states.size(), 2u);
    EXPECT_EQ(states[states.size() - 2], "contacting");
    EXPECT_EQ(states.back(), "idle");
}

TEST(NetStageTest, SkipsWhatNeedsVirtualTime)
{
    const CaseResult result =
        play("scenario: t\nneeds: virtual time\nphones: { model: '7832' }\nsteps: [{ wait: 1s }]");
    EXPECT_EQ(result.verdict, Verdict::Skipped);
    EXPECT_THAT(result.causes, testing::ElementsAre("net has no virtual time"));
}

}  // namespace
}  // namespace scenarios
