#include "ui/cli/decode_ladder.hpp"

#include "hwbridge/decode/event_text.hpp"
#include "scenarios/report/ladder_text.hpp"
#include "ui/cli/decode_lines.hpp"
#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ui {

using namespace emulator;
using namespace hwbridge;

namespace {

constexpr std::size_t timeWidth = 13;
constexpr std::size_t widestText = 160;

}  // namespace

bool DecodeLadder::isNamed(const Endpoint& end) const
{
    return std::any_of(m_phones.begin(), m_phones.end(), [&](const PhoneAddress& one) {
        const auto* range = std::get_if<AddressRange>(&one);
        return range != nullptr &&
               (range->bits == 0 || (range->first.value ^ end.address.value) >> (32 - range->bits) == 0);
    });
}

std::size_t DecodeLadder::laneOf(Ladder& ladder, const std::string& name)
{
    const auto found = std::find(ladder.lanes.begin(), ladder.lanes.end(), name);
    if (found != ladder.lanes.end())
        return static_cast<std::size_t>(found - ladder.lanes.begin());
    if (ladder.lanes.size() + 1 < mostLanes) {
        ladder.lanes.push_back(name);
    } else if (ladder.lanes.size() < mostLanes) {
        ladder.lanes.emplace_back("others");
    }
    return ladder.lanes.size() - 1;
}

void DecodeLadder::seen(const TraceEvent& event)
{
    const bool namedFrom = isNamed(event.from);
    const bool namedTo = isNamed(event.to);
    if (!event.phone && !namedFrom && !namedTo) {
        ++m_ofNobody;
        return;
    }
    if (m_rows == mostRows) {
        ++m_leftOut;
        return;
    }
    // Which end the phone is: the address it had before, the one named, else the end with the higher port.
    bool fromPhone = namedFrom || (!namedTo && event.from.port >= event.to.port);
    if (event.phone) {
        const auto known = m_addresses.find(*event.phone);
        if (known != m_addresses.end())
            fromPhone = event.from.address == known->second ||
                        (event.to.address != known->second && event.from.address == IpAddress{});
        const IpAddress mine = fromPhone ? event.from.address : event.to.address;
        if (mine != IpAddress{} && mine.value != 0xffff'ffff)
            m_addresses[*event.phone] = mine;
    }
    const Endpoint& own = fromPhone ? event.from : event.to;
    const Endpoint& other = fromPhone ? event.to : event.from;
    Ladder& ladder = m_ladders[event.phone ? event.phone->colons() : own.address.text()];
    if (ladder.lanes.empty())
        ladder.lanes.emplace_back("phone");
    if (own.address != IpAddress{})
        ladder.lanes.front() = own.address.text();
    Row row;
    row.at = event.at;
    row.packet = event.number(FieldName::Packet).value_or(0);
    row.lane = other == Endpoint{} ? 0 : laneOf(ladder, other.address.text());
    row.fromPhone = fromPhone;
    row.text = cutToWidth(eventText(event), widestText);
    ladder.rows.push_back(std::move(row));
    ++m_rows;
}

std::string DecodeLadder::drawn(const Ladder& ladder, const Row& row)
{
    return fmt::format("{:>{}} {} {:>7}  {}\n", secondsText(row.at), timeWidth,
                       scenarios::textLanes(ladder.lanes.size(), row.lane, row.fromPhone), row.packet,
                       row.text);
}

void DecodeLadder::end()
{
    std::string text;
    for (const auto& [name, ladder] : m_ladders) {
        text += fmt::format("{}phone {}\n{:>{}} {}\n", text.empty() ? "" : "\n", name, "", timeWidth,
                            scenarios::textLaneHeads(ladder.lanes));
        for (const Row& row : ladder.rows)
            text += drawn(ladder, row);
    }
    if (m_ofNobody > 0)
        text += fmt::format("{}{} events of no phone are not drawn\n", text.empty() ? "" : "\n", m_ofNobody);
    if (m_leftOut > 0)
        text += fmt::format("{} more events are not drawn\n", m_leftOut);
    writeAll(m_descriptor, text);
}

}  // namespace ui
