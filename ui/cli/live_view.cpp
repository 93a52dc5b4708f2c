#include "ui/cli/live_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace ui {

namespace {

using emulator::MuteLed;
using emulator::PhoneState;

constexpr std::string_view redText = "\x1b[31m";
constexpr std::string_view dimText = "\x1b[2m";
constexpr std::string_view boldText = "\x1b[1m";
constexpr std::string_view plainText = "\x1b[0m";

std::string inColour(std::string_view colour, std::string_view text, const TerminalLook& look)
{
    return look.colours ? fmt::format("{}{}{}", colour, text, plainText) : std::string{text};
}

std::string ledMark(const emulator::PhoneSnapshot& phone, emulator::TimePoint now, const TerminalLook& look)
{
    const std::string_view lit = look.unicode ? "●" : "*";
    const std::string_view dark = look.unicode ? "○" : "o";
    if (phone.led == MuteLed::Off)
        return inColour(dimText, look.unicode ? "·" : ".", look);
    return inColour(redText, emulator::isLit(phone.led, phone.ledSince, now) ? lit : dark, look);
}

std::string countsText(const LiveFrame& frame)
{
    std::string text =
        fmt::format("{} phone{}, {} answering", frame.total, frame.total == 1 ? "" : "s", frame.answering);
    for (std::size_t i = 0; i < frame.inState.size(); ++i)
        if (frame.inState[i] > 0)
            fmt::format_to(std::back_inserter(text), ", {} {}", frame.inState[i],
                           name(static_cast<PhoneState>(i)));
    return text;
}

// The message without what stands at the front of most: "CP-7832-3PCC 00:0e:08:00:00:01 -- ". The line says it already.
std::string_view withoutIdentity(std::string_view message, const std::string& mac)
{
    const std::string identity = mac + " -- ";
    const std::size_t at = message.find(identity);
    return at == std::string_view::npos ? message : message.substr(at + identity.size());
}

std::string phoneLine(const emulator::PhoneSnapshot& phone, emulator::TimePoint now, const TerminalLook& look)
{
    const std::string front =
        fmt::format("{:<15} {}  {:<10} ", phone.address.text(), phone.mac.colons(), name(phone.state));
    const std::size_t used = front.size() + 3;  // the mark and what is beside it
    if (look.columns <= used)
        return cutToWidth(front, look.columns);
    return fmt::format(
        "{}{}  {}", front, ledMark(phone, now, look),
        cutToWidth(withoutIdentity(phone.lastMessage, phone.mac.colons()), look.columns - used));
}

}  // namespace

std::size_t liveRows(const TerminalLook& look)
{
    constexpr std::size_t others = 5;  // title, detail, counts, summary, and the line where the cursor is
    return look.rows > others ? look.rows - others : 1;
}

std::vector<std::string> drawLive(const LiveFrame& frame, const TerminalLook& look)
{
    std::vector<std::string> lines;
    lines.push_back(inColour(boldText, cutToWidth(frame.title, look.columns), look));
    if (!frame.detail.empty())
        lines.push_back(cutToWidth(frame.detail, look.columns));
    const double seconds = static_cast<double>(frame.now.time_since_epoch().count()) / 1e6;
    lines.push_back(cutToWidth(fmt::format("{:.1f} s  {}", seconds, countsText(frame)), look.columns));
    const std::size_t shown = std::min(frame.phones.size(), liveRows(look));
    for (std::size_t i = 0; i < shown; ++i)
        lines.push_back(phoneLine(frame.phones[i], frame.now, look));
    if (shown < frame.total)
        lines.push_back(inColour(
            dimText,
            cutToWidth(fmt::format("{} and {} more", look.unicode ? "…" : "...", frame.total - shown),
                       look.columns),
            look));
    return lines;
}

LiveFrame frameOf(const emulator::NetFleet& fleet, std::string title, std::string detail,
                  const TerminalLook& look)
{
    LiveFrame frame;
    frame.title = std::move(title);
    frame.detail = std::move(detail);
    frame.total = fleet.size();
    frame.answering = fleet.answering();
    frame.inState = fleet.counters().inState;
    frame.phones = fleet.snapshot(emulator::PhoneIndex{0}, std::min(frame.total, liveRows(look)));
    frame.now = fleet.now();
    return frame;
}

LiveView::LiveView(int descriptor) : m_descriptor{descriptor} {}

std::string LiveView::erased()
{
    std::string text;
    if (!m_shown.empty())
        text = fmt::format("\x1b[{}A\r\x1b[J", m_shown.size());
    return text;
}

void LiveView::show(const LiveFrame& frame)
{
    const TerminalLook now = look();
    std::string text;
    if (!m_hidden) {
        text += "\x1b[?25l\x1b[?7l";  // no cursor, no wrapping of wide characters
        m_hidden = true;
    }
    if (!m_shown.empty())
        text += fmt::format("\x1b[{}A\r", m_shown.size());
    std::vector<std::string> lines = drawLive(frame, now);
    for (const std::string& line : lines)
        text.append(line).append("\x1b[K\n");
    text += "\x1b[J";
    writeAll(m_descriptor, text);
    m_shown = std::move(lines);
    m_next = Clock::now() + period;
}

void LiveView::print(std::string_view line)
{
    std::string text = erased();
    text.append(line);
    if (!line.ends_with('\n'))
        text += '\n';
    for (const std::string& shown : m_shown)
        text.append(shown).append(1, '\n');
    writeAll(m_descriptor, text);
}

void LiveView::replace(std::string_view lines)
{
    writeAll(m_descriptor, erased().append(lines));
    m_shown.clear();
    m_next = {};
}

void LiveView::end()
{
    if (m_hidden)
        writeAll(m_descriptor, "\x1b[?25h\x1b[?7h");
    m_hidden = false;
    m_shown.clear();
}

}  // namespace ui
