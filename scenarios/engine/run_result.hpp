#pragma once

#include "emulator/trace/trace_buffer.hpp"
#include "scenarios/engine/scenario.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace scenarios {

// Design decision D8: green is never an accident.
enum class Verdict : std::uint8_t {
    Passed,   // at least one expectation was evaluated, all were met
    Failed,   // one was not met, or an action was refused
    Invalid,  // the rig itself got in the way, or nothing was evaluated
    Skipped,  // the target cannot do what the scenario needs; nothing was touched
};
std::string_view name(Verdict verdict);  // "passed", "failed", "invalid", "skipped"

enum class StepStatus : std::uint8_t {
    Done,        // an action that was carried out
    Met,         // an expectation
    Failed,      // an expectation that was not met, or an action that was refused
    Unobserved,  // an expectation that this target cannot see; counts neither way
    NotRun,      // an earlier step failed, or the run was stopped
};
std::string_view name(StepStatus status);  // "done", "met", "failed", …

struct PhoneOutcome {
    PhoneNumber phone{};
    std::string seen;  // what was seen instead, or why it could not be seen
};

struct StepResult {
    std::string text;
    Place place;
    bool expectation = false;
    bool finally = false;
    StepStatus status = StepStatus::NotRun;
    emulator::TimePoint began{};
    emulator::TimePoint ended{};
    std::size_t phones = 0;  // that it was about
    std::size_t met = 0;
    std::vector<PhoneOutcome> outcomes;  // of phones that failed it, the first maxOutcomes
    std::string note;                    // why it failed or stayed unobserved, in one sentence
    static constexpr std::size_t maxOutcomes = 16;
};

// The events of one run, as many as fit: the first half of them, and the last.
class EventArchive {
public:
    static constexpr std::size_t defaultMost = 200'000;
    EventArchive() : EventArchive{defaultMost} {}
    explicit EventArchive(std::size_t most);
    EventArchive(EventArchive&&) = default;  // events hold views into their buffers: no copies
    EventArchive& operator=(EventArchive&&) = default;

    void add(const emulator::TraceEvent& event);

    struct Part {
        std::uint64_t first = 0;  // number of its first event in the run
        std::span<const emulator::TraceEvent> events;
    };
    std::vector<Part> parts() const;  // in order
    std::uint64_t total() const { return m_total; }
    std::uint64_t dropped() const;

private:
    std::size_t m_headMost;
    std::size_t m_tailMost;
    std::uint64_t m_total = 0;
    emulator::TraceBuffer m_head;
    std::array<emulator::TraceBuffer, 2> m_tail;  // the older one, the one being filled
    std::uint64_t m_tailFirst = 0;                // number of the older one's first event
};

struct ServerAt {
    std::string name;
    fixtures::ServerKind kind{};
    emulator::Endpoint endpoint;
};

// All that reports say about one scenario on one target.
struct CaseResult {
    std::string file;
    std::string title;
    std::vector<std::string> covers;
    std::vector<std::string> tags;
    std::string target;
    std::uint64_t seed = 0;
    emulator::WallTime wall{};
    Verdict verdict = Verdict::Invalid;
    std::vector<std::string> causes;  // why it is not Passed, one sentence each
    std::vector<std::string> notices;
    std::size_t evaluated = 0;  // expectations
    std::size_t unobserved = 0;
    std::vector<StagePhone> phones;
    std::vector<ServerAt> servers;
    std::vector<StepResult> steps;
    emulator::Duration took{};      // on the scenario's clock
    emulator::Duration wallTook{};  // on the host's
    EventArchive events;
};

// Exit status of a run of several scenarios (design decision D8): invalid outranks failed; 3 also when nothing passed.
int exitStatus(std::span<const Verdict> verdicts);

}  // namespace scenarios
