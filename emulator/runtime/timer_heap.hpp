#pragma once

#include "emulator/base/time_point.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace emulator {

// Deadlines of many owners, at most one each. A heap that knows where each owner stands, so that a deadline moves or
// goes without leaving anything behind: a fleet re-arms millions of them.
// Memory: 4 bytes per owner and 16 per armed deadline.
class TimerHeap {
public:
    using Slot = std::uint32_t;

    explicit TimerHeap(Slot fixed = 0)
        : m_place(fixed, nowhere) {}  // slots 0 to fixed-1 are there from the start

    Slot add();                         // one more owner
    void remove(Slot slot);             // disarmed; add() may hand the slot out again
    void arm(Slot slot, TimePoint at);  // replaces any earlier deadline; TimePoint::max() disarms
    void disarm(Slot slot);

    TimePoint next() const { return m_heap.empty() ? TimePoint::max() : m_heap.front().at; }
    struct Due {
        Slot slot = 0;
        TimePoint at{};
    };
    std::optional<Due> popDue(TimePoint now);  // the earliest one that is due, disarmed
    std::size_t armed() const { return m_heap.size(); }

private:
    static constexpr std::uint32_t nowhere = ~std::uint32_t{};
    struct Entry {
        TimePoint at;
        Slot slot;
    };
    static constexpr auto earlier = [](const Entry& a, const Entry& b) { return a.at < b.at; };
    auto put()
    {
        return [this](std::size_t place, const Entry& entry) {
            m_heap[place] = entry;
            m_place[entry.slot] = static_cast<std::uint32_t>(place);
        };
    }
    void up(std::size_t place, Entry entry);
    void down(std::size_t place, Entry entry);

    std::vector<Entry> m_heap;
    std::vector<std::uint32_t> m_place;  // of each slot in m_heap
    std::vector<Slot> m_free;
};

}  // namespace emulator
