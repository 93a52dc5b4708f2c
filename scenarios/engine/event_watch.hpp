#pragma once

#include "scenarios/engine/macros.hpp"
#include "scenarios/engine/scenario.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace scenarios {

// An event that an expectation was waiting for, by its place in the run.
struct Match {
    std::uint64_t number = 0;
    emulator::TimePoint at{};
};

// Watches for the events of one expectation, on every phone it is about, from the beginning of the last step that was
// no expectation. So a message is not missed that comes while the step before is still going on.
class EventWatch {
public:
    // `by`: whose events count. `fill`: macros for one phone.
    using Fill = std::function<std::string(std::string_view text, PhoneNumber phone)>;
    EventWatch(const EventSubject& subject, emulator::Observer by, const std::vector<PhoneNumber>& phones,
               std::size_t allPhones, emulator::Endpoint server, Fill fill);

    // The slot of the phone that matched; nothing for other events.
    std::optional<std::size_t> seen(const emulator::TraceEvent& event, PhoneNumber phone,
                                    std::uint64_t number);

    const std::vector<Match>& matches(std::size_t slot) const { return m_slots[slot].matches; }
    // Events of the same kind that did not match, newest last; for saying what came instead.
    const std::vector<std::string>& others(std::size_t slot) const { return m_slots[slot].others; }

    static constexpr std::size_t maxMatches = 4096;  // per phone; more change no verdict that people write
    static constexpr std::size_t maxOthers = 3;

private:
    struct Slot {
        std::vector<Match> matches;
        std::vector<std::string> others;
        std::vector<std::string> patterns;  // of this phone; empty: m_patterns
    };
    bool matches(const emulator::TraceEvent& event, const std::vector<std::string>& patterns) const;

    const EventSubject* m_subject;
    emulator::Observer m_by;
    emulator::Endpoint m_server;
    Fill m_fill;
    bool m_perPhone = false;
    std::vector<std::string> m_patterns;
    std::vector<PhoneNumber> m_phones;
    std::vector<std::uint32_t> m_slotOf;  // by phone; none where the expectation is not about it
    std::vector<Slot> m_slots;
};

// An event as a report says it: "GET /basic.txt", "TFTP read basic.txt", the text of a syslog line.
std::string eventText(const emulator::TraceEvent& event);

// Reads a field as text, numbers too; nothing when the event has none of that name.
std::optional<std::string> fieldText(const emulator::TraceEvent& event, emulator::FieldName field);

}  // namespace scenarios
