#pragma once

#include "emulator/runtime/virtual_run.hpp"
#include "scenarios/engine/emulated_stage.hpp"
#include "scenarios/engine/stage_plan.hpp"
#include "scenarios/engine/time_gate.hpp"
#include "scenarios/engine/wire_packets.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace scenarios {

// A scenario in virtual time (design decision D6): the same fleet and servers as on real sockets, in memory.
// Phones are 10.78.0.1 and up, servers 192.0.2.10 and up on the ports of their protocols.
class SimStage : public EmulatedStage {
public:
    // What crosses the wire goes to `packets`, where there is one; it must outlive the stage. `alter`: as in
    // StageOptions.
    static emulator::Result<std::unique_ptr<SimStage>> make(
        const Scenario& scenario, unsigned threads, emulator::Seed seed,
        hwbridge::PacketSink* packets = nullptr, const std::function<void(emulator::Fleet&)>& alter = {});

    static bool targetCan(Capability capability) { return capability != Capability::Wire; }

    // Every event, and every instant that a step waited for in vain, comes when the gate lets it; it must outlive the stage.
    void holdBackBy(TimeGate& gate) { m_gate = &gate; }

    std::string_view target() const override { return "sim"; }
    bool can(Capability capability) const override { return targetCan(capability); }
    emulator::Endpoint server(std::string_view name) const override;
    emulator::TimePoint now() const override { return m_run->now(); }
    emulator::WallTime wallStart() const override { return m_start; }
    ActionId start(PhoneNumber phone, Action action) override;
    void waitUntil(emulator::TimePoint deadline, emulator::TraceSink& sink,
                   const std::function<void(const ActionResult&)>& done,
                   const std::function<bool()>& stop) override;
    std::vector<std::string> troubles() override { return {}; }
    emulator::Duration worstLag() override { return {}; }

private:
    struct Server {
        std::string name;
        emulator::Endpoint at;
        ServerMade made;
    };
    SimStage(std::vector<StagePhone> phones, std::vector<Server> servers, emulator::Fleet fleet,
             emulator::VirtualNetwork network, unsigned threads, std::string_view story,
             hwbridge::PacketSink* packets);
    Server* find(std::string_view name);
    void seen(const emulator::TraceEvent& event) override;

    emulator::WallTime m_start;
    std::vector<Server> m_servers;
    std::optional<WirePackets> m_wire;
    std::uint16_t m_browserPort;
    TimeGate* m_gate = nullptr;
    std::unique_ptr<emulator::VirtualRun> m_run;  // the last member: ends before the servers and the wire
};

}  // namespace scenarios
