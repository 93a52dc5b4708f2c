#pragma once

#include "emulator/runtime/event_loop.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

namespace emulator {

// How many descriptors the fetches of one shard may hold at a time; who finds none left waits in turn. The limit of
// open files is the machine's, so a fleet of 100,000 that is switched on at once fetches in waves.
class SocketBudget {
public:
    // `before`, which may be empty, is called before descriptors are opened: what a phone says before it fetches leaves
    // before its request does, and yet in batches.
    SocketBudget(EventLoop& loop, std::size_t limit, std::function<void()> before = {})
        : m_loop{loop},
          m_limit{limit},
          m_before{std::move(before)}
    {}

    // Runs `open` at the end of the loop's turn when a descriptor is left, else when one has come back and all who waited
    // longer are served. `open` says whether it took one; give() returns it.
    void take(std::function<bool()> open)
    {
        if (m_used + m_waiting.size() >= m_limit)
            ++m_waited;
        m_waiting.push_back(std::move(open));
        serveSoon();
    }

    void give()
    {
        --m_used;
        if (!m_waiting.empty())
            serveSoon();
    }

    std::size_t used() const { return m_used; }
    std::size_t waited() const { return m_waited; }  // how often somebody had to wait

private:
    void serveSoon()
    {
        if (!std::exchange(m_posted, true))
            m_loop.post([this] { serve(); });
    }

    void serve()
    {
        m_posted = false;
        if (m_before)
            m_before();
        while (m_used < m_limit && !m_waiting.empty()) {
            const std::function<bool()> open = std::move(m_waiting.front());
            m_waiting.pop_front();
            ++m_used;
            if (!open())
                --m_used;
        }
    }

    EventLoop& m_loop;
    std::size_t m_limit;
    std::function<void()> m_before;
    std::size_t m_used = 0;
    std::size_t m_waited = 0;
    bool m_posted = false;
    std::deque<std::function<bool()>> m_waiting;
};

}  // namespace emulator
