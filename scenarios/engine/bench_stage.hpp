#pragma once

#include "emulator/runtime/trace_queue.hpp"
#include "scenarios/engine/bench_hands.hpp"
#include "scenarios/engine/bench_place.hpp"
#include "scenarios/engine/bench_wire.hpp"
#include "scenarios/engine/rig_servers.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace scenarios {

// A scenario on one real phone: it is driven through its pages and its power, its wire is captured, and the rig's servers
// listen where it reaches them. Events that expectations are about are those of the wire (design §8).
// Whoever makes it holds the phone's lease; what the phone was like before is put back by whoever grants it.
class BenchStage : public Stage {
public:
    // Submits what the scenario's phone begins with, see BenchHands::prepare(). `packets`: gets what crosses the wire from
    // the first step on; may be null; outlives the stage.
    // Errors, one sentence each: what a server could not open; those of BenchHands; Refused: nothing can be captured.
    static emulator::Result<std::unique_ptr<BenchStage>> make(const Scenario& scenario, BenchPlace place,
                                                              hwbridge::PacketSink* packets);
    ~BenchStage() override;

    std::string_view target() const override { return m_place.target; }
    bool can(Capability capability) const override
    {
        return capability != Capability::Led && capability != Capability::VirtualTime;
    }
    bool observes(emulator::Observer by) const override { return by != emulator::Observer::Phone; }
    emulator::Observer usualObserver(emulator::EventKind kind, emulator::Observer otherwise) const override;
    bool readsForms() const override { return true; }
    emulator::Duration actionLimit() const override { return std::chrono::minutes{8}; }
    const std::vector<StagePhone>& phones() const override { return m_phones; }
    emulator::Endpoint server(std::string_view name) const override { return m_servers->at(name); }
    emulator::TimePoint now() const override;
    emulator::WallTime wallStart() const override { return m_start; }
    ActionId start(PhoneNumber phone, Action action) override;
    void waitUntil(emulator::TimePoint deadline, emulator::TraceSink& sink,
                   const std::function<void(const ActionResult&)>& done,
                   const std::function<bool()>& stop) override;
    // Lets the phone end what it had begun, and ends the capture: no more packets are handed over.
    void settle(emulator::TraceSink& sink) override;
    std::vector<std::string> troubles() override;
    emulator::Duration worstLag() override { return std::exchange(m_lag, emulator::Duration{}); }

    // Ends the capture where settle() has not, as when the run was interrupted; how many packets were lost.
    std::uint64_t endCapture();

private:
    using SteadyClock = std::chrono::steady_clock;
    struct Answer {
        ActionId id{};
        SteadyClock::time_point came;
        BenchHands::Outcome response;
    };

    BenchStage(const Scenario& scenario, BenchPlace place);
    emulator::Result<void> prepare(const Scenario& scenario, hwbridge::PacketSink* packets);
    void answered(ActionId id, BenchHands::Outcome response);
    void takeAnswers();
    void handOver(const std::function<void(const ActionResult&)>& done);
    emulator::Duration clockOffset() const;

    BenchPlace m_place;
    std::vector<StagePhone> m_phones;
    std::atomic<SteadyClock::time_point> m_zero;  // servers ask for the time while the phone is made ready
    emulator::WallTime m_start{};
    emulator::Duration m_offset{};  // of the calendar from the clock that does not jump
    emulator::TraceQueue m_queue;
    std::mutex m_mutex;
    std::vector<Answer> m_answers;  // of other threads
    std::vector<ActionResult> m_finished;
    std::uint64_t m_lastId = 0;
    emulator::Duration m_lag{};
    std::unique_ptr<RigServers> m_servers;
    std::unique_ptr<BenchWire> m_wire;
    std::unique_ptr<BenchHands> m_hands;  // ends before the wire that it listens to
};

}  // namespace scenarios
