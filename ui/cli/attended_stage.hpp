#pragma once

#include "scenarios/engine/stage.hpp"

#include <functional>

namespace ui {

// A stage with somebody at the keyboard: `attend` is called whenever the stage looks around while time passes, and a
// wait ends with RunStopped once the process was told to end.
class AttendedStage : public scenarios::Stage {
public:
    AttendedStage(scenarios::Stage& stage, std::function<void()> attend)
        : m_stage{stage},
          m_attend{std::move(attend)}
    {}

    std::string_view target() const override { return m_stage.target(); }
    bool can(scenarios::Capability capability) const override { return m_stage.can(capability); }
    bool observes(emulator::Observer by) const override { return m_stage.observes(by); }
    emulator::Observer usualObserver(emulator::EventKind kind, emulator::Observer otherwise) const override
    {
        return m_stage.usualObserver(kind, otherwise);
    }
    bool readsForms() const override { return m_stage.readsForms(); }
    emulator::Duration actionLimit() const override { return m_stage.actionLimit(); }
    const std::vector<scenarios::StagePhone>& phones() const override { return m_stage.phones(); }
    emulator::Endpoint server(std::string_view name) const override { return m_stage.server(name); }
    emulator::TimePoint now() const override { return m_stage.now(); }
    emulator::WallTime wallStart() const override { return m_stage.wallStart(); }
    scenarios::ActionId start(scenarios::PhoneNumber phone, scenarios::Action action) override
    {
        return m_stage.start(phone, std::move(action));
    }
    void waitUntil(emulator::TimePoint deadline, emulator::TraceSink& sink,
                   const std::function<void(const scenarios::ActionResult&)>& done,
                   const std::function<bool()>& stop) override;
    void settle(emulator::TraceSink& sink) override { m_stage.settle(sink); }
    std::vector<std::string> notices() override { return m_stage.notices(); }
    std::vector<std::string> troubles() override { return m_stage.troubles(); }
    const emulator::NetFleet* liveFleet() const override { return m_stage.liveFleet(); }
    emulator::Duration worstLag() override { return m_stage.worstLag(); }

private:
    scenarios::Stage& m_stage;
    std::function<void()> m_attend;
};

}  // namespace ui
