#pragma once

#include "emulator/base/time_point.hpp"

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

// The earliest deadline first. A heap with four children a node: half as deep as a binary one, and a node's
// children share cache lines, which is what a fleet's hundred thousand timers cost.
class DeadlineHeap {
public:
    bool empty() const { return m_heap.empty(); }
    const Deadline& first() const { return m_heap.front(); }
    std::size_t size() const { return m_heap.size(); }

    void push(const Deadline& deadline)
    {
        std::size_t hole = m_heap.size();
        m_heap.push_back(deadline);
        while (hole > 0) {
            const std::size_t parent = (hole - 1) / 4;
            if (!deadline.before(m_heap[parent]))
                break;
            m_heap[hole] = m_heap[parent];
            hole = parent;
        }
        m_heap[hole] = deadline;
    }

    Deadline pop()
    {
        const Deadline first = m_heap.front();
        const Deadline last = m_heap.back();
        m_heap.pop_back();
        if (m_heap.empty())
            return first;
        std::size_t hole = 0;
        while (true) {
            const std::size_t child = hole * 4 + 1;
            if (child >= m_heap.size())
                break;
            std::size_t least = child;
            const std::size_t end = child + 4 < m_heap.size() ? child + 4 : m_heap.size();
            for (std::size_t i = child + 1; i < end; ++i)
                if (m_heap[i].before(m_heap[least]))
                    least = i;
            if (!m_heap[least].before(last))
                break;
            m_heap[hole] = m_heap[least];
            hole = least;
        }
        m_heap[hole] = last;
        return first;
    }

private:
    std::vector<Deadline> m_heap;
};

}  // namespace emulator
