#include "ui/cli/event_lines.hpp"

#include "emulator/trace/ndjson.hpp"
#include "ui/cli/terminal.hpp"

namespace ui {

using emulator::FieldName;

void EventLines::begin(std::string_view target, emulator::Seed seed, emulator::WallTime wall)
{
    begin(target, seed, emulator::printWallTime(wall));
}

void EventLines::begin(std::string_view target, emulator::Seed seed, std::string_view wall)
{
    emulator::TraceEvent event;
    event.kind = emulator::EventKind::RunBegin;
    event.by = emulator::Observer::Rig;
    event.add(FieldName::Schema, 1);
    event.add(FieldName::Version, PHONERIG_VERSION);
    event.add(FieldName::Seed, static_cast<std::int64_t>(seed));
    event.add(FieldName::Target, target);
    event.add(FieldName::Wall, wall);
    seen(event);
}

void EventLines::end(emulator::TimePoint at)
{
    emulator::TraceEvent event;
    event.at = at;
    event.kind = emulator::EventKind::RunEnd;
    event.by = emulator::Observer::Rig;
    seen(event);
    flush();
}

void EventLines::seen(const emulator::TraceEvent& event)
{
    if (!m_open)
        return;
    emulator::appendNdjson(m_text, event, m_next++);
    if (m_text.size() >= enough)
        flush();
}

void EventLines::flush()
{
    if (m_open && !m_text.empty())
        m_open = writeAll(m_descriptor, m_text);
    m_text.clear();
}

}  // namespace ui
