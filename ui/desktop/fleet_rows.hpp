#pragma once

#include "scenarios/control/control_message.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ui {

// What is known of each phone, as columns.
enum class Column : std::uint8_t { Address, Mac, Model, Firmware, State, Led, NextResync, LastResult };
inline constexpr std::size_t columnCount = 8;

// A window's copy of a whole fleet, in the order in which it is shown. Made for 100,000 phones of which thousands change
// every second: what changed is put where it belongs, the rest stays where it is.
class FleetRows {
public:
    struct Row {
        emulator::PhoneSnapshot phone;
        std::uint32_t group = 0;
    };
    // Phones in the order that is shown, from `begin` to before `end`, with something in common.
    struct Section {
        std::string title;  // empty: nothing is grouped
        std::size_t begin = 0;
        std::size_t end = 0;
        bool operator==(const Section&) const = default;
    };

    void begin(const scenarios::control::ControlHello& hello);  // filter, sort and group stay
    void take(const std::vector<emulator::PhoneSnapshot>& phones);

    // Shape of a filter: words, each of which has to be found in some column, in any case; "state:idle" looks in one.
    void setFilter(std::string_view text);
    void setSort(Column column, bool descending);
    void setGroup(std::optional<Column> column);

    // Brings order and sections up to date. Returns whether either is another one than before.
    bool update();

    std::size_t size() const { return m_rows.size(); }
    const Row& row(std::uint32_t phone) const { return m_rows[phone]; }
    const std::string& modelOf(std::uint32_t phone) const { return m_groups[m_rows[phone].group].model; }
    const scenarios::control::ControlGroup& groupOf(std::uint32_t phone) const
    {
        return m_groups[m_rows[phone].group];
    }
    std::string text(std::uint32_t phone, Column column) const;
    std::span<const std::uint32_t> order() const { return m_order; }
    const std::vector<Section>& sections() const { return m_sections; }
    std::span<const std::uint64_t> inState() const { return m_inState; }

private:
    struct Word {
        std::optional<Column> column;
        std::string text;  // lower case
    };

    bool passes(std::uint32_t phone) const;
    int compare(std::uint32_t a, std::uint32_t b, Column column) const;
    bool before(std::uint32_t a, std::uint32_t b) const;
    void rebuild();
    void placeChanged();
    void findSections();

    std::vector<scenarios::control::ControlGroup> m_groups;
    std::vector<Row> m_rows;
    std::vector<std::uint32_t> m_order;
    std::vector<std::uint32_t> m_next;     // the order being made
    std::vector<std::uint32_t> m_changed;  // each once
    std::vector<char> m_isChanged;
    std::vector<Section> m_sections;
    std::vector<std::uint64_t> m_inState = std::vector<std::uint64_t>(emulator::phoneStates);
    std::vector<Word> m_filter;
    Column m_sort = Column::Address;
    bool m_descending = false;
    std::optional<Column> m_group;
    bool m_anew = true;
};

// "address", "mac", …: as in filters.
std::string_view name(Column column);
std::optional<Column> columnNamed(std::string_view name);

}  // namespace ui
