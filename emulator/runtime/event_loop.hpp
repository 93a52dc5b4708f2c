#pragma once

#include "emulator/base/time_point.hpp"
#include "emulator/runtime/timer_heap.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace emulator {

// Whose deadline it was: called on the loop's thread.
class TimerOwner {
public:
    virtual ~TimerOwner() = default;
    virtual void timerDue(std::uint32_t tag, TimePoint now) = 0;
};

// Who waits for a descriptor: called on the loop's thread, once per wait. Errors of the socket count as ready.
class SocketUser {
public:
    virtual ~SocketUser() = default;
    virtual void readable() = 0;
    virtual void writable() {}
};

// The one thread's worth of waiting of a shard: descriptors, deadlines, and work posted by other threads. epoll is
// behind it and nowhere else: sockets are plain non-blocking descriptors, and a fetch costs one epoll_ctl, as in bare
// C; Asio's reactor took three and an ioctl.
class EventLoop {
public:
    using Clock = std::chrono::steady_clock;

    // `zero`: what TimePoint{} is. Slots 0 to ranged-1 belong to `rangeOwner`, tag = slot: a fleet's phones.
    explicit EventLoop(Clock::time_point zero = Clock::now(), TimerOwner* rangeOwner = nullptr,
                       std::uint32_t ranged = 0);
    ~EventLoop();
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    TimePoint now() const;

    // Runs until stop(). `turnEnd` is called after each turn, before the loop may wait: a turn handles at most 32
    // descriptors, 256 deadlines and what was posted.
    void run(const std::function<void()>& turnEnd = {});
    // Runs for tests until `done` or until `limit` has passed; returns done().
    bool runUntil(const std::function<bool()>& done, std::chrono::milliseconds limit);
    void stop();                            // from any thread
    void post(std::function<void()> work);  // from any thread; later, never from inside the call
    // The longest that a deadline was handled late since the last call. From any thread.
    Duration worstLag();

    // Deadlines, on the loop's thread only.
    TimerHeap::Slot addTimer(TimerOwner& owner, std::uint32_t tag);
    void removeTimer(TimerHeap::Slot slot);
    void arm(TimerHeap::Slot slot, TimePoint at);  // max(): disarm

private:
    friend class Watch;
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

// Owns a non-blocking descriptor and waits for it on a loop. Closing forgets the waits: their user is not called
// any more. Movable; empty after close() or release().
class Watch {
public:
    Watch() = default;
    Watch(EventLoop& loop, int descriptor, SocketUser& user);
    ~Watch() { close(); }
    Watch(Watch&& other) noexcept;
    Watch& operator=(Watch&& other) noexcept;

    bool isOpen() const { return m_state != nullptr; }
    int descriptor() const;
    void waitReadable();  // at most one wait of each kind at a time; a second is the first one
    void waitWritable();
    void close();
    int release();  // the descriptor, open and no longer watched

    struct State;

private:
    State* m_state = nullptr;
};

}  // namespace emulator
