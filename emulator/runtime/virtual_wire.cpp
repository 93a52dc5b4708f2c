#include "emulator/runtime/virtual_wire.hpp"

#include <algorithm>
#include <iterator>

namespace emulator {

using Kind = WireMessage::Kind;

void VirtualWire::add(TimePoint at, const Line& line, Kind kind, bool fromPhone, std::string bytes)
{
    m_messages.push_back({at, line.phone, m_sequence++, kind, fromPhone, line.mac, line.phoneEnd, line.peer,
                          std::move(bytes)});
}

void VirtualWire::datagram(TimePoint at, const Line& line, bool fromPhone, std::string_view bytes)
{
    add(at, line, Kind::Datagram, fromPhone, std::string{bytes});
}

void VirtualWire::unreachable(TimePoint at, const Line& line, std::string_view bytes)
{
    add(at, line, Kind::Unreachable, false, std::string{bytes});
}

void VirtualWire::refusedCall(TimePoint at, const Line& line)
{
    add(at, line, Kind::Open, true);
    add(at + 2 * m_latency, line, Kind::Reset, false);
}

void VirtualWire::call(TimePoint at, const Line& line, const HttpRequest& request)
{
    const TimePoint connected = at + 2 * m_latency;
    add(at, line, Kind::Open, true);
    add(connected, line, Kind::Accept, false);
    add(connected, line, Kind::Acknowledge, true);
    add(connected, line, Kind::Bytes, true, encode(request));
    add(connected + 2 * m_latency, line, Kind::Acknowledge, false);
}

void VirtualWire::answer(TimePoint at, const Line& line, std::string_view bytes)
{
    add(at, line, Kind::Bytes, false, std::string{bytes});
}

void VirtualWire::answerSlowly(TimePoint first, TimePoint end, Duration drip, const Line& line,
                               std::string_view bytes)
{
    if (drip <= Duration{})
        return answer(first, line, bytes);
    // Our choice: at most a thousand packets; what dribbles for an hour does not need one for each byte.
    constexpr std::size_t mostPackets = 1000;
    const std::size_t come = std::min(bytes.size(), static_cast<std::size_t>((end - first) / drip));
    const std::size_t step = come / mostPackets + 1;
    for (std::size_t at = 0; at < come; at += step) {
        const std::string_view part = bytes.substr(at, std::min(step, come - at));
        answer(first + drip * static_cast<std::int64_t>(at + part.size()), line, part);
    }
}

void VirtualWire::reset(TimePoint at, const Line& line, bool fromPhone)
{
    add(at, line, Kind::Reset, fromPhone);
}

void VirtualWire::finish(TimePoint at, const Line& line, bool phoneFirst)
{
    const TimePoint later = at + 2 * m_latency;
    if (phoneFirst) {
        add(at, line, Kind::Finish, true);
        add(later, line, Kind::Finish, false);
        add(later, line, Kind::Acknowledge, true);
    } else {
        add(at, line, Kind::Finish, false);
        add(at, line, Kind::Finish, true);
        add(later, line, Kind::Acknowledge, false);
    }
}

void VirtualWire::abandon(TimePoint now, const Line& line, bool powered)
{
    bool accepted = true;
    std::erase_if(m_messages, [&](const WireMessage& message) {
        const bool dropped = message.at > now && message.phone == line.phone &&
                             message.phoneEnd == line.phoneEnd && message.peer == line.peer;
        accepted = accepted && !(dropped && message.kind == Kind::Accept);
        return dropped;
    });
    if (powered && accepted)
        add(now, line, Kind::Reset, true);
}

void VirtualWire::visit(TimePoint at, const Line& line, const HttpRequest& request)
{
    const TimePoint opened = at - 2 * m_latency;
    add(opened, line, Kind::Open, false);
    add(opened, line, Kind::Accept, true);
    add(at, line, Kind::Acknowledge, false);
    add(at, line, Kind::Bytes, false, encode(request));
}

void VirtualWire::refusedVisit(TimePoint at, const Line& line)
{
    const TimePoint opened = at - 2 * m_latency;
    add(opened, line, Kind::Open, false);
    add(opened, line, Kind::Reset, true);
}

void VirtualWire::visitAnswered(TimePoint at, const Line& line, const HttpResponse& response)
{
    add(at, line, Kind::Bytes, true, encode(response));
    finish(at, line, true);
}

void VirtualWire::take(TimePoint until, std::vector<WireMessage>& out)
{
    const auto later = std::stable_partition(m_messages.begin(), m_messages.end(),
                                             [&](const WireMessage& message) { return message.at <= until; });
    out.insert(out.end(), std::make_move_iterator(m_messages.begin()), std::make_move_iterator(later));
    m_messages.erase(m_messages.begin(), later);
}

}  // namespace emulator
