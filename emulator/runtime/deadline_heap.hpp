#pragma once

#include "emulator/base/time_point.hpp"
#include "emulator/runtime/four_heap.hpp"

#include <cstdint>
#include <vector>

namespace emulator {

// Something due at a time for a phone of a shard. Ordered by (time, phone, sequence), so that the same deadlines
// come out in the same order whatever shard they lie on.
struct Deadline {
    TimePoint at{};
    std::uint32_t phone = 0;     // within the shard
    std::uint32_t sequence = 0;  // of that phone
    std::uint32_t kind = 0;      // the shard's own meaning
    std::uint32_t value = 0;

    bool before(const Deadline& other) const
    {
        if (at != other.at)
            return at < other.at;
        if (phone != other.phone)
            return phone < other.phone;
        return sequence < other.sequence;
    }
};

// The earliest deadline first; of one phone as many as it likes, none of which is ever taken back. Where each owner has
// one that moves, TimerHeap serves.
class DeadlineHeap {
    static constexpr auto earlier = [](const Deadline& a, const Deadline& b) { return a.before(b); };
    auto put()
    {
        return [this](std::size_t place, const Deadline& entry) { m_heap[place] = entry; };
    }

public:
    bool empty() const { return m_heap.empty(); }
    const Deadline& first() const { return m_heap.front(); }
    std::size_t size() const { return m_heap.size(); }

    void push(const Deadline& deadline)
    {
        m_heap.emplace_back();
        siftUp(m_heap, m_heap.size() - 1, deadline, earlier, put());
    }

    Deadline pop()
    {
        const Deadline first = m_heap.front();
        const Deadline last = m_heap.back();
        m_heap.pop_back();
        if (!m_heap.empty())
            siftDown(m_heap, 0, last, earlier, put());
        return first;
    }

private:
    std::vector<Deadline> m_heap;
};

}  // namespace emulator
