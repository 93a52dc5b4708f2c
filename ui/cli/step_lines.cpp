#include "ui/cli/step_lines.hpp"

namespace ui {

using emulator::EventKind;

bool StepLines::wants(EventKind kind) const
{
    return kind == EventKind::RunBegin || kind == EventKind::RunEnd || kind == EventKind::RigStep ||
           kind == EventKind::RigVerdict || kind == EventKind::RigLag;
}

void StepLines::seen(const emulator::TraceEvent& event)
{
    m_lines.seen(event);
    m_lines.flush();
}

}  // namespace ui
