#pragma once

#include "scenarios/engine/event_watch.hpp"
#include "scenarios/engine/run_result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace scenarios {

// What the phone's web server said last.
struct WebAnswerSeen {
    int status = 0;  // 0: no answer
    std::string body;
    std::string error;
};

// What is known of one phone while a scenario runs.
struct PhoneFacts {
    emulator::MuteLed led = emulator::MuteLed::Off;
    emulator::TimePoint ledSince{};
    std::vector<emulator::MuteLed> ledSeen;  // that began since the last action, each once
    std::string state = "off";
    WebAnswerSeen answer;
    std::optional<Match> lastMet;  // what met this phone's last expectation

    void ledChanged(const emulator::TraceEvent& event, std::uint64_t number);
};

// One look at a parameter on the phone's page.
struct ParameterReading {
    std::optional<std::string> value;
    std::string why;          // no value
    bool unobserved = false;  // and there will be none
};

// One expectation on its way to a verdict, phone by phone. Pure: it is handed times, events and readings.
class ExpectationRun {
public:
    // `facts` of all phones; `watch` of an expectation about events, else null.
    ExpectationRun(const Expectation& expectation, const std::vector<PhoneNumber>& phones,
                   std::size_t allPhones, std::vector<PhoneFacts>& facts, emulator::TimePoint begin,
                   std::uint64_t number, const EventWatch* watch, EventWatch::Fill fill);

    // Something happened to this phone.
    void look(PhoneNumber phone, PhoneFacts& facts, emulator::TimePoint now, std::uint64_t number);
    void lookAtAll(emulator::TimePoint now, std::uint64_t number);
    void parameterRead(PhoneNumber phone, const ParameterReading& reading, emulator::TimePoint now,
                       std::uint64_t number);
    // The time is over: what is open is decided now. `number`: of the last event so far.
    void end(std::uint64_t number);

    emulator::TimePoint deadline() const { return m_deadline; }  // of the last phone
    bool decided() const;                                        // for the expectation as a whole
    std::size_t decidedPhones() const { return m_phones.size() - m_open; }
    std::vector<PhoneNumber> openPhones() const;
    std::size_t met() const { return m_met; }
    std::size_t failed() const { return m_failed; }
    std::size_t unobserved() const { return m_unobserved; }
    bool isMet() const;
    std::vector<PhoneOutcome> outcomes() const;  // of phones that did not meet it

private:
    enum class Fate { Open, Met, Failed, Unobserved };
    struct One {
        Fate fate = Fate::Open;
        emulator::TimePoint origin{};  // `within` and `after` count from here
        std::uint64_t from = 0;        // first event that counts
        bool read = false;             // a parameter's value was seen at least once
        std::string seen;              // what there was instead
    };
    void decide(std::size_t slot, Fate fate, std::string seen, const Match& by);
    void lookAtEvents(std::size_t slot);
    void lookAtState(std::size_t slot, const PhoneFacts& facts, emulator::TimePoint now,
                     std::uint64_t number);
    bool holds(const PhoneFacts& facts, PhoneNumber phone, emulator::TimePoint now, std::string& seen) const;
    void stateSeen(std::size_t slot, bool holds, std::string seen, emulator::TimePoint now,
                   std::uint64_t number);
    std::string whatCame(std::size_t slot) const;
    emulator::TimePoint deadlineOf(std::size_t slot) const
    {
        return m_all[slot].origin + m_expectation.within;
    }

    const Expectation& m_expectation;
    const std::vector<PhoneNumber>& m_phones;
    std::vector<PhoneFacts>& m_facts;
    const EventWatch* m_watch;
    EventWatch::Fill m_fill;
    std::vector<One> m_all;
    std::vector<std::uint32_t> m_slotOf;
    emulator::TimePoint m_deadline{};
    std::size_t m_open;
    std::size_t m_met = 0;
    std::size_t m_failed = 0;
    std::size_t m_unobserved = 0;
};

// The beats of one period of a pattern as a sampled LED shows them: on, off, on, off, …
std::vector<emulator::Duration> sampledBeats(emulator::MuteLed led);

}  // namespace scenarios
