#include "scenarios/engine/expectation_player.hpp"

#include "scenarios/engine/phone_browser.hpp"
#include "scenarios/engine/step_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace scenarios {

namespace {

using namespace std::chrono_literals;
using emulator::Duration;
using emulator::EventKind;
using emulator::FieldName;
using emulator::TimePoint;

constexpr auto longestStart = 180s;  // our choice, as BenchHands: a boot takes one to two minutes
constexpr auto startPause = 250ms;   // between two looks

class ExpectationPlayer {
public:
    explicit ExpectationPlayer(RunState& run) : m_run{run} {}

    void play(const Step& step, const Expectation& expectation, StepResult& result)
    {
        expect(step, expectation, result);
    }

private:
    std::string whyUnobserved(const Expectation& expectation, const std::vector<PhoneNumber>& phones) const
    {
        if (const auto* events = std::get_if<EventSubject>(&expectation.subject)) {
            if (!m_run.stage.can(Capability::Trace))
                return fmt::format("{} sees no traffic", m_run.stage.target());
            const emulator::Observer by = m_run.observerOf(*events);
            if (!m_run.stage.observes(by))
                return by == emulator::Observer::Wire
                           ? fmt::format("{} captures no wire", m_run.stage.target())
                           : fmt::format("{} does not know what a {} sees", m_run.stage.target(), name(by));
        } else if (std::holds_alternative<StateSubject>(expectation.subject) &&
                   !m_run.stage.observes(emulator::Observer::Phone)) {
            return fmt::format("{} cannot look into a phone", m_run.stage.target());
        } else if (std::holds_alternative<LedSubject>(expectation.subject) &&
                   !m_run.stage.can(Capability::Led)) {
            return fmt::format("{} cannot see LEDs", m_run.stage.target());
        } else if (const auto* param = std::get_if<ParamSubject>(&expectation.subject)) {
            const auto names = m_run.scenario.phoneNames();
            for (const PhoneNumber phone : phones) {
                const PhoneGroup& group = m_run.scenario.groups[names[static_cast<std::size_t>(phone)].group];
                const auto id = group.model->schema->find(param->name);
                const emulator::Parameter* parameter = id ? &group.model->schema->at(*id) : nullptr;
                if (parameter != nullptr && (parameter->secret || parameter->hidden || !parameter->exported))
                    return fmt::format("{} cannot be read on the phone's pages", param->name);
            }
        }
        return {};
    }

    void expect(const Step& step, const Expectation& expectation, StepResult& result)
    {
        if (const std::string why = whyUnobserved(expectation, *step.phones.phones); !why.empty()) {
            result.note = why;
            result.status = m_run.options.strict ? StepStatus::Failed : StepStatus::Unobserved;
            ++m_run.record.unobserved;
            const auto* const state = std::get_if<StateSubject>(&expectation.subject);
            if (state != nullptr && state->state == name(emulator::PhoneState::Idle))
                awaitPages(*step.phones.phones);
            return;
        }
        m_run.stage.worstLag();  // what happened before does not count
        const auto watch = m_run.watches.find(&step);
        ExpectationRun run{
            expectation,
            *step.phones.phones,
            m_run.stage.phones().size(),
            m_run.facts,
            m_run.stage.now(),
            m_run.number,
            watch == m_run.watches.end() ? nullptr : &watch->second,
            [this](std::string_view text, PhoneNumber phone) { return m_run.fill(text, phone); }};
        m_run.running = &run;
        run.lookAtAll(m_run.stage.now(), m_run.number - 1);
        if (std::holds_alternative<ParamSubject>(expectation.subject))
            readParameters(run, std::get<ParamSubject>(expectation.subject), result);
        else
            await(run, run.deadline(), result);
        if (!run.decided() && !m_run.stage.can(Capability::VirtualTime))
            await(run, m_run.stage.now() + 30ms,
                  result);  // what was seen in time may still be on its way to here
        m_run.running = nullptr;
        run.end(m_run.number - 1);

        ++m_run.record.evaluated;
        result.met = run.met();
        result.status = run.isMet() ? StepStatus::Met : StepStatus::Failed;
        if (!run.isMet() && run.unobserved() > 0 && run.failed() == 0) {
            --m_run.record.evaluated;
            ++m_run.record.unobserved;
            result.status = m_run.options.strict ? StepStatus::Failed : StepStatus::Unobserved;
        }
        for (const PhoneOutcome& outcome : run.outcomes())
            if (result.outcomes.size() < StepResult::maxOutcomes)
                result.outcomes.push_back(outcome);
        if (result.status != StepStatus::Met)
            result.note = noteOf(expectation, run, result);
        checkLag(expectation, result);
    }

    // Whether a phone that nobody can look into is idle shows in its page as far as it matters to the next step: while
    // the phone starts, nothing answers there.
    void awaitPages(std::vector<PhoneNumber> phones)
    {
        for (const TimePoint end = m_run.stage.now() + longestStart; !phones.empty();) {
            std::unordered_map<std::uint64_t, PhoneNumber> pending;
            for (const PhoneNumber phone : phones) {
                const ActionId id =
                    m_run.stage.start(phone, Browse{pageRequest(m_run.phone(phone), configurationExport,
                                                                m_run.scenario.login, Visitor::Rig)});
                pending.emplace(static_cast<std::uint64_t>(id), phone);
            }
            m_run.stage.waitUntil(
                end, m_run,
                [&](const ActionResult& done) {
                    const auto at = pending.find(static_cast<std::uint64_t>(done.id));
                    if (at != pending.end() && done.response.has_value())
                        std::erase(phones, at->second);
                    if (at != pending.end())
                        pending.erase(at);
                },
                [&] { return pending.empty(); });
            if (phones.empty() || m_run.stage.now() >= end)
                return;
            m_run.stage.waitUntil(
                std::min<TimePoint>(m_run.stage.now() + startPause, end), m_run, [](const ActionResult&) {},
                [] { return false; });
        }
    }

    std::string noteOf(const Expectation& expectation, const ExpectationRun& run,
                       const StepResult& result) const
    {
        if (expectation.who == Expectation::Who::Count)
            return fmt::format("held on {} of {} phones, expected {}", run.met(), result.phones,
                               expectation.count);
        if (result.outcomes.empty())
            return "not met";
        const PhoneOutcome& first = result.outcomes.front();
        const std::string text = fmt::format(
            "{}: {}", m_run.stage.phones()[static_cast<std::size_t>(first.phone)].name, first.seen);
        const std::size_t others = result.phones - run.met() - 1;
        return others == 0 ? text
                           : fmt::format("{} (and {} more phone{})", text, others, others == 1 ? "" : "s");
    }

    void await(ExpectationRun& run, TimePoint deadline, StepResult& result)
    {
        std::size_t said = 0;
        m_run.stage.waitUntil(
            deadline, m_run, [](const ActionResult&) {},
            [&] {
                if (run.decidedPhones() != said)
                    m_run.report(result, said = run.decidedPhones());
                return run.decided();
            });
    }

    // A parameter is read from the phone's page, again and again until it is as expected.
    void readParameters(ExpectationRun& run, const ParamSubject& subject, StepResult& result)
    {
        const Duration pause = std::clamp<Duration>((run.deadline() - m_run.stage.now()) / 20, 20ms, 1s);
        while (!run.decided()) {
            std::unordered_map<std::uint64_t, PhoneNumber> pending;
            for (const PhoneNumber phone : run.openPhones()) {
                const StagePhone& who = m_run.phone(phone);
                const ActionId id = m_run.stage.start(
                    phone, Browse{pageRequest(who, configurationExport, m_run.scenario.login, Visitor::Rig)});
                pending.emplace(static_cast<std::uint64_t>(id), phone);
            }
            const TimePoint asked = m_run.stage.now();
            m_run.stage.waitUntil(
                std::max(run.deadline(), asked + 5s), m_run,
                [&](const ActionResult& done) {
                    const auto at = pending.find(static_cast<std::uint64_t>(done.id));
                    if (at == pending.end())
                        return;
                    run.parameterRead(at->second, readValue(done, subject.name), m_run.stage.now(),
                                      m_run.number - 1);
                    pending.erase(at);
                },
                [&] { return pending.empty(); });
            m_run.report(result, run.decidedPhones());
            if (run.decided() || m_run.stage.now() >= run.deadline())
                return;
            m_run.stage.waitUntil(
                std::min(m_run.stage.now() + pause, run.deadline()), m_run, [](const ActionResult&) {},
                [] { return false; });
        }
    }

    static ParameterReading readValue(const ActionResult& done, const std::string& name)
    {
        if (done.response.has_error())
            return {{}, fmt::format("its page does not answer ({})", done.response.error().detail), false};
        if (done.response->status != 200)
            return {{},
                    fmt::format("its page {} answered {}", configurationExport, done.response->status),
                    done.response->status == 401 || done.response->status == 403};
        const auto value =
            exportedValue(done.response->body ? std::string_view{*done.response->body} : "", name);
        if (value.has_error())
            return {{}, value.error().detail, false};
        if (!*value)
            return {{}, fmt::format("its page does not show {}", name), true};
        return {**value, {}, false};
    }

    void checkLag(const Expectation& expectation, const StepResult& result)
    {
        const Duration lag = m_run.stage.worstLag();
        const Duration trusted = std::max<Duration>(50ms, expectation.within / 10);
        if (lag <= trusted)
            return;
        m_run.rigEvent(EventKind::RigLag, {{FieldName::Lag, static_cast<std::int64_t>(lag.count())}});
        m_run.invalid.push_back(fmt::format(
            "{}:{}: {}: the rig was {} late meanwhile, at most {} can be trusted", m_run.scenario.file,
            result.place.line, result.text, printDuration(lag), printDuration(trusted)));
    }

    RunState& m_run;
};

}  // namespace

void playExpectation(RunState& run, const Step& step, const Expectation& expectation, StepResult& result)
{
    ExpectationPlayer{run}.play(step, expectation, result);
}

}  // namespace scenarios
