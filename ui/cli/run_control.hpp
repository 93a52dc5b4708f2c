#pragma once

#include "scenarios/control/control_server.hpp"
#include "scenarios/control/event_history.hpp"
#include "scenarios/engine/scenario.hpp"
#include "scenarios/engine/time_gate.hpp"
#include "ui/cli/both_sinks.hpp"

#include <memory>
#include <optional>
#include <string>

namespace ui {

// `run --control`: lets windows govern the virtual time of a run and read its events meanwhile.
class RunControl {
public:
    // `paused`: no event comes before a window orders so. Errors: those of ControlServer::serve().
    static emulator::Result<std::unique_ptr<RunControl>> open(const std::string& socket, bool paused,
                                                              const scenarios::Scenario& scenario);

    scenarios::TimeGate& gate() { return m_gate; }
    // What a run is to tell what is seen, so that it comes to windows and to `other`, where there is one.
    emulator::TraceSink* events(emulator::TraceSink* other);

private:
    explicit RunControl(bool paused);

    scenarios::TimeGate m_gate;
    scenarios::control::EventHistory m_history;
    std::optional<BothSinks> m_both;
    std::unique_ptr<scenarios::control::ControlServer>
        m_server;  // the last member: ends before what it shows
};

}  // namespace ui
