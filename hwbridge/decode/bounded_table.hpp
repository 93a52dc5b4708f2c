#pragma once

#include "emulator/base/time_point.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace hwbridge {

// Values by a 64-bit hash, in bounded memory. Eight places share a row; a newcomer to a full row takes the place of the
// one that was used longest ago. Thus whatever a capture holds, the table neither grows beyond its rows nor slows down;
// what was quiet for long may be forgotten, and is then seen as new. A row takes memory when it is first used.
template <class Value, std::size_t rows>
class BoundedTable {
public:
    static_assert((rows & (rows - 1)) == 0);

    BoundedTable() : m_rows(rows) {}

    Value* find(std::uint64_t key, emulator::TimePoint now)
    {
        Row* row = rowOf(key).get();
        for (std::size_t i = 0; row != nullptr && i < wide; ++i)
            if (row->keys[i] == key && row->places[i].used) {
                row->places[i].at = now;
                return &row->places[i].value;
            }
        return nullptr;
    }

    // A fresh value, in place of one with that key if there is any.
    Value& renew(std::uint64_t key, emulator::TimePoint now)
    {
        std::unique_ptr<Row>& place = rowOf(key);
        if (place == nullptr)
            place = std::make_unique<Row>();
        Row& row = *place;
        std::size_t chosen = 0;
        for (std::size_t i = 0; i < wide; ++i) {
            if (row.places[i].used && row.keys[i] == key) {
                chosen = i;
                break;
            }
            if (row.places[chosen].used && (!row.places[i].used || row.places[i].at < row.places[chosen].at))
                chosen = i;
        }
        row.keys[chosen] = key;
        row.places[chosen] = Place{now, true, Value{}};
        return row.places[chosen].value;
    }

private:
    static constexpr std::size_t wide = 8;
    struct Place {
        emulator::TimePoint at{};
        bool used = false;
        Value value{};
    };
    struct Row {
        std::array<std::uint64_t, wide> keys{};  // side by side: a search reads one cache line
        std::array<Place, wide> places{};
    };

    std::unique_ptr<Row>& rowOf(std::uint64_t key) { return m_rows[key & (rows - 1)]; }

    std::vector<std::unique_ptr<Row>> m_rows;
};

}  // namespace hwbridge
