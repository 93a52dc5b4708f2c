#pragma once

#include "emulator/trace/trace_buffer.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace emulator {

// Carries events from the threads that see them to the one that merges them (design decision D13). Bounded: what
// does not fit is dropped and counted, and makes the run INVALID.
class TraceQueue {
public:
    // Our choice: about 64 MiB of events wait at most.
    static constexpr std::size_t maxBytes = 64u << 20;

    // One producer's end; used by one thread. Which kinds are wanted is fixed before the run.
    class Producer : public TraceSink {
    public:
        explicit Producer(TraceQueue& queue) : m_queue{queue} {}
        bool wants(EventKind kind) const override { return m_queue.wants(kind); }
        void seen(const TraceEvent& event) override;

    private:
        friend class TraceQueue;
        TraceQueue& m_queue;
        std::mutex m_mutex;
        TraceBuffer m_waiting;
        TraceBuffer m_handed;  // of the thread that drains
    };

    explicit TraceQueue(std::vector<EventKind> wanted);
    bool wants(EventKind kind) const { return m_wanted[static_cast<std::size_t>(kind)]; }
    Producer& addProducer();  // before the threads start

    // Hands what has come to `sink`, ordered by (time, order) as far as it has come; waits up to `wait` for the
    // first event. Returns how many events were handed over.
    std::size_t drain(TraceSink& sink, std::chrono::milliseconds wait);
    std::uint64_t dropped() const { return m_dropped; }

private:
    std::vector<bool> m_wanted;
    std::vector<std::unique_ptr<Producer>> m_producers;
    std::mutex m_mutex;
    std::condition_variable m_came;
    std::atomic<bool> m_something{false};
    std::atomic<std::size_t> m_bytes{0};     // waiting and being handed over
    std::vector<const TraceEvent*> m_order;  // of one drain
    std::atomic<std::uint64_t> m_dropped{0};
};

}  // namespace emulator
