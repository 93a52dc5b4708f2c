#include "scenarios/report/ladder_lanes.hpp"

#include "emulator/trace/event_layer.hpp"
#include "scenarios/engine/event_watch.hpp"

#include <fmt/format.h>

#include <utility>

namespace scenarios {

namespace {

using emulator::Endpoint;
using emulator::EventKind;
using emulator::FieldName;
using emulator::TraceEvent;

bool hasOwnWording(std::string_view layer)
{
    return layer == "tftp" || layer == "http" || layer == "dns" || layer == "syslog" || layer == "sip";
}

// "Jan  1 00:00:05 text" without its time stamp.
std::string withoutStamp(std::string text)
{
    constexpr std::size_t stamp = 16;
    const bool stamped = text.size() > stamp && text[3] == ' ' && text[6] == ' ' && text[9] == ':' &&
                         text[12] == ':' && text[15] == ' ';
    return stamped ? text.substr(stamp) : text;
}

// "340 bytes", "1.2 kB", "3.4 MB"; no floating point, as everywhere in reports of virtual time.
std::string sizeText(std::int64_t bytes)
{
    if (bytes < 1000)
        return fmt::format("{} bytes", bytes);
    const bool mega = bytes >= 999'950;
    const std::int64_t tenths = mega ? (bytes + 50'000) / 100'000 : (bytes + 50) / 100;
    return fmt::format("{}.{} {}", tenths / 10, tenths % 10, mega ? "MB" : "kB");
}

// Of messages of which neither end is known to be the phone's.
bool isBegunByPhones(EventKind kind)
{
    switch (kind) {
    case EventKind::HttpRequest:
    case EventKind::DnsQuery:
    case EventKind::DhcpDiscover:
    case EventKind::DhcpRequest:
    case EventKind::DhcpDecline:
    case EventKind::DhcpRelease:
    case EventKind::DhcpInform:
        return true;
    default:
        return false;
    }
}

}  // namespace

bool isMessage(const TraceEvent& event)
{
    const std::string_view layer = layerOf(event.kind);
    if (layer == "phone" || layer == "server" || layer == "rig" || layer == "run")
        return false;
    return hasOwnWording(layer) || event.from != Endpoint{} || event.to != Endpoint{};
}

bool isBad(const TraceEvent& event)
{
    switch (event.kind) {
    case EventKind::TftpError:
    case EventKind::ServerFault:
    case EventKind::TcpReset:
    case EventKind::TcpGap:
    case EventKind::PacketMalformed:
        return true;
    case EventKind::HttpResponse:
    case EventKind::SipResponse:
        if (event.number(FieldName::Status).value_or(0) >= 400)
            return true;
        break;
    default:
        break;
    }
    return !event.text(FieldName::Error).empty();
}

std::string messageLabel(const TraceEvent& event)
{
    if (const std::string_view error = event.text(FieldName::Error); !error.empty())
        return std::string{error};
    if (!hasOwnWording(layerOf(event.kind))) {
        TraceEvent shown = event;
        for (auto field = shown.fields.begin(); field != shown.fields.end();)
            field = field->name == FieldName::Packet ? shown.fields.erase(field) : field + 1;
        return fmt::format("{} {}", name(event.kind), eventText(shown));
    }
    std::string text = eventText(event);
    if (event.kind == EventKind::HttpResponse && event.number(FieldName::Bytes).value_or(0) > 0)
        return fmt::format("{}, {}", text, sizeText(*event.number(FieldName::Bytes)));
    if (event.kind != EventKind::SyslogMessage)
        return text;
    text = withoutStamp(std::move(text));
    const std::string sender = event.phone ? fmt::format(" {} -- ", event.phone->colons()) : std::string{};
    const std::size_t at = sender.empty() ? std::string::npos : text.find(sender);
    return at == std::string::npos || text.find(' ') != at ? text : text.substr(at + sender.size());
}

LadderLanes::LadderLanes(std::string phone, emulator::IpAddress address, std::size_t mostOthers)
    : m_address{address},
      m_mostOthers{mostOthers},
      m_titles{std::move(phone)}
{}

void LadderLanes::addServer(const Endpoint& endpoint, std::string name)
{
    m_servers.emplace(endpoint, m_titles.size());
    m_titles.push_back(std::move(name));
}

bool LadderLanes::isToPeer(const TraceEvent& event) const
{
    if (m_address != emulator::IpAddress{} && event.from.address == m_address)
        return true;
    return event.to.address != m_address && isBegunByPhones(event.kind);
}

// A browser asks the phone's own pages, from a new port each time.
bool LadderLanes::isPage(const TraceEvent& event) const
{
    return (event.kind == EventKind::HttpRequest && event.to.address == m_address) ||
           (event.kind == EventKind::HttpResponse && event.from.address == m_address);
}

std::string LadderLanes::titleOf(const TraceEvent& event, const Endpoint& peer) const
{
    if (isPage(event))
        return "browser";
    if (layerOf(event.kind) == "dns")
        return "dns";
    const bool many = m_others.size() >= m_mostOthers && !m_others.contains(peer.text());
    return peer == Endpoint{} || many ? "elsewhere" : peer.text();
}

std::size_t LadderLanes::laneOf(const TraceEvent& event, const Endpoint& peer)
{
    const bool joined = event.exchange != emulator::ExchangeId{};
    if (const auto lane = m_servers.find(peer); lane != m_servers.end()) {
        if (joined)
            m_exchanges[event.exchange] = lane->second;
        return lane->second;
    }
    if (const auto lane = m_exchanges.find(event.exchange); joined && lane != m_exchanges.end())
        return lane->second;
    const auto [lane, fresh] = m_others.try_emplace(titleOf(event, peer), m_titles.size());
    if (fresh)
        m_titles.push_back(lane->first);
    if (joined)
        m_exchanges[event.exchange] = lane->second;
    return lane->second;
}

}  // namespace scenarios
