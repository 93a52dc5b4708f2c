#include "emulator/runtime/event_loop.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace emulator {

namespace {

constexpr std::uint32_t nobody = ~std::uint32_t{};  // the event number of the wake-up descriptor

// Waits as long as a deadline needs, to the nanosecond where the kernel can (Linux 5.11), else to the millisecond.
int waitForEvents(int epoll, epoll_event* events, int most, std::chrono::nanoseconds time)
{
    static std::atomic<bool> exact{true};
    if (exact.load(std::memory_order_relaxed)) {
        timespec limit{};
        limit.tv_sec = static_cast<time_t>(time.count() / 1'000'000'000);
        limit.tv_nsec = static_cast<long>(time.count() % 1'000'000'000);
        const int count = ::epoll_pwait2(epoll, events, most, time.count() < 0 ? nullptr : &limit, nullptr);
        if (count >= 0 || errno != ENOSYS)
            return count;
        exact.store(false, std::memory_order_relaxed);
    }
    const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(time).count();
    return ::epoll_wait(epoll, events, most,
                        time.count() < 0 ? -1 : static_cast<int>(std::min<std::int64_t>(rounded, 60'000)));
}

}  // namespace

// Kept for the next descriptor when one is closed; `uses` tells an event of this use from one of an earlier.
struct Watch::State {
    EventLoop::Impl& loop;
    std::uint32_t number;
    std::uint32_t uses = 0;
    int descriptor = -1;
    std::uint32_t known = 0;   // what epoll was told to report; 0: nothing was told yet
    std::uint32_t wanted = 0;  // what the user waits for
    SocketUser* user = nullptr;
};

struct EventLoop::Impl {
    Impl(Clock::time_point zeroTime, TimerOwner* owner, std::uint32_t ranged)
        : zero{zeroTime},
          rangeOwner{owner},
          rangedSlots{ranged},
          heap{ranged}
    {
        if (epoll < 0 || wakeUp < 0)
            std::abort();  // no descriptors at all: nothing of a fleet could run
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = nobody;
        ::epoll_ctl(epoll, EPOLL_CTL_ADD, wakeUp, &event);
    }
    ~Impl()
    {
        for (const std::unique_ptr<Watch::State>& state : states)
            if (state->descriptor >= 0)
                ::close(state->descriptor);
        ::close(wakeUp);
        ::close(epoll);
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    TimePoint now() const { return TimePoint{std::chrono::duration_cast<Duration>(Clock::now() - zero)}; }

    // Waits until something is ready, due or posted, or `most` has passed (negative: without end), and handles it.
    void turn(std::chrono::nanoseconds most)
    {
        std::array<epoll_event, eventsPerTurn> events;
        const int count = waitForEvents(epoll, events.data(), eventsPerTurn, waitingTime(most));
        for (int i = 0; i < count; ++i)
            take(events[static_cast<std::size_t>(i)]);
        handleDue();
        runPosted();
    }

    std::chrono::nanoseconds waitingTime(std::chrono::nanoseconds most)
    {
        if (hasPosted.load(std::memory_order_acquire))
            return std::chrono::nanoseconds{0};
        if (heap.next() == TimePoint::max())
            return most;
        const auto until =
            std::max(std::chrono::nanoseconds{heap.next() - now()}, std::chrono::nanoseconds{0});
        return most.count() < 0 ? until : std::min(until, most);
    }

    void take(const epoll_event& event)
    {
        const auto number = static_cast<std::uint32_t>(event.data.u64);
        if (number == nobody) {
            std::uint64_t times = 0;
            [[maybe_unused]] const ssize_t got = ::read(wakeUp, &times, sizeof times);
            return;
        }
        Watch::State& state = *states[number];
        const auto uses = static_cast<std::uint32_t>(event.data.u64 >> 32);
        const auto stillWaits = [&](std::uint32_t what) {
            return state.uses == uses && state.user != nullptr && (state.wanted & what) != 0;
        };
        const bool broken = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
        if ((broken || (event.events & EPOLLIN) != 0) && stillWaits(EPOLLIN)) {
            state.wanted &= ~std::uint32_t{EPOLLIN};
            state.user->readable();
        }
        if ((broken || (event.events & EPOLLOUT) != 0) && stillWaits(EPOLLOUT)) {
            state.wanted &= ~std::uint32_t{EPOLLOUT};
            state.user->writable();
        }
        if (state.uses == uses && state.user != nullptr && state.wanted != state.known)
            tell(state);  // it would be reported again and again
    }

    // A descriptor is told to epoll by its first wait, and again only when what it waits for changes.
    void want(Watch::State& state, std::uint32_t what)
    {
        state.wanted |= what;
        if ((state.known & what) == 0)
            tell(state);
    }

    void tell(Watch::State& state)
    {
        epoll_event event{};
        event.events = state.wanted;
        event.data.u64 = std::uint64_t{state.uses} << 32 | state.number;
        // One that waits for nothing has to go: epoll reports a hang-up whether it is wanted or not.
        const int what = state.known == 0 ? EPOLL_CTL_ADD : state.wanted == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
        [[maybe_unused]] const int told = ::epoll_ctl(epoll, what, state.descriptor, &event);
        assert(told == 0);
        state.known = state.wanted;
    }

    void handleDue()
    {
        // A deadline that a handler sets to now or earlier waits for the next turn.
        if (heap.next() == TimePoint::max())
            return;
        const TimePoint until = now();
        for (int handled = 0; handled < maxDuePerTurn; ++handled) {
            const auto due = heap.popDue(until);
            if (!due)
                break;
            const TimePoint at = now();
            noteLag(at - due->at);
            if (due->slot < rangedSlots)
                rangeOwner->timerDue(due->slot, at);
            else
                owners[due->slot - rangedSlots].owner->timerDue(owners[due->slot - rangedSlots].tag, at);
        }
    }

    void runPosted()
    {
        if (!hasPosted.load(std::memory_order_acquire))
            return;
        std::vector<std::function<void()>> work;
        {
            const std::scoped_lock lock{mutex};
            work.swap(posted);
            hasPosted.store(false, std::memory_order_release);
        }
        for (std::function<void()>& one : work)
            one();
    }

    void post(std::function<void()> work)
    {
        {
            const std::scoped_lock lock{mutex};
            posted.push_back(std::move(work));
            hasPosted.store(true, std::memory_order_release);
        }
        if (std::this_thread::get_id() == thread.load(std::memory_order_relaxed))
            return;  // it looks before it waits
        const std::uint64_t once = 1;
        [[maybe_unused]] const ssize_t put = ::write(wakeUp, &once, sizeof once);
    }

    void noteLag(Duration lag)
    {
        if (lag.count() > worst.load(std::memory_order_relaxed))
            worst.store(lag.count(), std::memory_order_relaxed);
    }

    Watch::State& state(int descriptor, SocketUser& user)
    {
        if (free.empty()) {
            const auto number = static_cast<std::uint32_t>(states.size());
            states.push_back(std::make_unique<Watch::State>(Watch::State{*this, number}));
            free.push_back(number);
        }
        Watch::State& found = *states[free.back()];
        free.pop_back();
        found.descriptor = descriptor;
        found.user = &user;
        return found;
    }

    // Closing a descriptor takes it off epoll by itself; one that lives on is taken off.
    void giveBack(Watch::State& state, bool closes)
    {
        if (closes)
            ::close(state.descriptor);
        else if (state.known != 0)
            ::epoll_ctl(epoll, EPOLL_CTL_DEL, state.descriptor, nullptr);
        ++state.uses;
        state.descriptor = -1;
        state.known = state.wanted = 0;
        state.user = nullptr;
        free.push_back(state.number);
    }

    static constexpr int eventsPerTurn = 32;
    static constexpr int maxDuePerTurn = 256;  // so that sockets are not kept waiting by a million deadlines
    struct Owner {
        TimerOwner* owner = nullptr;
        std::uint32_t tag = 0;
    };

    int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    int wakeUp = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    Clock::time_point zero;
    TimerOwner* rangeOwner;
    std::uint32_t rangedSlots;
    TimerHeap heap;
    std::vector<Owner> owners;
    std::atomic<Duration::rep> worst{0};
    bool stopped = false;
    std::vector<std::unique_ptr<Watch::State>> states;
    std::vector<std::uint32_t> free;

    std::atomic<std::thread::id> thread{};  // the one that runs the loop
    std::mutex mutex;
    std::vector<std::function<void()>> posted;  // under mutex
    std::atomic<bool> hasPosted{false};
};

EventLoop::EventLoop(Clock::time_point zero, TimerOwner* rangeOwner, std::uint32_t ranged)
    : m_impl{std::make_unique<Impl>(zero, rangeOwner, ranged)}
{}

EventLoop::~EventLoop() = default;

TimePoint EventLoop::now() const
{
    return m_impl->now();
}

void EventLoop::run(const std::function<void()>& turnEnd)
{
    m_impl->thread = std::this_thread::get_id();
    m_impl->stopped = false;
    while (!m_impl->stopped) {
        m_impl->turn(std::chrono::nanoseconds{-1});
        if (turnEnd)
            turnEnd();
    }
    m_impl->thread = std::thread::id{};
}

bool EventLoop::runUntil(const std::function<bool()>& done, std::chrono::milliseconds limit)
{
    m_impl->thread = std::this_thread::get_id();
    const Clock::time_point end = Clock::now() + limit;
    for (Clock::time_point now = Clock::now(); !done() && now < end; now = Clock::now())
        m_impl->turn(end - now);
    m_impl->thread = std::thread::id{};
    return done();
}

void EventLoop::stop()
{
    post([this] { m_impl->stopped = true; });
}

void EventLoop::post(std::function<void()> work)
{
    m_impl->post(std::move(work));
}

Duration EventLoop::worstLag()
{
    return Duration{m_impl->worst.exchange(0, std::memory_order_relaxed)};
}

TimerHeap::Slot EventLoop::addTimer(TimerOwner& owner, std::uint32_t tag)
{
    const TimerHeap::Slot slot = m_impl->heap.add();
    const std::size_t place = slot - m_impl->rangedSlots;
    if (place >= m_impl->owners.size())
        m_impl->owners.resize(place + 1);
    m_impl->owners[place] = {&owner, tag};
    return slot;
}

void EventLoop::removeTimer(TimerHeap::Slot slot)
{
    m_impl->heap.remove(slot);
}

void EventLoop::arm(TimerHeap::Slot slot, TimePoint at)
{
    m_impl->heap.arm(slot, at);
}

Watch::Watch(EventLoop& loop, int descriptor, SocketUser& user)
    : m_state{&loop.m_impl->state(descriptor, user)}
{}

Watch::Watch(Watch&& other) noexcept : m_state{std::exchange(other.m_state, nullptr)} {}

Watch& Watch::operator=(Watch&& other) noexcept
{
    if (this != &other) {
        close();
        m_state = std::exchange(other.m_state, nullptr);
    }
    return *this;
}

int Watch::descriptor() const
{
    return m_state == nullptr ? -1 : m_state->descriptor;
}

void Watch::waitReadable()
{
    m_state->loop.want(*m_state, EPOLLIN);
}

void Watch::waitWritable()
{
    m_state->loop.want(*m_state, EPOLLOUT);
}

void Watch::close()
{
    if (m_state == nullptr)
        return;
    State& state = *std::exchange(m_state, nullptr);
    state.loop.giveBack(state, true);
}

int Watch::release()
{
    State& state = *std::exchange(m_state, nullptr);
    const int descriptor = state.descriptor;
    state.loop.giveBack(state, false);
    return descriptor;
}

}  // namespace emulator
