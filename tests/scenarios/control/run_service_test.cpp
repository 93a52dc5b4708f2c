#include "scenarios/control/run_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace scenarios::control {
namespace {

using emulator::TimePoint;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;

// A run without phones: the test itself lets moments come.
class RunServiceTest : public testing::Test {
protected:
    void moment(TimePoint at)
    {
        m_gate.pass(at);
        emulator::TraceEvent event;
        event.kind = emulator::EventKind::RigStep;
        event.by = emulator::Observer::Rig;
        event.at = at;
        m_history.seen(event);
    }

    std::optional<ControlAnswer> ask(WindowService::ClientId window, auto order)
    {
        const auto line = m_service.lineCame(window, print(ControlCommand{++m_id, std::move(order)}));
        return line ? std::optional{*readAnswer(*line)} : std::nullopt;
    }

    // What a turn tells, by the window.
    std::map<WindowService::ClientId, std::vector<ControlAnswer>> turn()
    {
        std::map<WindowService::ClientId, std::vector<ControlAnswer>> told;
        m_service.turn(
            [&](WindowService::ClientId id, std::string line) { told[id].push_back(*readAnswer(line)); });
        return told;
    }

    static RunClock clockOf(const ControlAnswer& answer) { return std::get<RunClock>(answer.what); }

    TimeGate m_gate{false};
    EventHistory m_history;
    RunService m_service{m_gate, m_history, {}};
    WindowService::ClientId m_window = m_service.join();
    std::uint64_t m_id = 0;
};

TEST_F(RunServiceTest, AStepThatTheRunDoesNotComeToIsAnsweredAtItsEnd)
{
    EXPECT_FALSE(ask(m_window, StepTime{}));
    EXPECT_THAT(turn(), IsEmpty()) << "the run has not come to the next moment yet";
    moment(TimePoint{2s});
    EXPECT_THAT(turn(), IsEmpty()) << "something may still happen at this moment";
    m_gate.end();
    const auto told = turn();
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_EQ(clockOf(told.at(m_window).front()), (RunClock{TimePoint{2s}, 1, true, std::nullopt, true}));
    EXPECT_EQ(told.at(m_window).front().id, 1u);
    EXPECT_THAT(turn(), IsEmpty()) << "a command has one result";
}

TEST_F(RunServiceTest, TheClockIsToldWhenItSaysSomethingElseAndAtLeastOnceASecond)
{
    EXPECT_FALSE(ask(m_window, AwaitClock{}));
    EXPECT_EQ(clockOf(turn().at(m_window).front()), RunClock{});
    EXPECT_FALSE(ask(m_window, AwaitClock{}));
    EXPECT_THAT(turn(), IsEmpty());
    moment(TimePoint{5s});
    EXPECT_EQ(clockOf(turn().at(m_window).front()), (RunClock{TimePoint{5s}, 1, false, std::nullopt, false}));
    EXPECT_FALSE(ask(m_window, AwaitClock{}));
    int turns = 1;
    while (turn().empty())
        ++turns;
    EXPECT_EQ(turns, 30);
}

TEST_F(RunServiceTest, ASpeedIsAnsweredAtOnceAndToldToTheOtherWindows)
{
    const WindowService::ClientId other = m_service.join();
    EXPECT_EQ(clockOf(*ask(m_window, PassTime{60})).factor, 60u);
    EXPECT_FALSE(ask(other, AwaitClock{}));
    EXPECT_EQ(clockOf(turn().at(other).front()).factor, 60u);
    EXPECT_EQ(clockOf(*ask(m_window, PassTime{})).factor, std::nullopt);
}

TEST_F(RunServiceTest, EventsAreThoseOfTheWholeRunFromTheFirstOn)
{
    for (const auto at : {1s, 2s, 3s})
        moment(TimePoint{at});
    const Events all = std::get<Events>(ask(m_window, ReadEvents{})->what);
    ASSERT_THAT(all.lines, SizeIs(3));
    EXPECT_THAT(all.lines.front(), HasSubstr("\"t\":1.000000"));
    EXPECT_EQ(all.last, 3u);
    const Events rest = std::get<Events>(ask(m_window, ReadEvents{{}, 2})->what);
    EXPECT_THAT(rest.lines, ElementsAre(HasSubstr("\"t\":3.000000")));
    EXPECT_THAT(ask(m_window, ReadEvents{0, 0})->error, HasSubstr("expected no \"phone\""));
}

TEST_F(RunServiceTest, TimePassesFreelyOnceTheLastWindowHasLeft)
{
    const WindowService::ClientId other = m_service.join();
    (void)ask(m_window, PauseTime{});
    m_service.leave(m_window);
    EXPECT_TRUE(m_gate.state().paused) << "the other one still looks";
    m_service.leave(other);
    ASSERT_FALSE(m_gate.state().paused);
    moment(TimePoint{24h});
}

TEST_F(RunServiceTest, WhatIsForFleetsIsRefusedInOneSentence)
{
    EXPECT_THAT(ask(m_window, AwaitChanges{})->error,
                HasSubstr("expected clock, events, pause, step or speed"));
    EXPECT_THAT(*m_service.lineCame(m_window, R"({"id":9,"do":"speed","factor":0})"),
                HasSubstr("expected a whole number from 1 to 86400"));
}

TEST_F(RunServiceTest, AWindowThatAsksWithoutEndIsToldSo)
{
    for (std::size_t i = 0; i < RunService::mostWaiting; ++i)
        EXPECT_FALSE(ask(m_window, StepTime{}));
    EXPECT_THAT(ask(m_window, StepTime{})->error, HasSubstr("too many commands wait"));
}

}  // namespace
}  // namespace scenarios::control
