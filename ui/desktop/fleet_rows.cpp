#include "ui/desktop/fleet_rows.hpp"

#include "emulator/base/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <compare>
#include <utility>

namespace ui {

using emulator::TimePoint;

namespace {

constexpr std::array columns{Column::Address, Column::Mac, Column::Model,      Column::Firmware,
                             Column::State,   Column::Led, Column::NextResync, Column::LastResult};
static_assert(columns.size() == columnCount);

std::string lower(std::string_view text)
{
    std::string lowered{text};
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), emulator::lowerAscii);
    return lowered;
}

template <class Value>
int threeWay(const Value& a, const Value& b)
{
    const auto result = a <=> b;
    return result < 0 ? -1 : result > 0 ? 1 : 0;
}

// "12:34:56", "3 d 01:00:00": time since the run began.
std::string timeText(TimePoint at)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
    const std::string time =
        fmt::format("{:02}:{:02}:{:02}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    return seconds >= 86400 ? fmt::format("{} d {}", seconds / 86400, time) : time;
}

}  // namespace

std::string_view name(Column column)
{
    switch (column) {
    case Column::Address:
        return "address";
    case Column::Mac:
        return "mac";
    case Column::Model:
        return "model";
    case Column::Firmware:
        return "firmware";
    case Column::State:
        return "state";
    case Column::Led:
        return "led";
    case Column::NextResync:
        return "next";
    case Column::LastResult:
        return "result";
    }
    return "";
}

std::optional<Column> columnNamed(std::string_view text)
{
    const auto* const found =
        std::find_if(columns.begin(), columns.end(), [&](Column column) { return name(column) == text; });
    return found == columns.end() ? std::nullopt : std::optional{*found};
}

void FleetRows::begin(const scenarios::control::ControlHello& hello)
{
    m_rows.clear();
    m_order.clear();
    m_changed.clear();
    m_anew = true;
    m_inState.assign(emulator::phoneStates, 0);
    m_groups = hello.groups;
    for (std::uint32_t g = 0; g < m_groups.size(); ++g)
        for (std::size_t k = 0; k < m_groups[g].count; ++k) {
            Row row;
            row.group = g;
            row.phone.index = emulator::PhoneIndex{static_cast<std::uint32_t>(m_rows.size())};
            row.phone.mac = m_groups[g].firstMac.plus(k);
            row.phone.address = {m_groups[g].firstAddress.value + static_cast<std::uint32_t>(k)};
            m_rows.push_back(std::move(row));
        }
    m_isChanged.assign(m_rows.size(), 0);
    m_inState[static_cast<std::size_t>(emulator::PhoneState::Off)] = m_rows.size();
}

void FleetRows::take(const std::vector<emulator::PhoneSnapshot>& phones)
{
    for (const emulator::PhoneSnapshot& seen : phones) {
        const auto phone = static_cast<std::uint32_t>(seen.index);
        if (phone >= m_rows.size())
            continue;
        emulator::PhoneSnapshot& known = m_rows[phone].phone;
        --m_inState[static_cast<std::size_t>(known.state)];
        ++m_inState[static_cast<std::size_t>(seen.state)];
        const emulator::MacAddress mac = known.mac;
        const emulator::IpAddress address = known.address;
        known = seen;
        known.mac = mac;
        known.address = address;
        if (!std::exchange(m_isChanged[phone], 1))
            m_changed.push_back(phone);
    }
}

void FleetRows::setFilter(std::string_view text)
{
    m_filter.clear();
    m_anew = true;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        std::string word = lower(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (word.empty())
            continue;
        std::optional<Column> column;
        for (const Column one : columns)
            if (word.starts_with(fmt::format("{}:", name(one)))) {
                column = one;
                word.erase(0, name(one).size() + 1);
            }
        m_filter.push_back({column, std::move(word)});
    }
}

void FleetRows::setSort(Column column, bool descending)
{
    m_sort = column;
    m_descending = descending;
    m_anew = true;
}

void FleetRows::setGroup(std::optional<Column> column)
{
    m_group = column;
    m_anew = true;
}

std::string FleetRows::text(std::uint32_t phone, Column column) const
{
    const emulator::PhoneSnapshot& seen = m_rows[phone].phone;
    switch (column) {
    case Column::Address:
        return seen.address.text();
    case Column::Mac:
        return seen.mac.colons();
    case Column::Model:
        return modelOf(phone);
    case Column::Firmware:
        return seen.firmware;
    case Column::State:
        return std::string{name(seen.state)};
    case Column::Led:
        return std::string{name(seen.led)};
    case Column::NextResync:
        return seen.nextResync == TimePoint::max() ? std::string{} : timeText(seen.nextResync);
    case Column::LastResult:
        return seen.lastResult;
    }
    return {};
}

bool FleetRows::passes(std::uint32_t phone) const
{
    return std::all_of(m_filter.begin(), m_filter.end(), [&](const Word& word) {
        const auto holds = [&](Column column) {
            return lower(text(phone, column)).find(word.text) != std::string::npos;
        };
        return word.column ? holds(*word.column) : std::any_of(columns.begin(), columns.end(), holds);
    });
}

int FleetRows::compare(std::uint32_t a, std::uint32_t b, Column column) const
{
    const emulator::PhoneSnapshot& one = m_rows[a].phone;
    const emulator::PhoneSnapshot& other = m_rows[b].phone;
    switch (column) {
    case Column::Address:
        return threeWay(one.address, other.address);
    case Column::Mac:
        return threeWay(one.mac, other.mac);
    case Column::Model:
        return threeWay(modelOf(a), modelOf(b));
    case Column::Firmware:
        return threeWay(one.firmware, other.firmware);
    case Column::State:
        return threeWay(one.state, other.state);
    case Column::Led:
        return threeWay(one.led, other.led);
    case Column::NextResync:
        return threeWay(one.nextResync, other.nextResync);
    case Column::LastResult:
        return threeWay(one.lastResult, other.lastResult);
    }
    return 0;
}

bool FleetRows::before(std::uint32_t a, std::uint32_t b) const
{
    if (m_group)
        if (const int result = compare(a, b, *m_group); result != 0)
            return result < 0;
    if (const int result = compare(a, b, m_sort); result != 0)
        return m_descending ? result > 0 : result < 0;
    return a < b;
}

bool FleetRows::update()
{
    if (!m_anew && m_changed.empty())
        return false;
    if (m_anew || m_changed.size() > m_rows.size() / 4)
        rebuild();
    else
        placeChanged();
    for (const std::uint32_t phone : m_changed)
        m_isChanged[phone] = 0;
    m_changed.clear();
    m_anew = false;
    const bool otherOrder = m_next != m_order;
    m_order.swap(m_next);
    const std::vector<Section> before = std::exchange(m_sections, {});
    findSections();
    return otherOrder || m_sections != before;
}

void FleetRows::rebuild()
{
    m_next.clear();
    for (std::uint32_t phone = 0; phone < m_rows.size(); ++phone)
        if (passes(phone))
            m_next.push_back(phone);
    const auto less = [this](std::uint32_t a, std::uint32_t b) { return before(a, b); };
    if (!std::is_sorted(m_next.begin(), m_next.end(),
                        less))  // as by address, which is where every window begins
        std::sort(m_next.begin(), m_next.end(), less);
}

// Comparing rows costs a look into far memory each, so that the few are looked up among the many, not merged with them.
void FleetRows::placeChanged()
{
    const auto less = [this](std::uint32_t a, std::uint32_t b) { return before(a, b); };
    std::vector<std::uint32_t> shown;
    for (const std::uint32_t phone : m_changed)
        if (passes(phone))
            shown.push_back(phone);
    std::sort(shown.begin(), shown.end(), less);
    std::vector<std::uint32_t> rest;
    rest.reserve(m_order.size());
    std::copy_if(m_order.begin(), m_order.end(), std::back_inserter(rest),
                 [this](std::uint32_t phone) { return !m_isChanged[phone]; });
    m_next.clear();
    m_next.reserve(rest.size() + shown.size());
    auto from = rest.begin();
    for (const std::uint32_t phone : shown) {
        const auto to = std::lower_bound(from, rest.end(), phone, less);
        m_next.insert(m_next.end(), from, to);
        m_next.push_back(phone);
        from = to;
    }
    m_next.insert(m_next.end(), from, rest.end());
}

void FleetRows::findSections()
{
    m_sections.clear();
    if (!m_group) {
        m_sections.push_back({{}, 0, m_order.size()});
        return;
    }
    for (std::size_t begin = 0; begin < m_order.size();) {
        const auto end = std::partition_point(
            m_order.begin() + static_cast<std::ptrdiff_t>(begin), m_order.end(),
            [&](std::uint32_t phone) { return compare(phone, m_order[begin], *m_group) == 0; });
        const auto last = static_cast<std::size_t>(end - m_order.begin());
        m_sections.push_back({text(m_order[begin], *m_group), begin, last});
        begin = last;
    }
}

}  // namespace ui
