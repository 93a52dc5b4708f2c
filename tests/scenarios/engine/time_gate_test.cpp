#include "emulator/trace/ndjson.hpp"
#include "scenarios/engine/stage_factory.hpp"
#include "tests/scenarios/engine/scenario_text.hpp"

#include <gtest/gtest.h>

#include <sys/eventfd.h>
#include <unistd.h>

#include <future>
#include <semaphore>
#include <vector>

namespace scenarios {
namespace {

using emulator::TimePoint;
using namespace std::chrono_literals;

// Moments that pass a gate one after the other on a thread of their own.
class Traveller {
public:
    Traveller(TimeGate& gate, std::vector<TimePoint> moments)
        : m_done{std::async(std::launch::async, [this, &gate, moments = std::move(moments)] {
              for (const TimePoint moment : moments) {
                  gate.pass(moment);
                  ++m_passed;
                  m_news.release();
              }
          })}
    {}
    void awaitOne() { m_news.acquire(); }
    void awaitEnd() { m_done.get(); }
    int passed() const { return m_passed; }

private:
    std::counting_semaphore<> m_news{0};
    std::atomic<int> m_passed{0};
    std::future<void> m_done;  // the last member: ends before the others
};

TEST(TimeGateTest, EachStepLetsOneMomentPass)
{
    TimeGate gate{true};
    Traveller traveller{gate, {TimePoint{1s}, TimePoint{2s}, TimePoint{3s}}};
    for (int step = 1; step <= 3; ++step) {
        EXPECT_EQ(traveller.passed(), step - 1);
        gate.step();
        traveller.awaitOne();
        EXPECT_EQ(gate.state().now, TimePoint{step * 1s});
        EXPECT_TRUE(gate.state().paused);
    }
    traveller.awaitEnd();
}

TEST(TimeGateTest, WhatIsHeldBackComesOnceTimePassesAgain)
{
    for (const std::optional<unsigned> factor :
         {std::optional<unsigned>{}, std::optional{Pace::mostFactor}}) {
        TimeGate gate{true};
        Traveller traveller{gate, {TimePoint{1s}, TimePoint{1min}}};
        gate.step();
        traveller.awaitOne();
        gate.go(factor);
        traveller.awaitEnd();
        EXPECT_EQ(gate.state().now, TimePoint{1min});
        EXPECT_EQ(gate.state().factor, factor);
        EXPECT_FALSE(gate.state().held);
    }
}

TEST(TimeGateTest, NothingIsHeldBackOnceTheProcessIsToldToEnd)
{
    const int bell = ::eventfd(1, EFD_CLOEXEC);
    TimeGate gate{true, bell};
    Traveller{gate, {TimePoint{1s}, TimePoint{24h}}}.awaitEnd();
    ::close(bell);
}

TEST(TimeGateTest, WhenTheRunIsOverItSaysSoAndHoldsNothing)
{
    TimeGate gate{true};
    gate.end();
    gate.pass(TimePoint{1s});
    EXPECT_TRUE(gate.state().over);
    EXPECT_FALSE(gate.state().held);
}

// --- on `sim` ---

constexpr std::string_view threeResyncs = R"(
scenario: Phones resync
phones: { model: CP-7832-3PCC, count: 3, set: { Resync_On_Reset: "No" } }
servers:
  http:   { files: { basic.txt: "<flat-profile><GPP_A>1</GPP_A></flat-profile>" } }
  syslog: {}
steps:
  - power: on
  - browse: /admin/resync?http://${http}/basic.txt
  - wait: 10s
  - expect: { syslog: "*Successful resync*" }
  - expect: { syslog: "*never said*", within: 3s }
)";

class Story : public emulator::TraceSink {
public:
    explicit Story(std::function<void()> eachTime = {}) : m_eachTime{std::move(eachTime)} {}
    bool wants(emulator::EventKind) const override { return true; }
    void seen(const emulator::TraceEvent& event) override
    {
        emulator::appendNdjson(text, event, ++m_number);
        if (m_eachTime)
            m_eachTime();
    }
    std::string text;

private:
    std::function<void()> m_eachTime;
    std::uint64_t m_number = 0;
};

void playHeld(Story& story, TimeGate* gate, unsigned threads)
{
    RunOptions options;
    options.events = &story;
    StageOptions stage;
    stage.gate = gate;
    stage.threads = threads;
    EXPECT_EQ(playOn("sim", aScenario(threeResyncs), stage, options).verdict, Verdict::Failed);
}

TEST(TimeGateTest, TheTraceIsTheSameWhateverWasHeldBack)
{
    Story free;
    playHeld(free, nullptr, 1);
    for (const unsigned threads : {1u, 2u}) {
        TimeGate gate{true};
        std::counting_semaphore<> news{0};
        Story held{[&] { news.release(); }};
        auto run = std::async(std::launch::async, [&] { playHeld(held, &gate, threads); });
        for (int step = 0; step < 40; ++step) {
            gate.step();
            news.acquire();
        }
        gate.go(60);
        news.acquire();
        gate.pause();
        gate.go(Pace::mostFactor);
        news.acquire();
        gate.go(std::nullopt);
        run.get();
        EXPECT_EQ(held.text, free.text) << threads << " threads";
    }
}

TEST(TimeGateTest, AnInstantThatAStepWaitedForInVainIsAMomentToo)
{
    TimeGate gate{false};
    Story story;
    playHeld(story, &gate, 1);
    EXPECT_GE(gate.state().now, TimePoint{13s}) << "ten seconds of waiting, three without the syslog line";
}

}  // namespace
}  // namespace scenarios
