#include "emulator/runtime/event_loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <thread>
#include <vector>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class Pair {
public:
    Pair() { ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, m_ends.data()); }
    ~Pair() { closeFar(); }
    int takeNear() const { return m_ends[0]; }  // its watch closes it
    void say(std::string_view text) const
    {
        ASSERT_EQ(::write(m_ends[1], text.data(), text.size()), std::ssize(text));
    }
    void closeFar()
    {
        if (m_ends[1] >= 0)
            ::close(std::exchange(m_ends[1], -1));
    }

private:
    std::array<int, 2> m_ends{-1, -1};
};

struct User : SocketUser {
    void readable() override
    {
        ++reads;
        if (onReadable)
            onReadable();
    }
    void writable() override { ++writes; }
    int reads = 0;
    int writes = 0;
    std::function<void()> onReadable;
};

void handleWhatIsReady(EventLoop& loop)
{
    int turns = 0;
    for (int i = 0; i < 3; ++i)
        loop.post([&] { ++turns; });
    loop.runUntil([&] { return turns == 3; }, 10s);
    loop.post([&] { ++turns; });
    loop.runUntil([&] { return turns == 4; }, 10s);
}

TEST(EventLoopTest, TellsOncePerWaitThatADescriptorIsReadable)
{
    EventLoop loop;
    Pair pair;
    User user;
    Watch watch{loop, pair.takeNear(), user};
    pair.say("unread");

    handleWhatIsReady(loop);
    EXPECT_EQ(user.reads, 0) << "nobody waits yet";
    watch.waitReadable();
    handleWhatIsReady(loop);
    EXPECT_EQ(user.reads, 1);
    handleWhatIsReady(loop);
    EXPECT_EQ(user.reads, 1) << "that wait is over";
    watch.waitReadable();
    handleWhatIsReady(loop);
    EXPECT_EQ(user.reads, 2) << "the bytes are still there";
}

TEST(EventLoopTest, GoesOnTellingAUserThatWaitsAgainEachTime)
{
    EventLoop loop;
    Pair pair;
    User user;
    Watch watch{loop, pair.takeNear(), user};
    user.onReadable = [&] { watch.waitReadable(); };
    pair.say("unread");
    watch.waitReadable();

    loop.runUntil([&] { return user.reads == 5; }, 10s);

    EXPECT_EQ(user.reads, 5);
}

TEST(EventLoopTest, WaitsForBothDirectionsAtATime)
{
    EventLoop loop;
    Pair pair;
    User user;
    Watch watch{loop, pair.takeNear(), user};
    watch.waitReadable();
    watch.waitWritable();

    handleWhatIsReady(loop);
    EXPECT_EQ(user.writes, 1);
    EXPECT_EQ(user.reads, 0) << "nothing came";
    pair.say("now");
    handleWhatIsReady(loop);
    EXPECT_EQ(user.reads, 1) << "the wait outlived the other one";
    EXPECT_EQ(user.writes, 1);
}

TEST(EventLoopTest, TakesAHangUpForReady)
{
    EventLoop loop;
    Pair pair;
    User user;
    Watch watch{loop, pair.takeNear(), user};
    watch.waitReadable();
    pair.closeFar();

    handleWhatIsReady(loop);

    EXPECT_EQ(user.reads, 1);
}

TEST(EventLoopTest, TellsNobodyOfADescriptorThatWasClosedInTheSameTurn)
{
    EventLoop loop;
    Pair one;
    Pair other;
    Pair next;
    User first;
    User second;
    User third;
    Watch firstWatch{loop, one.takeNear(), first};
    Watch secondWatch{loop, other.takeNear(), second};
    Watch thirdWatch;
    // Whoever is told first closes both and begins with a new descriptor, which has nothing to read.
    const auto closeBoth = [&] {
        firstWatch.close();
        secondWatch.close();
        thirdWatch = Watch{loop, next.takeNear(), third};
        thirdWatch.waitReadable();
    };
    first.onReadable = second.onReadable = closeBoth;
    one.say("a");
    other.say("b");
    firstWatch.waitReadable();
    secondWatch.waitReadable();

    handleWhatIsReady(loop);

    EXPECT_EQ(first.reads + second.reads, 1);
    EXPECT_EQ(third.reads, 0);
}

TEST(EventLoopTest, LeavesAReleasedDescriptorOpenAndUnwatched)
{
    EventLoop loop;
    Pair pair;
    User user;
    Watch watch{loop, pair.takeNear(), user};
    watch.waitReadable();

    const int descriptor = watch.release();
    pair.say("x");
    handleWhatIsReady(loop);

    EXPECT_EQ(user.reads, 0);
    char byte = 0;
    EXPECT_EQ(::read(descriptor, &byte, 1), 1);
    ::close(descriptor);
}

TEST(EventLoopTest, IsWokenByWorkOfAnotherThread)
{
    EventLoop loop;
    std::thread other{[&] { loop.post([&] { loop.stop(); }); }};

    loop.run();  // without end otherwise

    other.join();
}

struct Owner : TimerOwner {
    explicit Owner(EventLoop& loop) : on{loop} {}
    void timerDue(std::uint32_t tag, TimePoint now) override
    {
        tags.push_back(tag);
        onTime = onTime && now >= due;
        if (repeats)
            on.arm(slot, now);
    }
    EventLoop& on;
    TimerHeap::Slot slot = 0;
    TimePoint due{};
    bool repeats = false;
    bool onTime = true;
    std::vector<std::uint32_t> tags;
};

TEST(EventLoopTest, HandlesDeadlinesInTheirOrderAndNotBefore)
{
    EventLoop loop;
    Owner owner{loop};
    const TimePoint now = loop.now();
    owner.due = now + 2ms;
    const auto late = loop.addTimer(owner, 2);
    const auto early = loop.addTimer(owner, 1);
    const auto dropped = loop.addTimer(owner, 3);
    loop.arm(late, now + 4ms);
    loop.arm(early, now + 2ms);
    loop.arm(dropped, now + 3ms);
    loop.arm(dropped, TimePoint::max());

    loop.runUntil([&] { return owner.tags.size() == 2; }, 10s);

    EXPECT_THAT(owner.tags, ElementsAre(1, 2));
    EXPECT_TRUE(owner.onTime);
}

TEST(EventLoopTest, LetsSocketsTakeTheirTurnBetweenDeadlinesThatRepeatAtOnce)
{
    EventLoop loop;
    Owner owner{loop};
    owner.repeats = true;
    owner.slot = loop.addTimer(owner, 1);
    loop.arm(owner.slot, loop.now());
    Pair pair;
    User user;
    Watch watch{loop, pair.takeNear(), user};
    watch.waitReadable();
    pair.say("x");

    loop.runUntil([&] { return user.reads == 1; }, 10s);

    EXPECT_EQ(user.reads, 1);
}

TEST(EventLoopTest, EndsWaitingWhenItsTimeIsOver)
{
    EventLoop loop;

    EXPECT_FALSE(loop.runUntil([] { return false; }, 1ms));
}

}  // namespace
}  // namespace emulator
