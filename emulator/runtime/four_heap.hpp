#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace emulator {

// The two steps of a heap with four children a node: half as deep as a binary one, and a node's children share cache
// lines, which is what a fleet's hundred thousand timers cost. The owner keeps the vector, whose first entry is the
// earliest. `earlier(a, b)`: a comes before b. `put(place, entry)`: the entry now stands there; it is the only one who
// writes into the heap, so that an owner may remember places.

// Places `entry` at the hole `place` or nearer to the root.
template <class Entry, class Earlier, class Put>
void siftUp(const std::vector<Entry>& heap, std::size_t place, const Entry& entry, Earlier earlier, Put put)
{
    while (place > 0) {
        const std::size_t parent = (place - 1) / 4;
        if (!earlier(entry, heap[parent]))
            break;
        put(place, heap[parent]);
        place = parent;
    }
    put(place, entry);
}

// Places `entry` at the hole `place` or farther from the root.
template <class Entry, class Earlier, class Put>
void siftDown(const std::vector<Entry>& heap, std::size_t place, const Entry& entry, Earlier earlier, Put put)
{
    while (true) {
        const std::size_t first = place * 4 + 1;
        if (first >= heap.size())
            break;
        std::size_t least = first;
        const std::size_t end = std::min(first + 4, heap.size());
        for (std::size_t child = first + 1; child < end; ++child)
            if (earlier(heap[child], heap[least]))
                least = child;
        if (!earlier(heap[least], entry))
            break;
        put(place, heap[least]);
        place = least;
    }
    put(place, entry);
}

}  // namespace emulator
