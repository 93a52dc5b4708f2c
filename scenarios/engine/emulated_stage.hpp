#pragma once

#include "emulator/phone/phone.hpp"
#include "scenarios/engine/stage.hpp"

#include <deque>
#include <unordered_map>
#include <vector>

namespace scenarios {

// What the two stages of emulated phones have in common: results on their way to the run, and the results of
// `power: on`, which come when a phone's page answers.
class EmulatedStage : public Stage, protected emulator::TraceSink {
public:
    const std::vector<StagePhone>& phones() const override { return m_phones; }

protected:
    explicit EmulatedStage(std::vector<StagePhone> phones);

    ActionId nextId() { return ActionId{++m_lastId}; }
    void finish(ActionId id, emulator::TimePoint at,
                emulator::Result<emulator::HttpResponse> response = emulator::HttpResponse{});
    // Finishes `id` when the page of this phone answers, or when the phone is off.
    enum class Power { On, Off };
    void awaitPower(PhoneNumber phone, Power power, ActionId id);
    // Hands over what is finished; returns whether there was anything.
    bool handOver(const std::function<void(const ActionResult&)>& done);

    // Events pass through here to whoever waits for them.
    bool wants(emulator::EventKind) const override { return true; }
    void seen(const emulator::TraceEvent& event) override;
    emulator::TraceSink* m_sink = nullptr;

private:
    std::vector<StagePhone> m_phones;
    struct Awaiting {
        ActionId id{};
        Power power{};
    };
    std::unordered_map<std::uint64_t, std::vector<Awaiting>> m_awaiting;  // by MAC
    std::deque<ActionResult> m_finished;
    std::uint64_t m_lastId = 0;
};

}  // namespace scenarios
