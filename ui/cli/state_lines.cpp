#include "ui/cli/state_lines.hpp"

#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

namespace ui {

namespace {

double seconds(emulator::TimePoint at)
{
    return static_cast<double>(at.time_since_epoch().count()) / 1e6;
}

}  // namespace

void StateLines::seen(const emulator::TraceEvent& event)
{
    if (!wants(event.kind) || !event.phone || m_fleet == nullptr)
        return;
    const std::uint64_t index = event.phone->number() - m_group.firstMac.number();
    if (index >= m_group.count)
        return;
    const std::vector<emulator::PhoneSnapshot> phone =
        m_fleet->snapshot(emulator::PhoneIndex{static_cast<std::uint32_t>(index)}, 1);
    constexpr std::size_t longestMessage = 160;
    std::string line = fmt::format(
        "{:9.3f} s  {:<15}  {}  {}{:<10}  {}", seconds(event.at),
        phone.empty() ? std::string{} : phone.front().address.text(), event.phone->colons(),
        event.kind == emulator::EventKind::PhoneLed ? "LED " : "", event.text(emulator::FieldName::State),
        phone.empty() ? std::string{} : cutToWidth(phone.front().lastMessage, longestMessage));
    line.erase(line.find_last_not_of(' ') + 1);
    print(line);
}

void StateLines::summary()
{
    if (m_group.count <= mostPhones)
        return;
    const auto now = std::chrono::steady_clock::now();
    const std::size_t answering = m_fleet->answering();
    if (answering == m_answering || now < m_nextSummary)
        return;
    m_answering = answering;
    m_nextSummary = now + std::chrono::seconds{1};
    print(
        fmt::format("{:9.3f} s  {} of {} phones answer", seconds(m_fleet->now()), answering, m_group.count));
}

void StateLines::print(const std::string& line)
{
    if (m_open)
        m_open = writeAll(m_descriptor, line + '\n');
}

}  // namespace ui
