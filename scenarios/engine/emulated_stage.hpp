#pragma once

#include "emulator/phone/phone.hpp"
#include "scenarios/engine/stage.hpp"

#include <deque>
#include <set>
#include <unordered_map>
#include <vector>

namespace scenarios {

// What the two stages of emulated phones have in common: results on their way to the run, and the results of
// `power: on`, which come when a phone's page answers.
class EmulatedStage : public Stage, protected emulator::TraceSink {
public:
    void settle(emulator::TraceSink&) override {}  // nothing is on its way when time has passed
    const std::vector<StagePhone>& phones() const override { return m_phones; }

protected:
    explicit EmulatedStage(std::vector<StagePhone> phones);

    ActionId nextId() { return ActionId{++m_lastId}; }
    void finish(ActionId id, emulator::TimePoint at,
                emulator::Result<emulator::HttpResponse> response = emulator::HttpResponse{});
    // What a person gets from a phone without power, or while it starts.
    static emulator::Error whileOff();
    static emulator::Error noForms();  // of Submit: only stages that read forms take it
    // Finishes `id` when the page of this phone answers, or when the phone is off.
    enum class Power { On, Off };
    void awaitPower(PhoneNumber phone, Power power, ActionId id);
    // Finishes `id` when the line of this phone is as wanted: at once if it is already.
    void awaitLine(PhoneNumber phone, int line, bool busy, ActionId id);
    // Finishes `id` with what the display shows next.
    void awaitDisplay(PhoneNumber phone, ActionId id);
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
    struct AwaitingLine {
        ActionId id{};
        std::int64_t line = 1;
        bool busy = false;
    };
    struct Hands {  // of a person at the phone
        std::vector<AwaitingLine> lines;
        std::deque<ActionId> displays;
        std::set<std::int64_t> busy;
    };
    void callSeen(Hands& hands, const emulator::TraceEvent& event);
    void displaySeen(Hands& hands, const emulator::TraceEvent& event);
    void powerSeen(const emulator::TraceEvent& event);
    std::unordered_map<std::uint64_t, std::vector<Awaiting>> m_awaiting;  // by MAC
    std::unordered_map<std::uint64_t, Hands> m_hands;                     // by MAC
    std::deque<ActionResult> m_finished;
    std::uint64_t m_lastId = 0;
};

}  // namespace scenarios
