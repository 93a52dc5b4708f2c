#include "scenarios/engine/expectation_run.hpp"

#include "emulator/base/overloaded.hpp"
#include "scenarios/engine/glob.hpp"
#include "scenarios/engine/shortened.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios {

namespace {

using namespace std::chrono_literals;
using emulator::Duration;
using emulator::TimePoint;

constexpr std::uint32_t nobody = UINT32_MAX;
constexpr std::size_t shownValue = 120;
constexpr Duration beatTolerance = 50ms;  // LED-SLOW, LED-FAST

std::string printBeats(const std::vector<Duration>& beats)
{
    std::string text;
    for (const Duration beat : beats)
        text += fmt::format("{}{}", text.empty() ? "" : ", ", printDuration(beat));
    return text.empty() ? "not at all" : text;
}

bool sameBeats(const std::vector<Duration>& a, const std::vector<Duration>& b)
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](Duration x, Duration y) {
               return std::chrono::abs(x - y) <= beatTolerance;
           });
}

}  // namespace

std::vector<Duration> sampledBeats(emulator::MuteLed led)
{
    constexpr Duration sample = 5ms;
    constexpr Duration longest = 20s;
    std::vector<Duration> beats;
    bool lit = true;
    TimePoint since{};
    TimePoint at{};
    if (!emulator::isLit(led, TimePoint{}, at))
        return beats;
    for (at += sample; at.time_since_epoch() < longest; at += sample) {
        if (emulator::isLit(led, TimePoint{}, at) == lit)
            continue;
        beats.push_back(at - since);
        since = at;
        lit = !lit;
    }
    // One period: the shortest beginning that goes on repeating.
    for (std::size_t period = 2; period * 2 <= beats.size(); period += 2) {
        bool repeats = true;
        for (std::size_t i = period; i < beats.size() && repeats; ++i)
            repeats = std::chrono::abs(beats[i] - beats[i % period]) <= sample;
        if (repeats) {
            beats.resize(period);
            return beats;
        }
    }
    return beats;
}

void PhoneFacts::ledChanged(const emulator::TraceEvent& event, std::uint64_t)
{
    const auto shown = emulator::muteLedNamed(event.text(emulator::FieldName::State));
    if (!shown)
        return;
    led = *shown;
    ledSince = event.at;
    if (std::find(ledSeen.begin(), ledSeen.end(), *shown) == ledSeen.end())
        ledSeen.push_back(*shown);
}

ExpectationRun::ExpectationRun(const Expectation& expectation, const std::vector<PhoneNumber>& phones,
                               std::size_t allPhones, std::vector<PhoneFacts>& facts, TimePoint begin,
                               std::uint64_t number, const EventWatch* watch, EventWatch::Fill fill)
    : m_expectation{expectation},
      m_phones{phones},
      m_facts{facts},
      m_watch{watch},
      m_fill{std::move(fill)},
      m_all(phones.size()),
      m_slotOf(allPhones, nobody),
      m_deadline{begin},
      m_open{phones.size()}
{
    for (std::size_t slot = 0; slot < phones.size(); ++slot) {
        One& one = m_all[slot];
        const auto phone = static_cast<std::size_t>(phones[slot]);
        m_slotOf[phone] = static_cast<std::uint32_t>(slot);
        one.origin = begin;
        // An expectation with `after` looks ahead only; others at all since the last action.
        one.from = expectation.after > Duration{} ? number : 0;
        if (expectation.then && facts[phone].lastMet) {
            one.origin = facts[phone].lastMet->at;
            one.from = facts[phone].lastMet->number + 1;
        }
        m_deadline = std::max(m_deadline, deadlineOf(slot));
    }
}

void ExpectationRun::decide(std::size_t slot, Fate fate, std::string seen, const Match& by)
{
    One& one = m_all[slot];
    one.fate = fate;
    one.seen = std::move(seen);
    --m_open;
    if (fate == Fate::Met) {
        ++m_met;
        m_facts[static_cast<std::size_t>(m_phones[slot])].lastMet = by;
    } else if (fate == Fate::Failed) {
        ++m_failed;
    } else {
        ++m_unobserved;
    }
}

bool ExpectationRun::decided() const
{
    switch (m_expectation.who) {
    case Expectation::Who::Any:
        return m_open == 0 || m_met > 0;
    case Expectation::Who::Count:
        return m_open == 0 || m_met > m_expectation.count;
    case Expectation::Who::Each:
        break;
    }
    return m_open == 0;
}

bool ExpectationRun::isMet() const
{
    switch (m_expectation.who) {
    case Expectation::Who::Any:
        return m_met > 0;
    case Expectation::Who::Count:
        return m_met == m_expectation.count;
    case Expectation::Who::Each:
        break;
    }
    return m_met == m_phones.size();
}

std::vector<PhoneNumber> ExpectationRun::openPhones() const
{
    std::vector<PhoneNumber> open;
    for (std::size_t slot = 0; slot < m_phones.size(); ++slot)
        if (m_all[slot].fate == Fate::Open)
            open.push_back(m_phones[slot]);
    return open;
}

std::vector<PhoneOutcome> ExpectationRun::outcomes() const
{
    std::vector<PhoneOutcome> all;
    for (std::size_t slot = 0; slot < m_phones.size() && all.size() < StepResult::maxOutcomes; ++slot)
        if (m_all[slot].fate == Fate::Failed || m_all[slot].fate == Fate::Unobserved)
            all.push_back({m_phones[slot], m_all[slot].seen});
    return all;
}

void ExpectationRun::look(PhoneNumber phone, PhoneFacts& facts, TimePoint now, std::uint64_t number)
{
    const std::uint32_t slot = m_slotOf[static_cast<std::size_t>(phone)];
    if (slot == nobody || m_all[slot].fate != Fate::Open)
        return;
    if (m_watch != nullptr)
        lookAtEvents(slot);
    else if (!std::holds_alternative<ParamSubject>(m_expectation.subject))
        lookAtState(slot, facts, now, number);
}

void ExpectationRun::lookAtAll(TimePoint now, std::uint64_t number)
{
    for (const PhoneNumber phone : m_phones)
        look(phone, m_facts[static_cast<std::size_t>(phone)], now, number);
}

void ExpectationRun::lookAtEvents(std::size_t slot)
{
    const One& one = m_all[slot];
    const TimePoint opens = one.origin + m_expectation.after;
    const bool late = m_expectation.after > Duration{};
    const std::size_t least = m_expectation.atLeast.value_or(m_expectation.atMost ? 0 : 1);
    std::size_t count = 0;
    for (const Match& match : m_watch->matches(slot)) {
        if (match.number < one.from || match.at > deadlineOf(slot))
            continue;
        if (late && match.at < opens) {
            if (!m_expectation.never)
                decide(slot, Fate::Failed,
                       fmt::format("came after {}, expected after {} at the earliest",
                                   printDuration(match.at - one.origin), printDuration(m_expectation.after)),
                       match);
            if (!m_expectation.never)
                return;
            continue;
        }
        ++count;
        if (m_expectation.never)
            return decide(slot, Fate::Failed,
                          fmt::format("came at {}", printDuration(match.at.time_since_epoch())), match);
        if (m_expectation.atMost && count > *m_expectation.atMost)
            return decide(slot, Fate::Failed, fmt::format("came more than {} times", *m_expectation.atMost),
                          match);
        if (!m_expectation.atMost && count >= least)
            return decide(slot, Fate::Met, {}, match);
    }
}

// What the phone shows right now.
bool ExpectationRun::holds(const PhoneFacts& facts, PhoneNumber phone, TimePoint now, std::string& seen) const
{
    return std::visit(
        emulator::Overloaded{
            [](const EventSubject&) { return false; },
            [](const ParamSubject&) { return false; },
            [&](const LedSubject& led) {
                if (led.lit) {
                    const bool lit = emulator::isLit(facts.led, facts.ledSince, now);
                    seen = fmt::format("the LED is {}", lit ? "lit" : "dark");
                    return lit == *led.lit;
                }
                if (led.showed) {
                    seen = facts.ledSeen.empty() ? "the LED did not change" : "the LED showed only";
                    for (const emulator::MuteLed one : facts.ledSeen)
                        seen += fmt::format(" {}", name(one));
                    return std::find(facts.ledSeen.begin(), facts.ledSeen.end(), *led.showed) !=
                           facts.ledSeen.end();
                }
                if (led.shows) {
                    seen = fmt::format("the LED shows {}", name(facts.led));
                    return facts.led == *led.shows;
                }
                const std::vector<Duration> beats = sampledBeats(facts.led);
                seen = fmt::format("the LED blinks {}", printBeats(beats));
                return sameBeats(beats, led.beats);
            },
            [&](const StateSubject& state) {
                seen = fmt::format("the phone is {}", facts.state);
                return facts.state == state.state;
            },
            [&](const AnswerSubject& answer) {
                if (answer.status) {
                    seen = facts.answer.status == 0
                               ? fmt::format("no answer ({})", facts.answer.error)
                               : fmt::format("the phone answered {}", facts.answer.status);
                    return facts.answer.status == *answer.status;
                }
                seen = fmt::format("the page is \"{}\"", shortened(facts.answer.body, shownValue));
                return facts.answer.status != 0 && matchesGlob(facts.answer.body, m_fill(answer.page, phone));
            },
        },
        m_expectation.subject);
}

void ExpectationRun::lookAtState(std::size_t slot, const PhoneFacts& facts, TimePoint now,
                                 std::uint64_t number)
{
    std::string seen;
    const bool good = holds(facts, m_phones[slot], now, seen);
    const auto* const led = std::get_if<LedSubject>(&m_expectation.subject);
    if (std::holds_alternative<AnswerSubject>(m_expectation.subject) || (led != nullptr && led->lit)) {
        // There already, once and for all.
        decide(slot, good ? Fate::Met : Fate::Failed, good ? std::string{} : std::move(seen), {number, now});
        return;
    }
    stateSeen(slot, good, std::move(seen), now, number);
}

void ExpectationRun::stateSeen(std::size_t slot, bool good, std::string seen, TimePoint now,
                               std::uint64_t number)
{
    One& one = m_all[slot];
    one.seen = std::move(seen);
    if (!good || now > deadlineOf(slot))
        return;
    const Match by{number, now};
    if (m_expectation.never)
        decide(slot, Fate::Failed, fmt::format("{}, at {}", one.seen, printDuration(now.time_since_epoch())),
               by);
    else
        decide(slot, Fate::Met, {}, by);
}

void ExpectationRun::parameterRead(PhoneNumber phone, const ParameterReading& reading, TimePoint now,
                                   std::uint64_t number)
{
    const std::uint32_t slot = m_slotOf[static_cast<std::size_t>(phone)];
    if (slot == nobody || m_all[slot].fate != Fate::Open)
        return;
    if (reading.unobserved)
        return decide(slot, Fate::Unobserved, reading.why, {number, now});
    const auto& subject = std::get<ParamSubject>(m_expectation.subject);
    if (!reading.value) {
        m_all[slot].seen = reading.why;
        return;
    }
    m_all[slot].read = true;
    const std::string expected = m_fill(subject.value, phone);
    const bool good = subject.pattern ? matchesGlob(*reading.value, expected) : *reading.value == expected;
    // A value that was asked for in time counts also when its answer took a moment longer.
    stateSeen(slot, good, fmt::format("{} is \"{}\"", subject.name, shortened(*reading.value, shownValue)),
              std::min(now, deadlineOf(slot)), number);
}

std::string ExpectationRun::whatCame(std::size_t slot) const
{
    const std::vector<std::string>& others = m_watch->others(slot);
    if (others.empty())
        return "nothing of the kind came";
    std::string text = "came instead: ";
    for (const std::string& other : others)
        text += fmt::format("{}\"{}\"", &other == &others.front() ? "" : ", ", other);
    return text;
}

void ExpectationRun::end(std::uint64_t number)
{
    for (std::size_t slot = 0; slot < m_phones.size(); ++slot) {
        if (m_all[slot].fate != Fate::Open)
            continue;
        const Match by{number, deadlineOf(slot)};
        if (m_watch == nullptr) {
            const bool unread = m_expectation.never && !m_all[slot].read &&
                                std::holds_alternative<ParamSubject>(m_expectation.subject);
            if (m_expectation.never && !unread)
                decide(slot, Fate::Met, {}, by);
            else
                decide(slot, Fate::Failed,
                       m_all[slot].seen.empty() ? std::string{"nothing was seen"} : m_all[slot].seen, by);
            continue;
        }
        Match last = by;
        std::size_t count = 0;
        for (const Match& match : m_watch->matches(slot)) {
            const bool early =
                m_expectation.after > Duration{} && match.at < m_all[slot].origin + m_expectation.after;
            if (match.number < m_all[slot].from || match.at > deadlineOf(slot) || early)
                continue;
            last = match;
            ++count;
        }
        if (m_expectation.never || (m_expectation.atMost && count >= m_expectation.atLeast.value_or(0)))
            decide(slot, Fate::Met, {}, last);
        else if (count > 0)
            decide(slot, Fate::Failed,
                   fmt::format("came {} time{}, expected {}", count, count == 1 ? "" : "s",
                               *m_expectation.atLeast),
                   last);
        else
            decide(slot, Fate::Failed, whatCame(slot), last);
    }
}

}  // namespace scenarios
