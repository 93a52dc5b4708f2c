#include "ui/cli/run_control.hpp"

#include "scenarios/control/run_service.hpp"
#include "ui/cli/interruption.hpp"

namespace ui {

using namespace scenarios::control;

RunControl::RunControl(bool paused) : m_gate{paused, interruptionBell()} {}

emulator::Result<std::unique_ptr<RunControl>> RunControl::open(const std::string& socket, bool paused,
                                                               const scenarios::Scenario& scenario)
{
    std::unique_ptr<RunControl> control{new RunControl{paused}};
    ControlHello hello;
    hello.program = "phonerig " PHONERIG_VERSION;
    hello.start = emulator::printWallTime(scenario.start);
    hello.scenario = scenario.title;
    auto served = ControlServer::serve(
        socket, std::make_unique<RunService>(control->m_gate, control->m_history, std::move(hello)));
    if (served.has_error())
        return served.error();
    control->m_server = std::move(*served);
    return control;
}

emulator::TraceSink* RunControl::events(emulator::TraceSink* other)
{
    if (other == nullptr)
        return &m_history;
    m_both.emplace(*other, m_history);
    return &*m_both;
}

}  // namespace ui
