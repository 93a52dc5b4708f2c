#pragma once

#include "scenarios/engine/event_watch.hpp"
#include "scenarios/engine/expectation_run.hpp"
#include "scenarios/engine/runner.hpp"
#include "scenarios/engine/stage.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace scenarios {

// What a run knows while it plays a scenario: the trace so far, what each phone showed, and what went wrong. The
// stage hands it every event.
class RunState : public emulator::TraceSink {
public:
    RunState(const Scenario& played, Stage& place, const RunOptions& how);

    bool wants(emulator::EventKind) const override { return true; }
    void seen(const emulator::TraceEvent& event) override;
    void rigEvent(emulator::EventKind kind,
                  std::initializer_list<std::pair<emulator::FieldName, emulator::FieldValue>> fields);

    const StagePhone& phone(PhoneNumber one) const { return stage.phones()[static_cast<std::size_t>(one)]; }
    PhoneFacts& factsOf(PhoneNumber one) { return facts[static_cast<std::size_t>(one)]; }
    // With the macros of a step filled in, those of phones for that phone.
    std::string fill(std::string_view text, std::optional<PhoneNumber> who) const;

    // Whose events count for an expectation about them.
    emulator::Observer observerOf(const EventSubject& subject) const;
    // From here on, events count for the expectations up to the next step that is none.
    void openWindow(const std::vector<Step>& steps, std::size_t first);
    // Tells the viewer how many phones of the step are decided.
    void report(const StepResult& result, std::size_t decided);
    // Fails the step because of what that phone did.
    void refuse(StepResult& result, PhoneNumber phone, std::string why);

    const Scenario& scenario;
    Stage& stage;
    const RunOptions& options;
    CaseResult record;
    std::vector<PhoneFacts> facts;
    std::size_t fetching = 0;  // phones that fetch or upload something, as they say
    std::unordered_map<const Step*, EventWatch> watches;
    ExpectationRun* running = nullptr;  // that events are shown to
    std::uint64_t number = 0;           // of the next event
    std::vector<std::string> failures;
    std::vector<std::string> invalid;

private:
    struct MacHash {
        std::size_t operator()(const emulator::MacAddress& mac) const
        {
            return std::hash<std::uint64_t>{}(mac.number());
        }
    };
    std::string serverMacro(std::string_view name) const;
    void stateChanged(PhoneFacts& facts, std::string_view state);

    std::unordered_map<emulator::MacAddress, PhoneNumber, MacHash> m_index;
    std::uint64_t m_rigSequence = 0;
};

}  // namespace scenarios
