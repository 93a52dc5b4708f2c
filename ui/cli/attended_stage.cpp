#include "ui/cli/attended_stage.hpp"

#include "ui/cli/interruption.hpp"

namespace ui {

void AttendedStage::waitUntil(emulator::TimePoint deadline, emulator::TraceSink& sink,
                              const std::function<void(const scenarios::ActionResult&)>& done,
                              const std::function<bool()>& stop)
{
    m_stage.waitUntil(deadline, sink, done, [&] {
        m_attend();
        return interrupted() || stop();
    });
    if (interrupted())
        throw scenarios::RunStopped{"interrupted"};
}

}  // namespace ui
