#include "scenarios/engine/runner.hpp"

#include "tests/scenarios/engine/fake_stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using emulator::MuteLed;
using testing::ElementsAre;
using testing::HasSubstr;

// A scenario with so many phones and these steps, beside the stage that plays it.
struct Play {
    explicit Play(std::string_view steps, std::size_t phones = 1, std::string_view top = "")
        : scenario{read(steps, phones, top)},
          stage{scenario}
    {}

    static Scenario read(std::string_view steps, std::size_t phones, std::string_view top)
    {
        std::string text = "scenario: t\nphones: { model: '7832', count: " + std::to_string(phones) +
                           " }\nservers: { tftp: {}, http: {}, syslog: {} }\n";
        ScenarioReading reading = readScenario(text.append(top).append("\nsteps:\n").append(steps), "a.yaml");
        EXPECT_THAT(reading.problems, testing::IsEmpty());
        return reading.scenario.value_or(Scenario{});
    }

    const CaseResult& run()
    {
        result = runScenario(scenario, stage, options);
        return result;
    }
    Verdict verdict() { return run().verdict; }

    Scenario scenario;
    FakeStage stage;
    RunOptions options;
    CaseResult result;
};

TEST(RunnerTest, PassesWhenEveryExpectationIsMet)
{
    Play play{"  - wait: 1s\n  - expect: { syslog: '*hello*' }\n"};
    play.stage.syslog(2s, "well hello there");
    const CaseResult& result = play.run();
    EXPECT_EQ(result.verdict, Verdict::Passed);
    EXPECT_EQ(result.evaluated, 1u);
    EXPECT_THAT(result.causes, testing::IsEmpty());
    EXPECT_EQ(result.steps[1].status, StepStatus::Met);
    EXPECT_EQ(result.steps[1].ended.time_since_epoch(), 2s);  // the next step does not wait for the deadline
}

TEST(RunnerTest, FailsWhenNothingComesInTimeAndSaysWhatCameInstead)
{
    Play play{"  - wait: 1s\n  - expect: { syslog: '*hello*', within: 2s }\n"};
    play.stage.syslog(2s, "good bye");
    play.stage.syslog(4s, "hello, too late");
    const CaseResult& result = play.run();
    EXPECT_EQ(result.verdict, Verdict::Failed);
    EXPECT_THAT(result.causes,
                ElementsAre(HasSubstr(
                    "a.yaml:7: expect syslog \"*hello*\", within 2 s: phone1: came instead: \"good bye\"")));
}

TEST(RunnerTest, IsInvalidWhenNothingWasExpected)
{
    Play play{"  - wait: 1s\n"};
    const CaseResult& result = play.run();
    EXPECT_EQ(result.verdict, Verdict::Invalid);
    EXPECT_THAT(result.causes, ElementsAre(HasSubstr("no expectation was evaluated")));
}

TEST(RunnerTest, CountsWhatCameSinceTheLastActionBegan)
{
    Play play{"  - wait: 3s\n  - expect: { syslog: early }\n"};
    play.stage.syslog(1s, "early");
    EXPECT_EQ(play.verdict(), Verdict::Passed);
}

TEST(RunnerTest, DoesNotCountWhatCameBeforeTheLastAction)
{
    Play play{"  - wait: 3s\n  - wait: 1s\n  - expect: { syslog: early, within: 1s }\n"};
    play.stage.syslog(1s, "early");
    EXPECT_EQ(play.verdict(), Verdict::Failed);
}

TEST(RunnerTest, DoesNotAskForAnOrderUnlessThenIsSaid)
{
    const auto verdict = [](std::string_view second) {
        Play play{std::string{"  - wait: 5s\n  - expect: { syslog: two }\n"}.append(second)};
        play.stage.syslog(1s, "one");
        play.stage.syslog(2s, "two");
        return play.verdict();
    };
    EXPECT_EQ(verdict("  - expect: { syslog: one }\n"), Verdict::Passed);
    EXPECT_EQ(verdict("  - expect: { syslog: one, then: true, within: 1s }\n"), Verdict::Failed);
}

TEST(RunnerTest, MeasuresThenFromWhatMetTheExpectationBefore)
{
    const auto verdict = [](std::chrono::seconds second) {
        Play play{"  - expect: { syslog: failed }\n"
                  "  - expect: { syslog: requesting, then: true, after: 85s, within: 95s }\n"};
        play.stage.syslog(2s, "failed");
        play.stage.syslog(second, "requesting");
        return play.verdict();
    };
    EXPECT_EQ(verdict(92s), Verdict::Passed);
    EXPECT_EQ(verdict(60s), Verdict::Failed);
    EXPECT_EQ(verdict(98s), Verdict::Failed);
}

TEST(RunnerTest, SaysHowMuchTooEarlySomethingCame)
{
    Play play{"  - expect: { syslog: a }\n  - expect: { syslog: b, then: true, after: 10s, within: 20s }\n"};
    play.stage.syslog(1s, "a");
    play.stage.syslog(4s, "b");
    EXPECT_THAT(play.run().causes,
                ElementsAre(HasSubstr("came after 3 s, expected after 10 s at the earliest")));
}

TEST(RunnerTest, WaitsOutNever)
{
    const auto played = [](std::chrono::seconds at) {
        Play play{"  - wait: 1s\n  - expect: { syslog: bad, never: true, within: 3s }\n"};
        play.stage.syslog(at, "bad");
        play.run();
        return std::move(play.result);
    };
    EXPECT_EQ(played(3s).verdict, Verdict::Failed);
    const CaseResult quiet = played(5s);
    EXPECT_EQ(quiet.verdict, Verdict::Passed);
    EXPECT_EQ(quiet.steps[1].ended.time_since_epoch(), 4s);
}

TEST(RunnerTest, CountsHowOftenSomethingComes)
{
    const auto verdict = [](std::string_view times, int came) {
        Play play{std::string{"  - expect: { syslog: x, within: 9s, "}.append(times).append(" }\n")};
        for (int i = 1; i <= came; ++i)
            play.stage.syslog(std::chrono::seconds{i}, "x");
        return play.verdict();
    };
    EXPECT_EQ(verdict("times: 2", 1), Verdict::Failed);
    EXPECT_EQ(verdict("times: 2", 2), Verdict::Passed);
    EXPECT_EQ(verdict("times: 2", 3), Verdict::Failed);
    EXPECT_EQ(verdict("at_least: 2", 3), Verdict::Passed);
    EXPECT_EQ(verdict("at_least: 2", 1), Verdict::Failed);
    EXPECT_EQ(verdict("at_most: 2", 0), Verdict::Passed);
    EXPECT_EQ(verdict("at_most: 2", 3), Verdict::Failed);
}

TEST(RunnerTest, CountsFromTheLastActionOn)
{
    Play play{"  - wait: 3s\n  - expect: { syslog: x, times: 2, within: 1s }\n"};
    play.stage.syslog(1s, "x");
    play.stage.syslog(2s, "x");
    EXPECT_EQ(play.verdict(), Verdict::Passed);
}

TEST(RunnerTest, ExpectsItOfEveryPhoneUnlessToldOtherwise)
{
    const auto verdict = [](std::string_view who, std::size_t came) {
        Play play{std::string{"  - expect: { syslog: x, within: 2s"}.append(who).append(" }\n"), 3};
        for (std::size_t i = 0; i < came; ++i)
            play.stage.syslog(1s, "x", i);
        return play.verdict();
    };
    EXPECT_EQ(verdict("", 3), Verdict::Passed);
    EXPECT_EQ(verdict("", 2), Verdict::Failed);
    EXPECT_EQ(verdict(", any: true", 1), Verdict::Passed);
    EXPECT_EQ(verdict(", any: true", 0), Verdict::Failed);
    EXPECT_EQ(verdict(", count: 2", 2), Verdict::Passed);
    EXPECT_EQ(verdict(", count: 2", 3), Verdict::Failed);
    EXPECT_EQ(verdict(", phones: [1, 2]", 2), Verdict::Passed);
}

TEST(RunnerTest, FillsInMacrosForEachPhone)
{
    Play play{"  - expect: { syslog: 'from ${phone.ma} to ${tftp}' }\n", 2};
    play.stage.syslog(1s, "from 000e08000001 to 192.0.2.10", 0);
    play.stage.syslog(1s, "from 000e08000002 to 192.0.2.10", 1);
    EXPECT_EQ(play.verdict(), Verdict::Passed);
}

TEST(RunnerTest, LooksAtRequestsWhereTheyArrive)
{
    Play seen{"  - expect: { request: http, file: basic.txt, within: 1s }\n"};
    seen.stage.get(100ms, "/basic.txt?x=1");
    EXPECT_EQ(seen.verdict(), Verdict::Passed);
    Play sentOnly{"  - expect: { request: http, file: basic.txt, within: 1s }\n"};
    sentOnly.stage.get(100ms, "/basic.txt", 0, emulator::Observer::Phone);
    EXPECT_EQ(sentOnly.verdict(), Verdict::Failed);
    Play sent{"  - expect: { request: http, file: basic.txt, by: phone, within: 1s }\n"};
    sent.stage.get(100ms, "/basic.txt", 0, emulator::Observer::Phone);
    EXPECT_EQ(sent.verdict(), Verdict::Passed);
}

TEST(RunnerTest, LooksAtWhatTheLedShowsFromTheExpectationOn)
{
    Play before{"  - wait: 3s\n  - expect: { led: mute, shows: slow blink, within: 1s }\n"};
    before.stage.led(1s, MuteLed::SlowBlink);
    before.stage.led(2s, MuteLed::Off);
    EXPECT_EQ(before.verdict(), Verdict::Failed);
    Play showed{"  - wait: 3s\n  - expect: { led: mute, showed: slow blink }\n"};
    showed.stage.led(1s, MuteLed::SlowBlink);
    showed.stage.led(2s, MuteLed::Off);
    EXPECT_EQ(showed.verdict(), Verdict::Passed);
    Play soon{"  - expect: { led: mute, shows: fast blink, within: 2s }\n"};
    soon.stage.led(1s, MuteLed::FastBlink);
    EXPECT_EQ(soon.verdict(), Verdict::Passed);
    Play never{"  - expect: { led: mute, shows: fast blink, never: true, within: 2s }\n"};
    never.stage.led(1s, MuteLed::FastBlink);
    EXPECT_EQ(never.verdict(), Verdict::Failed);
}

TEST(RunnerTest, MeasuresTheBeatsOfTheLed)
{
    const auto verdict = [](std::string_view beats, MuteLed led) {
        Play play{std::string{"  - expect: { led: mute, blinks: "}.append(beats).append(", within: 1s }\n")};
        play.stage.led(100ms, led);
        return play.verdict();
    };
    EXPECT_EQ(verdict("[1s, 1s]", MuteLed::SlowBlink), Verdict::Passed);
    EXPECT_EQ(verdict("[200ms, 200ms, 200ms, 1400ms]", MuteLed::FastBlink), Verdict::Passed);
    EXPECT_EQ(verdict("[1s, 1s]", MuteLed::FastBlink), Verdict::Failed);
    EXPECT_EQ(verdict("[1s, 1200ms]", MuteLed::SlowBlink), Verdict::Failed);
    EXPECT_EQ(verdict("[1s, 1s]", MuteLed::Off), Verdict::Failed);
}

TEST(RunnerTest, ReadsParametersUntilTheyAreAsExpected)
{
    Play play{"  - expect: { param: GPP_A, is: new, within: 2s }\n"};
    std::size_t reads = 0;
    play.stage.pages = [&](PhoneNumber, const emulator::HttpRequest& request, emulator::TimePoint now) {
        EXPECT_EQ(request.target, "/admin/cfg.xml");
        ++reads;
        return FakeStage::page(200, now < emulator::TimePoint{1s}
                                        ? "<flat-profile><GPP_A ua=\"na\">old</GPP_A></flat-profile>"
                                        : "<flat-profile><GPP_A ua=\"na\">new</GPP_A></flat-profile>");
    };
    const CaseResult& result = play.run();
    EXPECT_EQ(result.verdict, Verdict::Passed);
    EXPECT_GT(reads, 2u);
    EXPECT_LT(result.steps[0].ended.time_since_epoch(), 1200ms);
}

TEST(RunnerTest, SaysWhatAParameterWasInstead)
{
    Play play{"  - expect: { param: GPP_A, matches: '12*', within: 1s }\n"};
    play.stage.pages = [](PhoneNumber, const auto&, emulator::TimePoint) {
        return FakeStage::page(200, "<flat-profile><GPP_A>34</GPP_A></flat-profile>");
    };
    EXPECT_THAT(play.run().causes, ElementsAre(HasSubstr("phone1: GPP_A is \"34\"")));
}

TEST(RunnerTest, FailsAnExpectationOfAPhoneWhosePageDoesNotAnswer)
{
    Play play{"  - expect: { param: GPP_A, is: '', within: 1s }\n"};
    play.stage.pages = [](PhoneNumber, const auto&,
                          emulator::TimePoint) -> emulator::Result<emulator::HttpResponse> {
        return emulator::fail(emulator::ErrorKind::Unreachable, "connection refused");
    };
    EXPECT_THAT(play.run().causes, ElementsAre(HasSubstr("its page does not answer (connection refused)")));
}

TEST(RunnerTest, DoesNotTakeAPageNeverReadForAValueNeverSeen)
{
    Play play{"  - expect: { param: GPP_A, is: bad, never: true, within: 1s }\n"};
    play.stage.pages = [](PhoneNumber, const auto&,
                          emulator::TimePoint) -> emulator::Result<emulator::HttpResponse> {
        return emulator::fail(emulator::ErrorKind::Unreachable, "connection refused");
    };
    EXPECT_EQ(play.verdict(), Verdict::Failed);
}

TEST(RunnerTest, LeavesSecretParametersUnobserved)
{
    const char* const steps = "  - expect: { param: Admin_Password, is: x }\n  - expect: { state: off }\n";
    Play play{steps};
    const CaseResult& result = play.run();
    EXPECT_EQ(result.verdict, Verdict::Passed);
    EXPECT_EQ(result.unobserved, 1u);
    EXPECT_EQ(result.steps[0].status, StepStatus::Unobserved);
    Play strict{steps};
    strict.options.strict = true;
    EXPECT_EQ(strict.verdict(), Verdict::Failed);
}

TEST(RunnerTest, IsInvalidWhenAllExpectationsStayUnobserved)
{
    Play play{"  - expect: { led: mute, shows: off }\n"};
    play.stage.lacks = {Capability::Led};
    EXPECT_EQ(play.verdict(), Verdict::Invalid);
}

TEST(RunnerTest, FailsAStepThatThePhoneRefuses)
{
    Play play{"  - browse: /admin/resync\n  - expect: { state: off }\n"};
    play.stage.pages = [](PhoneNumber, const auto&, emulator::TimePoint) { return FakeStage::page(401, ""); };
    const CaseResult& result = play.run();
    EXPECT_EQ(result.verdict, Verdict::Failed);
    EXPECT_THAT(result.causes, ElementsAre(HasSubstr("the phone answered 401 Unauthorized")));
    EXPECT_EQ(result.steps[1].status, StepStatus::NotRun);
}

TEST(RunnerTest, LetsAScenarioExpectARefusal)
{
    Play play{"  - browse: /admin/resync\n  - expect: { status: 401 }\n  - expect: { page: '*password*' }\n"};
    play.stage.pages = [](PhoneNumber, const auto&, emulator::TimePoint) {
        return FakeStage::page(401, "a password please");
    };
    EXPECT_EQ(play.verdict(), Verdict::Passed);
    Play silent{"  - browse: /\n  - expect: { status: none }\n"};
    silent.stage.pages = [](PhoneNumber, const auto&,
                            emulator::TimePoint) -> emulator::Result<emulator::HttpResponse> {
        return emulator::fail(emulator::ErrorKind::Unreachable, "connection refused");
    };
    EXPECT_EQ(silent.verdict(), Verdict::Passed);
}

TEST(RunnerTest, SubmitsWhatIsOnThePageLikeAPerson)
{
    Play play{"  - submit: { GPP_A: 'a b&c', GPP_B: '${tftp}' }\n  - expect: { state: off }\n"};
    std::vector<std::string> asked;
    play.stage.pages = [&](PhoneNumber, const emulator::HttpRequest& request, emulator::TimePoint) {
        asked.push_back(request.method + ' ' + request.target + ' ' + (request.body ? *request.body : ""));
        return FakeStage::page(200, "<input name=\"GPP_A\"><input name=\"GPP_B\">");
    };
    EXPECT_EQ(play.verdict(), Verdict::Passed);
    EXPECT_THAT(asked,
                ElementsAre("GET /admin/advanced ", "POST /admin/advanced GPP_A=a+b%26c&GPP_B=192.0.2.10"));
}

TEST(RunnerTest, FailsToSubmitAFieldThatThePageLacks)
{
    Play play{"  - submit: { GPP_A: x }\n  - expect: { state: off }\n"};
    play.stage.pages = [](PhoneNumber, const auto&, emulator::TimePoint) {
        return FakeStage::page(200, "<p>nothing</p>");
    };
    EXPECT_THAT(play.run().causes, ElementsAre(HasSubstr("has no field GPP_A")));
}

TEST(RunnerTest, SendsTheLoginAndEncodesTheAddress)
{
    Play play{"  - browse: '/admin/resync?[--uid x] http://h/a b'\n  - expect: { state: off }\n", 1,
              "login: { user: admin, password: pw }"};
    play.stage.pages = [](PhoneNumber, const emulator::HttpRequest& request, emulator::TimePoint) {
        EXPECT_EQ(request.target, "/admin/resync?[--uid%20x]%20http://h/a%20b");
        EXPECT_EQ(request.fields.first("Authorization"), "Basic YWRtaW46cHc=");
        return FakeStage::page(200, "");
    };
    EXPECT_EQ(play.verdict(), Verdict::Passed);
}

TEST(RunnerTest, PutsAFileForEachPhoneThatItSpeaksOf)
{
    Play play{"  - { put: '${phone.ma}.cfg', server: tftp, text: 'of ${phone.name}' }\n"
              "  - { put: common.cfg, server: tftp, text: '${http}' }\n  - expect: { state: off }\n",
              2};
    play.run();
    std::vector<std::string> put;
    for (const Action& action : play.stage.actions)
        if (const auto* file = std::get_if<PutFile>(&action))
            put.push_back(file->path + ": " + file->bytes);
    EXPECT_THAT(put, ElementsAre("000e08000001.cfg: of phone1", "000e08000002.cfg: of phone2",
                                 "common.cfg: 192.0.2.11"));
}

TEST(RunnerTest, RunsTheLastStepsAfterAFailureToo)
{
    Play play{
        "  - expect: { syslog: x, within: 1s }\n  - wait: 1s\nfinally:\n  - { server: http, goes: back }\n"};
    const CaseResult& result = play.run();
    EXPECT_EQ(result.verdict, Verdict::Failed);
    ASSERT_EQ(result.steps.size(), 3u);
    EXPECT_EQ(result.steps[1].status, StepStatus::NotRun);
    EXPECT_EQ(result.steps[2].status, StepStatus::Done);
    EXPECT_TRUE(result.steps[2].finally);
}

TEST(RunnerTest, IsInvalidWhenTheRigWasLateWhileAnExpectationWasOpen)
{
    const auto verdict = [](emulator::Duration lag, std::string_view steps) {
        Play play{steps};
        play.stage.syslog(1s, "x");
        play.stage.lag = lag;
        return play.verdict();
    };
    const char* const open = "  - expect: { syslog: x, within: 2s }\n";
    EXPECT_EQ(verdict(300ms, open), Verdict::Invalid);
    EXPECT_EQ(verdict(150ms, open), Verdict::Passed);
    EXPECT_EQ(verdict(70ms, "  - expect: { syslog: x, within: 1s }\n"), Verdict::Passed);
    EXPECT_EQ(verdict(300ms, "  - wait: 1s\n  - expect: { syslog: x, within: 2s }\n"), Verdict::Passed);
}

TEST(RunnerTest, LetsInvalidOutrankFailedAndNamesBothCauses)
{
    Play play{"  - expect: { syslog: x, within: 1s }\n"};
    play.stage.wrong = {"12 events were dropped"};
    const CaseResult& result = play.run();
    EXPECT_EQ(result.verdict, Verdict::Invalid);
    EXPECT_THAT(result.causes, ElementsAre("12 events were dropped", HasSubstr("expect syslog")));
}

TEST(RunnerTest, SkipsBeforeAnythingIsTouched)
{
    const Scenario scenario = Play::read("  - wait: 1s\n", 1, "needs: [virtual time]");
    const std::string why =
        whyNot(scenario, "net", [](Capability one) { return one != Capability::VirtualTime; });
    EXPECT_EQ(why, "net has no virtual time");
    EXPECT_EQ(whyNot(scenario, "sim", [](Capability) { return true; }), "");
    EXPECT_EQ(skippedCase(scenario, "net", why).verdict, Verdict::Skipped);
}

TEST(RunnerTest, TellsTheTraceWhatTheRigDid)
{
    struct Names : emulator::TraceSink {
        std::vector<std::string> kinds;
        bool wants(emulator::EventKind) const override { return true; }
        void seen(const emulator::TraceEvent& event) override { kinds.emplace_back(name(event.kind)); }
    } names;
    Play play{"  - wait: 1s\n  - expect: { syslog: x }\n"};
    play.stage.syslog(500ms, "x");
    play.options.events = &names;
    play.run();
    EXPECT_THAT(names.kinds,
                ElementsAre("run.begin", "rig.step", "syslog.message", "rig.step", "rig.verdict", "run.end"));
}

TEST(RunnerTest, TellsTheTraceWhereAStepStandsAndWhyItFailed)
{
    struct Steps : emulator::TraceSink {
        std::vector<std::int64_t> lines;
        std::string note;
        bool wants(emulator::EventKind) const override { return true; }
        void seen(const emulator::TraceEvent& event) override
        {
            using emulator::FieldName;
            if (event.kind == emulator::EventKind::RigStep || event.kind == emulator::EventKind::RigVerdict)
                lines.push_back(event.number(FieldName::Line).value_or(0));
            if (event.kind == emulator::EventKind::RigVerdict)
                note = event.text(FieldName::Note);
        }
    } steps;
    Play play{"  - wait: 1s\n  - expect: { syslog: x, within: 1s }\n"};
    play.options.events = &steps;
    const CaseResult& result = play.run();
    const auto first = static_cast<std::int64_t>(result.steps.at(0).place.line);
    EXPECT_THAT(steps.lines, ElementsAre(first, first + 1, first + 1));
    EXPECT_EQ(steps.note, result.steps.at(1).note);
    EXPECT_NE(steps.note, "");
}

TEST(RunnerTest, EndsWhenWhatItsPhonesFetchHasCome)
{
    Play play{"  - expect: { syslog: x }\n", 2};
    for (const std::size_t phone : {0u, 1u}) {
        play.stage.state(500ms, "contacting", phone);
        play.stage.syslog(600ms, "x", phone);
    }
    play.stage.state(700ms, "upgrading", 0);
    play.stage.state(800ms, "idle", 1);
    play.stage.state(900ms, "idle", 0);
    play.stage.syslog(901ms, "too late");
    EXPECT_EQ(play.run().took, 900ms);
}

TEST(RunnerTest, WaitsNotLongForWhatItsPhonesFetch)
{
    Play play{"  - expect: { syslog: x }\n"};
    play.stage.state(500ms, "contacting");
    play.stage.syslog(600ms, "x");
    play.stage.state(4s, "idle");
    EXPECT_EQ(play.run().took, 2600ms);
}

TEST(RunnerTest, WhatWasOnItsWayWhenTheStepsWereOverIsOfTheRun)
{
    struct Texts : emulator::TraceSink {
        std::vector<std::string> texts;
        bool wants(emulator::EventKind) const override { return true; }
        void seen(const emulator::TraceEvent& event) override
        {
            texts.emplace_back(event.kind == emulator::EventKind::SyslogMessage ? "late line"
                                                                                : name(event.kind));
        }
    } events;
    Play play{"  - wait: 1s\n"};
    play.stage.late = [](emulator::TraceSink& sink) {
        emulator::TraceEvent line;
        line.kind = emulator::EventKind::SyslogMessage;
        sink.seen(line);
    };
    play.options.events = &events;
    play.run();
    EXPECT_THAT(events.texts, ElementsAre("run.begin", "rig.step", "late line", "run.end"));
}

TEST(RunnerTest, ARunThatIsStoppedSaysHowFarItCame)
{
    struct Ends : emulator::TraceSink {
        std::size_t ends = 0;
        bool wants(emulator::EventKind kind) const override { return kind == emulator::EventKind::RunEnd; }
        void seen(const emulator::TraceEvent&) override { ++ends; }
    } events;
    Play play{"  - wait: 1s\n  - expect: { syslog: x, within: 5s }\n  - wait: 1s\nfinally:\n  - wait: 2s\n"};
    play.options.events = &events;
    play.stage.stopsAt = emulator::TimePoint{3s};
    const CaseResult& result = play.run();
    EXPECT_EQ(result.verdict, Verdict::Invalid);
    EXPECT_THAT(result.causes, ElementsAre("stopped"));
    EXPECT_EQ(result.took, 3s);
    ASSERT_EQ(result.steps.size(), 4u);
    EXPECT_EQ(result.steps[0].status, StepStatus::Done);
    EXPECT_EQ(result.steps[1].note, "stopped");
    for (std::size_t i = 1; i < 4; ++i)
        EXPECT_EQ(result.steps[i].status, StepStatus::NotRun) << i;
    EXPECT_TRUE(result.steps[3].finally);
    EXPECT_EQ(events.ends, 1u);
}

TEST(RunnerTest, ReportsItsProgress)
{
    std::vector<std::string> said;
    Play play{"  - wait: 1s\n  - expect: { syslog: x }\n", 2};
    play.stage.syslog(500ms, "x", 0);
    play.stage.syslog(1500ms, "x", 1);
    play.options.progress = [&](const Progress& p) {
        said.push_back(std::to_string(p.step) + '/' + std::to_string(p.steps) + ' ' +
                       std::to_string(p.decided) + " of " + std::to_string(p.phones));
    };
    play.run();
    EXPECT_THAT(said, ElementsAre("1/2 0 of 2", "2/2 0 of 2", "2/2 1 of 2", "2/2 2 of 2"));
}

TEST(EventArchiveTest, KeepsTheBeginningAndTheEndOfALongRun)
{
    EventArchive archive{100};
    for (int i = 0; i < 1000; ++i) {
        emulator::TraceEvent event;
        event.at = emulator::TimePoint{emulator::Duration{i}};
        archive.add(event);
    }
    EXPECT_EQ(archive.total(), 1000u);
    std::size_t kept = 0;
    for (const auto& part : archive.parts()) {
        for (std::size_t i = 0; i < part.events.size(); ++i)
            EXPECT_EQ(part.events[i].at.time_since_epoch().count(), static_cast<long>(part.first + i));
        kept += part.events.size();
    }
    EXPECT_EQ(kept + archive.dropped(), 1000u);
    EXPECT_LE(kept, 100u);
    EXPECT_GE(kept, 75u);
    EXPECT_EQ(archive.parts().back().events.back().at.time_since_epoch().count(), 999);
}

TEST(ExitStatusTest, FollowsTheWorstVerdict)
{
    using enum Verdict;
    const auto status = [](std::vector<Verdict> verdicts) { return exitStatus(verdicts); };
    EXPECT_EQ(status({Passed, Skipped}), 0);
    EXPECT_EQ(status({Passed, Failed}), 1);
    EXPECT_EQ(status({Passed, Failed, Invalid}), 3);
    EXPECT_EQ(status({Skipped}), 3);
    EXPECT_EQ(status({}), 3);
}

}  // namespace
}  // namespace scenarios
