#include "emulator/runtime/trace_queue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace emulator {
namespace {

using namespace std::chrono_literals;

TraceEvent event(Duration at, std::uint32_t actor, std::uint64_t sequence = 0)
{
    TraceEvent made;
    made.at = TimePoint{at};
    made.kind = EventKind::PhoneState;
    made.order = {actor, 0, sequence};
    return made;
}

struct Recorder : TraceSink {
    bool wants(EventKind) const override { return true; }
    void seen(const TraceEvent& seen) override
    {
        order.emplace_back(seen.at.time_since_epoch().count(), seen.order.actor);
        texts.emplace_back(seen.text(FieldName::State));
    }
    std::vector<std::pair<std::int64_t, std::uint32_t>> order;
    std::vector<std::string> texts;
};

TEST(TraceQueueTest, MergesItsProducersByTimeThenOrder)
{
    TraceQueue queue{{EventKind::PhoneState}};
    TraceQueue::Producer& one = queue.addProducer();
    TraceQueue::Producer& two = queue.addProducer();
    one.seen(event(10us, 5));
    one.seen(event(30us, 1));
    two.seen(event(10us, 3));
    two.seen(event(20us, 3));
    Recorder recorder;
    EXPECT_EQ(queue.drain(recorder, 0ms), 4u);
    const std::vector<std::pair<std::int64_t, std::uint32_t>> expected{{10, 3}, {10, 5}, {20, 3}, {30, 1}};
    EXPECT_EQ(recorder.order, expected);
    EXPECT_EQ(queue.drain(recorder, 0ms), 0u);
}

TEST(TraceQueueTest, KeepsTextsThatTheProducerForgetsAtOnce)
{
    TraceQueue queue{{EventKind::PhoneState}};
    TraceQueue::Producer& producer = queue.addProducer();
    for (const char* word : {"off", "booting"}) {
        std::string text{word};
        TraceEvent made = event(1us, 1);
        made.add(FieldName::State, text);
        producer.seen(made);
        text.assign(text.size(), '#');
    }
    Recorder recorder;
    queue.drain(recorder, 0ms);
    EXPECT_EQ(recorder.texts, (std::vector<std::string>{"off", "booting"}));
}

TEST(TraceQueueTest, WantsOnlyTheKindsNamedAtTheStart)
{
    TraceQueue queue{{EventKind::PhoneState}};
    EXPECT_TRUE(queue.addProducer().wants(EventKind::PhoneState));
    EXPECT_FALSE(queue.addProducer().wants(EventKind::PhoneLed));
}

TEST(TraceQueueTest, DropsAndCountsWhatDoesNotFit)
{
    TraceQueue queue{{EventKind::PhoneState}};
    TraceQueue::Producer& producer = queue.addProducer();
    const std::string large(1u << 20, 'x');
    TraceEvent made = event(1us, 1);
    made.add(FieldName::State, large);
    for (int i = 0; i < 100; ++i)
        producer.seen(made);
    struct : TraceSink {
        bool wants(EventKind) const override { return true; }
        void seen(const TraceEvent&) override {}
    } sink;
    const std::size_t kept = queue.drain(sink, 0ms);
    EXPECT_GE(kept, 63u);
    EXPECT_LE(kept, 65u);
    EXPECT_EQ(queue.dropped(), 100 - kept);
    producer.seen(event(2us, 1));  // there is room again
    EXPECT_EQ(queue.drain(sink, 0ms), 1u);
}

TEST(TraceQueueTest, WakesTheThreadThatDrains)
{
    TraceQueue queue{{EventKind::PhoneState}};
    TraceQueue::Producer& one = queue.addProducer();
    TraceQueue::Producer& two = queue.addProducer();
    constexpr int each = 5000;
    std::thread first{[&] {
        for (int i = 0; i < each; ++i)
            one.seen(event(Duration{i}, 1));
    }};
    std::thread second{[&] {
        for (int i = 0; i < each; ++i)
            two.seen(event(Duration{i}, 2));
    }};
    Recorder recorder;
    std::size_t seen = 0;
    for (int rounds = 0; seen < 2 * each && rounds < 2 * each; ++rounds)
        seen += queue.drain(recorder, 10s);
    first.join();
    second.join();
    EXPECT_EQ(seen, 2u * each);
    EXPECT_EQ(queue.dropped(), 0u);
}

}  // namespace
}  // namespace emulator
