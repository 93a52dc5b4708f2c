#include "emulator/runtime/timer_heap.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace emulator {
namespace {

using namespace std::chrono_literals;

TEST(TimerHeapTest, HandsOutWhatIsDueTheEarliestFirst)
{
    TimerHeap heap{3};
    heap.arm(0, TimePoint{3s});
    heap.arm(1, TimePoint{1s});
    heap.arm(2, TimePoint{2s});
    EXPECT_EQ(heap.next(), TimePoint{1s});
    EXPECT_FALSE(heap.popDue(TimePoint{999ms}).has_value());
    EXPECT_EQ(heap.popDue(TimePoint{2s})->slot, 1u);
    EXPECT_EQ(heap.popDue(TimePoint{2s})->slot, 2u);
    EXPECT_FALSE(heap.popDue(TimePoint{2s}).has_value());
    EXPECT_EQ(heap.armed(), 1u);
}

TEST(TimerHeapTest, ALaterArmReplacesTheEarlierDeadline)
{
    TimerHeap heap{2};
    heap.arm(0, TimePoint{1s});
    heap.arm(0, TimePoint{5s});
    EXPECT_FALSE(heap.popDue(TimePoint{4s}).has_value());
    heap.arm(0, TimePoint{2s});
    EXPECT_EQ(heap.popDue(TimePoint{4s})->at, TimePoint{2s});
    EXPECT_EQ(heap.next(), TimePoint::max());
}

TEST(TimerHeapTest, ARemovedSlotIsHandedOutAgainDisarmed)
{
    TimerHeap heap{1};
    const TimerHeap::Slot slot = heap.add();
    heap.arm(slot, TimePoint{1s});
    heap.remove(slot);
    EXPECT_EQ(heap.armed(), 0u);
    EXPECT_EQ(heap.add(), slot);
    EXPECT_FALSE(heap.popDue(TimePoint::max()).has_value());
}

TEST(TimerHeapTest, AgreesWithASortedMapOverManyRandomChanges)
{
    constexpr std::uint32_t slots = 200;
    TimerHeap heap{slots};
    std::map<TimerHeap::Slot, TimePoint> expected;
    std::mt19937 random{7};
    TimePoint now{};
    for (int step = 0; step < 20'000; ++step) {
        const auto slot = static_cast<TimerHeap::Slot>(random() % slots);
        switch (random() % 4) {
        case 0:
        case 1:
            expected[slot] = now + Duration{random() % 1000};
            heap.arm(slot, expected[slot]);
            break;
        case 2:
            expected.erase(slot);
            heap.disarm(slot);
            break;
        default:
            now += Duration{random() % 50};
            while (const auto due = heap.popDue(now)) {
                ASSERT_EQ(expected.at(due->slot), due->at);
                for (const auto& [other, at] : expected)
                    ASSERT_LE(due->at, at);
                expected.erase(due->slot);
            }
            for (const auto& [other, at] : expected)
                ASSERT_GT(at, now);
        }
        ASSERT_EQ(heap.armed(), expected.size());
    }
}

}  // namespace
}  // namespace emulator
