#include "ui/cli/decode_lines.hpp"

#include "hwbridge/decode/event_text.hpp"

#include <fmt/format.h>

namespace ui {

using namespace emulator;
using namespace hwbridge;

namespace {

constexpr std::string_view lostByCapture = "packets that the capture says it lost";

std::string endText(const Endpoint& end, const std::optional<MacAddress>& phone)
{
    if (end == Endpoint{})
        return phone ? phone->colons() : "-";
    return end.port == 0 ? end.address.text() : end.text();
}

std::string_view colourOf(EventKind kind)
{
    const std::string_view whole = name(kind);
    if (kind == EventKind::PacketMalformed || kind == EventKind::TcpReset || kind == EventKind::TcpGap)
        return "\x1b[31m";
    if (whole.starts_with("http"))
        return "\x1b[32m";
    if (whole.starts_with("tftp"))
        return "\x1b[36m";
    if (whole.starts_with("sip"))
        return "\x1b[35m";
    if (whole.starts_with("syslog"))
        return "\x1b[33m";
    return "";
}

}  // namespace

std::string secondsText(TimePoint at)
{
    const auto us = at.time_since_epoch().count();
    const auto positive = us < 0 ? -us : us;
    return fmt::format("{}{}.{:06}", us < 0 ? "-" : "", positive / 1'000'000, positive % 1'000'000);
}

void DecodeLines::flush()
{
    if (m_open && !m_text.empty())
        m_open = writeAll(m_descriptor, m_text);
    m_text.clear();
}

void DecodeLines::print(std::string_view line)
{
    if (!m_open)
        return;
    m_text.append(line).append(1, '\n');
    if (m_text.size() >= enough || m_look.isTerminal)
        flush();
}

void DecodeLines::seen(const TraceEvent& event)
{
    m_summary.seen(event);
    constexpr std::size_t width = 21;  // "255.255.255.255:65535"
    const std::string ends = fmt::format("{:>{}} > {:<{}}", endText(event.from, event.phone), width,
                                         endText(event.to, std::nullopt), width);
    const std::string line =
        fmt::format("{:>7} {:>13}  {}  {}", event.number(FieldName::Packet).value_or(0),
                    secondsText(event.at), ends, cutToWidth(eventText(event), widestLine));
    const std::string_view colour = m_look.colours ? colourOf(event.kind) : std::string_view{};
    if (colour.empty())
        print(line);
    else
        print(fmt::format("{}{}\x1b[0m", colour, line));
}

void DecodeLines::printSummary()
{
    if (!m_summary.transfers().empty()) {
        print("");
        print("TFTP transfers");
        for (const TransferLine& one : m_summary.transfers())
            print("  " + cutToWidth(text(one), widestLine));
    }
    if (!m_summary.exchanges().empty()) {
        print("");
        print("HTTP exchanges");
        for (const ExchangeLine& one : m_summary.exchanges())
            print("  " + cutToWidth(text(one), widestLine));
    }
    if (m_summary.leftOut() > 0)
        print(fmt::format("  and {} more that are not listed", m_summary.leftOut()));
}

void DecodeLines::end()
{
    printSummary();
    flush();
}

std::string leftBehindText(const DecodeCounters& counters, const CaptureFacts& facts)
{
    std::vector<Counted> all = leftBehind(counters);
    if (const std::uint64_t lost = facts.dropped().value_or(0); lost > 0)
        all.push_back({lostByCapture, lost});
    std::string text;
    for (const Counted& one : all)
        text += fmt::format("{}{} {}", text.empty() ? "" : "; ", one.count, one.what);
    return text;
}

void DecodeLines::counts(const DecodeCounters& counters, const CaptureFacts& facts)
{
    print("");
    print(fmt::format("{} packets, {} events, {} TCP connections", counters.all(), counters.events,
                      counters.connections));
    for (std::size_t i = 0; i < static_cast<std::size_t>(PacketFate::Count); ++i) {
        const auto fate = static_cast<PacketFate>(i);
        if (counters.of(fate) > 0)
            print(fmt::format("{:>10}  {}", counters.of(fate), wording(fate)));
    }
    for (const Counted& one : givenUp(counters))
        print(fmt::format("{:>10}  {}", one.count, one.what));
    if (const std::uint64_t lost = facts.dropped().value_or(0); lost > 0)
        print(fmt::format("{:>10}  {}", lost, lostByCapture));
    flush();
}

}  // namespace ui
