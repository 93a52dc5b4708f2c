#include "emulator/runtime/event_loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <cassert>
#include <deque>
#include <utility>
#include <vector>

namespace asio = boost::asio;

namespace emulator {

struct Watch::State {
    explicit State(EventLoop::Impl& owner);
    EventLoop::Impl& loop;
    asio::posix::stream_descriptor descriptor;
    SocketUser* user = nullptr;
    bool reading = false;  // waits that Asio still holds
    bool writing = false;
};

struct EventLoop::Impl {
    Impl(Clock::time_point zeroTime, TimerOwner* owner, std::uint32_t ranged)
        : zero{zeroTime},
          rangeOwner{owner},
          rangedSlots{ranged},
          heap{ranged}
    {}

    TimePoint now() const { return TimePoint{std::chrono::duration_cast<Duration>(Clock::now() - zero)}; }

    // The Asio timer stands at or before the next deadline; firing early only makes it look again.
    void armTimer()
    {
        const TimePoint next = heap.next();
        if (next >= timerAt)
            return;
        timerAt = next;
        timer.expires_at(zero + next.time_since_epoch());
        timer.async_wait([this](const boost::system::error_code& error) {
            if (!error)
                timerFired();
        });
    }

    void timerFired()
    {
        timerAt = TimePoint::max();
        // A deadline that a handler sets to now or earlier waits for the next turn.
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
        armTimer();
    }

    void noteLag(Duration lag)
    {
        if (lag.count() > worst.load(std::memory_order_relaxed))
            worst.store(lag.count(), std::memory_order_relaxed);
    }

    Watch::State* state()
    {
        if (free.empty()) {
            states.push_back(std::make_unique<Watch::State>(*this));
            return states.back().get();
        }
        Watch::State* const found = free.back();
        free.pop_back();
        return found;
    }

    void ended(Watch::State& state)
    {
        if (state.user == nullptr && !state.reading && !state.writing)
            free.push_back(&state);
    }

    static constexpr int maxDuePerTurn = 256;  // so that sockets are not kept waiting by a million deadlines
    struct Owner {
        TimerOwner* owner = nullptr;
        std::uint32_t tag = 0;
    };

    asio::io_context context{1};
    asio::steady_timer timer{context};
    Clock::time_point zero;
    TimerOwner* rangeOwner;
    std::uint32_t rangedSlots;
    TimerHeap heap;
    std::vector<Owner> owners;
    TimePoint timerAt = TimePoint::max();
    std::atomic<Duration::rep> worst{0};
    bool stopped = false;
    std::vector<std::unique_ptr<Watch::State>> states;
    std::vector<Watch::State*> free;
};

Watch::State::State(EventLoop::Impl& owner) : loop{owner}, descriptor{owner.context} {}

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
    const auto guard = asio::make_work_guard(m_impl->context);
    m_impl->stopped = false;
    m_impl->context.restart();
    while (!m_impl->stopped) {
        m_impl->context.run_one();
        for (int handlers = 1; handlers < 32 && !m_impl->stopped && m_impl->context.poll_one() != 0;
             ++handlers) {}
        if (turnEnd)
            turnEnd();
    }
}

bool EventLoop::runUntil(const std::function<bool()>& done, std::chrono::milliseconds limit)
{
    const auto guard = asio::make_work_guard(m_impl->context);
    const Clock::time_point end = Clock::now() + limit;
    m_impl->context.restart();
    while (!done() && Clock::now() < end)
        m_impl->context.run_one_until(end);
    return done();
}

void EventLoop::stop()
{
    post([this] { m_impl->stopped = true; });
}

void EventLoop::post(std::function<void()> work)
{
    asio::post(m_impl->context, std::move(work));
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
    m_impl->armTimer();
}

Watch::Watch(EventLoop& loop, int descriptor, SocketUser& user) : m_state{loop.m_impl->state()}
{
    boost::system::error_code error;
    m_state->descriptor.assign(descriptor, error);
    assert(!error);
    m_state->user = &user;
}

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
    return m_state == nullptr ? -1 : m_state->descriptor.native_handle();
}

void Watch::waitReadable()
{
    if (m_state->reading)
        return;
    m_state->reading = true;
    m_state->descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                                   [state = m_state](const boost::system::error_code& error) {
                                       state->reading = false;
                                       if (state->user == nullptr)
                                           state->loop.ended(*state);
                                       else if (!error)
                                           state->user->readable();
                                   });
}

void Watch::waitWritable()
{
    if (m_state->writing)
        return;
    m_state->writing = true;
    m_state->descriptor.async_wait(asio::posix::descriptor_base::wait_write,
                                   [state = m_state](const boost::system::error_code& error) {
                                       state->writing = false;
                                       if (state->user == nullptr)
                                           state->loop.ended(*state);
                                       else if (!error)
                                           state->user->writable();
                                   });
}

void Watch::close()
{
    if (m_state == nullptr)
        return;
    State& state = *std::exchange(m_state, nullptr);
    boost::system::error_code ignored;
    state.descriptor.close(ignored);
    state.user = nullptr;
    state.loop.ended(state);
}

int Watch::release()
{
    State& state = *std::exchange(m_state, nullptr);
    const int descriptor = state.descriptor.release();
    state.user = nullptr;
    state.loop.ended(state);
    return descriptor;
}

}  // namespace emulator
