#include "emulator/runtime/timer_heap.hpp"

#include "emulator/runtime/four_heap.hpp"

#include <cassert>

namespace emulator {

TimerHeap::Slot TimerHeap::add()
{
    if (!m_free.empty()) {
        const Slot slot = m_free.back();
        m_free.pop_back();
        return slot;
    }
    m_place.push_back(nowhere);
    return static_cast<Slot>(m_place.size() - 1);
}

void TimerHeap::remove(Slot slot)
{
    disarm(slot);
    m_free.push_back(slot);
}

void TimerHeap::up(std::size_t place, Entry entry)
{
    siftUp(m_heap, place, entry, earlier, put());
}

void TimerHeap::down(std::size_t place, Entry entry)
{
    siftDown(m_heap, place, entry, earlier, put());
}

void TimerHeap::arm(Slot slot, TimePoint at)
{
    assert(slot < m_place.size());
    if (at == TimePoint::max()) {
        disarm(slot);
        return;
    }
    const std::uint32_t place = m_place[slot];
    const Entry entry{at, slot};
    if (place == nowhere) {
        m_heap.emplace_back();
        up(m_heap.size() - 1, entry);
    } else if (at < m_heap[place].at) {
        up(place, entry);
    } else {
        down(place, entry);
    }
}

void TimerHeap::disarm(Slot slot)
{
    assert(slot < m_place.size());
    const std::uint32_t place = m_place[slot];
    if (place == nowhere)
        return;
    m_place[slot] = nowhere;
    const Entry last = m_heap.back();
    m_heap.pop_back();
    if (last.slot == slot)
        return;
    if (place > 0 && last.at < m_heap[(place - 1) / 4].at)
        up(place, last);
    else
        down(place, last);
}

std::optional<TimerHeap::Due> TimerHeap::popDue(TimePoint now)
{
    if (m_heap.empty() || m_heap.front().at > now)
        return std::nullopt;
    const Entry first = m_heap.front();
    disarm(first.slot);
    return Due{first.slot, first.at};
}

}  // namespace emulator
