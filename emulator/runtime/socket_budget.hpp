#pragma once

#include "emulator/runtime/event_loop.hpp"

#include <cstddef>
#include <deque>
#include <functional>

namespace emulator {

// How many descriptors the fetches of one shard may hold at a time; who finds none left waits in turn. The limit of
// open files is the machine's, so a fleet of 100,000 that is switched on at once fetches in waves.
class SocketBudget {
public:
    SocketBudget(EventLoop& loop, std::size_t limit) : m_loop{loop}, m_limit{limit} {}

    // Runs `open` at once when a descriptor is left, else when one has come back and all who waited longer are
    // served. `open` says whether it took one; give() returns it.
    // Returns whether `open` ran at once.
    bool take(std::function<bool()> open)
    {
        if (m_used >= m_limit) {
            m_waiting.push_back(std::move(open));
            ++m_waited;
            return false;
        }
        ++m_used;
        if (!open())
            --m_used;
        return true;
    }

    void give()
    {
        --m_used;
        if (!m_waiting.empty() && !m_posted) {
            m_posted = true;
            m_loop.post([this] { serve(); });
        }
    }

    std::size_t used() const { return m_used; }
    std::size_t waited() const { return m_waited; }  // how often somebody had to wait

private:
    void serve()
    {
        m_posted = false;
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
    std::size_t m_used = 0;
    std::size_t m_waited = 0;
    bool m_posted = false;
    std::deque<std::function<bool()>> m_waiting;
};

}  // namespace emulator
