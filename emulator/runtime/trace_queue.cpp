#include "emulator/runtime/trace_queue.hpp"

#include <algorithm>
#include <utility>

namespace emulator {

void TraceQueue::Producer::seen(const TraceEvent& event)
{
    {
        const std::lock_guard lock{m_mutex};
        if (m_queue.m_bytes.load(std::memory_order_relaxed) >= maxBytes) {
            m_queue.m_dropped.fetch_add(1, std::memory_order_relaxed);
            return;
        }
        const std::size_t before = m_waiting.bytes();
        m_waiting.add(event);
        m_queue.m_bytes.fetch_add(m_waiting.bytes() - before, std::memory_order_relaxed);
    }
    if (!m_queue.m_something.exchange(true)) {
        // Under the lock, so that it cannot fall between the drain's look and its sleep.
        const std::lock_guard lock{m_queue.m_mutex};
        m_queue.m_came.notify_one();
    }
}

TraceQueue::TraceQueue(std::vector<EventKind> wanted) : m_wanted(static_cast<std::size_t>(EventKind::Count))
{
    for (const EventKind kind : wanted)
        m_wanted[static_cast<std::size_t>(kind)] = true;
}

TraceQueue::Producer& TraceQueue::addProducer()
{
    return *m_producers.emplace_back(std::make_unique<Producer>(*this));
}

std::size_t TraceQueue::drain(TraceSink& sink, std::chrono::milliseconds wait)
{
    {
        std::unique_lock lock{m_mutex};
        m_came.wait_for(lock, wait, [this] { return m_something.load(); });
    }
    m_something = false;  // before looking: what comes while we look is seen now or next time
    m_order.clear();
    for (const auto& producer : m_producers) {
        {
            const std::lock_guard lock{producer->m_mutex};
            std::swap(producer->m_waiting, producer->m_handed);
        }
        for (const TraceEvent& event : producer->m_handed.events())
            m_order.push_back(&event);
    }
    std::sort(m_order.begin(), m_order.end(), [](const TraceEvent* a, const TraceEvent* b) {
        return a->at != b->at ? a->at < b->at : a->order < b->order;
    });
    for (const TraceEvent* event : m_order)
        sink.seen(*event);
    for (const auto& producer : m_producers) {
        m_bytes.fetch_sub(producer->m_handed.bytes(), std::memory_order_relaxed);
        producer->m_handed.clear();
    }
    return m_order.size();
}

}  // namespace emulator
