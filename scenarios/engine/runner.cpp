#include "scenarios/engine/runner.hpp"

#include "emulator/base/overloaded.hpp"
#include "scenarios/engine/event_watch.hpp"
#include "scenarios/engine/expectation_run.hpp"
#include "scenarios/engine/glob.hpp"
#include "scenarios/engine/phone_browser.hpp"
#include "scenarios/engine/stage_plan.hpp"
#include "scenarios/engine/step_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <unordered_map>

namespace scenarios {

namespace {

using namespace std::chrono_literals;
using emulator::Duration;
using emulator::EventKind;
using emulator::FieldName;
using emulator::TimePoint;
using emulator::TraceEvent;

// How long an action may take before the rig gives up on it. Our choice: far beyond any answer of a phone.
// A NOTIFY may take twice its 32 s, as it is sent anew with its login.
constexpr Duration actionLimit = 70s;

struct MacHash {
    std::size_t operator()(const emulator::MacAddress& mac) const
    {
        return std::hash<std::uint64_t>{}(mac.number());
    }
};

class Run : private emulator::TraceSink {
public:
    Run(const Scenario& scenario, Stage& stage, const RunOptions& options)
        : m_scenario{scenario},
          m_stage{stage},
          m_options{options},
          m_case{}
    {
        m_case.events = EventArchive{options.maxEvents};
        for (const StagePhone& phone : stage.phones())
            m_index.emplace(phone.mac, PhoneNumber{static_cast<std::uint32_t>(m_index.size())});
        m_facts.resize(stage.phones().size());
    }

    CaseResult play()
    {
        const auto began = std::chrono::steady_clock::now();
        describe();
        begin();
        openWindow(m_scenario.steps, 0);
        bool going = true;
        for (std::size_t i = 0; i < m_scenario.steps.size(); ++i) {
            if (going)
                going = playStep(m_scenario.steps, i, false);
            else
                skip(m_scenario.steps[i], false);
        }
        openWindow(m_scenario.finally, 0);
        for (std::size_t i = 0; i < m_scenario.finally.size(); ++i)
            playStep(m_scenario.finally, i, true);
        judge();
        m_case.took = m_stage.now().time_since_epoch();
        m_case.wallTook = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
        return std::move(m_case);
    }

private:
    // ---- the trace

    bool wants(EventKind) const override { return true; }

    void seen(const TraceEvent& event) override
    {
        const std::uint64_t number = m_number++;
        m_case.events.add(event);
        if (m_options.events != nullptr && m_options.events->wants(event.kind))
            m_options.events->seen(event);
        if (!event.phone || event.by == emulator::Observer::Rig)
            return;
        const auto found = m_index.find(*event.phone);
        if (found == m_index.end())
            return;
        const PhoneNumber phone = found->second;
        PhoneFacts& facts = m_facts[static_cast<std::size_t>(phone)];
        if (event.by == emulator::Observer::Phone && event.kind == EventKind::PhoneLed)
            facts.ledChanged(event, number);
        else if (event.by == emulator::Observer::Phone && event.kind == EventKind::PhoneState)
            facts.state = event.text(FieldName::State);
        for (auto& [step, watch] : m_watches)
            watch.seen(event, phone, number);
        if (m_running != nullptr)
            m_running->look(phone, facts, event.at, number);
    }

    void rigEvent(EventKind kind, std::initializer_list<std::pair<FieldName, emulator::FieldValue>> fields)
    {
        TraceEvent event;
        event.at = m_stage.now();
        event.kind = kind;
        event.by = emulator::Observer::Rig;
        event.order = {0, 0, m_rigSequence++};
        for (const auto& [field, value] : fields)
            event.fields.push_back({field, value});
        seen(event);
    }

    void begin()
    {
        const std::string wall = emulator::printWallTime(m_case.wall);
        rigEvent(EventKind::RunBegin, {{FieldName::Schema, std::int64_t{1}},
                                       {FieldName::Version, std::string_view{m_options.version}},
                                       {FieldName::Seed, static_cast<std::int64_t>(m_options.seed)},
                                       {FieldName::Target, std::string_view{m_case.target}},
                                       {FieldName::Wall, std::string_view{wall}},
                                       {FieldName::Name, std::string_view{m_scenario.title}}});
    }

    // ---- macros

    std::string serverMacro(std::string_view name) const
    {
        const std::size_t dot = name.find('.');
        const ServerPlan* const plan = m_scenario.server(name.substr(0, dot));
        if (plan == nullptr)
            return {};
        return serverText(*plan, m_stage.server(plan->name),
                          dot == std::string_view::npos ? "" : name.substr(dot + 1));
    }

    std::string fill(std::string_view text, std::optional<PhoneNumber> number) const
    {
        if (!hasMacros(text))
            return std::string{text};
        const auto filled = fillMacros(text, [&](std::string_view name) -> std::optional<std::string> {
            if (!name.starts_with("phone.") || !number)
                return serverMacro(name);
            const StagePhone& phone = m_stage.phones()[static_cast<std::size_t>(*number)];
            const std::string_view part = name.substr(6);
            if (part == "mac")
                return phone.mac.colons();
            if (part == "ma")
                return phone.mac.plain();
            if (part == "mau")
                return phone.mac.upper();
            if (part == "address")
                return phone.address.text();
            return part == "name" ? phone.name : phone.model;
        });
        return filled.has_value() ? *filled : std::string{text};  // the reader has checked every macro
    }

    // ---- steps

    // From here on, events count for the expectations up to the next step that is none.
    void openWindow(const std::vector<Step>& steps, std::size_t first)
    {
        m_watches.clear();
        for (std::size_t i = first; i < steps.size(); ++i) {
            const auto* expectation = std::get_if<Expectation>(&steps[i].what);
            if (expectation == nullptr)
                return;
            const auto* subject = std::get_if<EventSubject>(&expectation->subject);
            if (subject == nullptr)
                continue;
            const emulator::Endpoint server =
                subject->server.empty() ? emulator::Endpoint{} : m_stage.server(subject->server);
            m_watches.emplace(std::piecewise_construct, std::forward_as_tuple(&steps[i]),
                              std::forward_as_tuple(*subject, *steps[i].phones.phones,
                                                    m_stage.phones().size(), server,
                                                    [this](std::string_view text, PhoneNumber phone) {
                                                        return fill(text, phone);
                                                    }));
        }
    }

    bool playStep(const std::vector<Step>& steps, std::size_t index, bool finally)
    {
        const Step& step = steps[index];
        StepResult result = resultFor(step, finally);
        result.began = m_stage.now();
        if (!result.expectation) {
            for (PhoneFacts& facts : m_facts)
                facts.ledSeen.clear();
            openWindow(steps, index + 1);
        }
        rigEvent(EventKind::RigStep, {{FieldName::Step, std::string_view{result.text}}});
        report(result, 0);
        std::visit(emulator::Overloaded{
                       [&](const PowerStep& what) { power(step, what, result); },
                       [&](const BrowseStep& what) { browse(step, what, result); },
                       [&](const PostStep& what) { post(step, what, result); },
                       [&](const NotifyStep& what) { notify(step, what, result); },
                       [&](const SubmitStep& what) { submit(step, what, result); },
                       [&](const CallStep& what) { call(step, what, result); },
                       [&](const PressStep& what) { press(step, what, result); },
                       [&](const ServerStep& what) {
                           fixtures::Fault fault = what.fault;
                           fault.path = fill(fault.path, {});
                           fault.location = fill(fault.location, {});
                           atServer(ServerScript{what.server, std::move(fault)}, result);
                       },
                       [&](const PutStep& what) { put(step, what, result); },
                       [&](const RemoveStep& what) { remove(step, what, result); },
                       [&](const WaitStep& what) { passTime(what.time, result); },
                       [&](const Expectation& what) { expect(step, what, result); },
                   },
                   step.what);
        result.ended = m_stage.now();
        if (result.expectation || result.status == StepStatus::Failed)
            rigEvent(EventKind::RigVerdict, {{FieldName::Step, std::string_view{result.text}},
                                             {FieldName::Verdict, name(result.status)}});
        if (result.status == StepStatus::Failed)
            m_failures.push_back(fmt::format("{}:{}: {}: {}", m_scenario.file, result.place.line, result.text,
                                             result.note.empty() ? "failed" : result.note));
        const bool good = result.status != StepStatus::Failed;
        m_case.steps.push_back(std::move(result));
        return good;
    }

    StepResult resultFor(const Step& step, bool finally) const
    {
        StepResult result;
        result.text = step.text;
        result.place = step.place;
        result.expectation = std::holds_alternative<Expectation>(step.what);
        result.finally = finally;
        result.phones = step.phones.phones->size();
        return result;
    }

    void skip(const Step& step, bool finally)
    {
        StepResult result = resultFor(step, finally);
        result.began = result.ended = m_stage.now();
        m_case.steps.push_back(std::move(result));
    }

    void report(const StepResult& result, std::size_t decided)
    {
        if (m_options.progress)
            m_options.progress({m_case.steps.size() + 1, m_scenario.steps.size() + m_scenario.finally.size(),
                                result.text, decided, result.phones});
    }

    // Starts one action for each phone and waits for all results. `each`: looks at one result, says what is wrong.
    using Act = std::function<Action(PhoneNumber)>;
    using Each = std::function<std::string(PhoneNumber, const ActionResult&)>;
    void forAll(const std::vector<PhoneNumber>& phones, const Act& act, const Each& each, StepResult& result)
    {
        std::unordered_map<std::uint64_t, PhoneNumber> pending;
        for (const PhoneNumber phone : phones)
            pending.emplace(static_cast<std::uint64_t>(m_stage.start(phone, act(phone))), phone);
        std::size_t said = 0;
        m_stage.waitUntil(
            m_stage.now() + actionLimit, *this,
            [&](const ActionResult& done) {
                const auto at = pending.find(static_cast<std::uint64_t>(done.id));
                if (at == pending.end())
                    return;
                const PhoneNumber phone = at->second;
                pending.erase(at);
                const std::string wrong = each(phone, done);
                if (wrong.empty())
                    ++result.met;
                else
                    refuse(result, phone, wrong);
            },
            [&] {
                if (const std::size_t decided = phones.size() - pending.size(); decided != said)
                    report(result, said = decided);
                return pending.empty();
            });
        std::vector<PhoneNumber> silent;
        for (const auto& [id, phone] : pending)
            silent.push_back(phone);
        std::sort(silent.begin(), silent.end());
        for (const PhoneNumber phone : silent)
            refuse(result, phone, fmt::format("no result within {}", printDuration(actionLimit)));
    }

    void refuse(StepResult& result, PhoneNumber phone, std::string why)
    {
        result.status = StepStatus::Failed;
        if (result.note.empty())
            result.note = fmt::format("{}: {}", m_stage.phones()[static_cast<std::size_t>(phone)].name, why);
        if (result.outcomes.size() < StepResult::maxOutcomes)
            result.outcomes.push_back({phone, std::move(why)});
    }

    static std::string errorOf(const ActionResult& done)
    {
        return done.response.has_error() ? done.response.error().detail : std::string{};
    }

    void act(const Step& step, const Act& action, StepResult& result)
    {
        result.status = StepStatus::Done;
        result.met = 0;
        forAll(
            *step.phones.phones, action, [](PhoneNumber, const ActionResult& done) { return errorOf(done); },
            result);
    }

    void call(const Step& step, const CallStep& what, StepResult& result)
    {
        act(
            step,
            [&](PhoneNumber) {
                return what.begins ? Action{TakeCall{what.line}} : Action{HangUp{what.line}};
            },
            result);
    }

    void press(const Step& step, const PressStep& what, StepResult& result)
    {
        act(
            step,
            [&](PhoneNumber phone) -> Action {
                return PressKeys{what.path, fill(what.entered, phone)};
            },
            result);
    }

    void power(const Step& step, const PowerStep& what, StepResult& result)
    {
        result.status = StepStatus::Done;
        if (what.what != PowerStep::What::On)
            act(
                step, [](PhoneNumber) { return PowerOff{}; }, result);
        if (what.what != PowerStep::What::Off && result.status == StepStatus::Done)
            act(
                step, [](PhoneNumber) { return PowerOn{}; }, result);
    }

    // Keeps what the phone said, for expectations about it; says why it is a refusal.
    std::string answered(PhoneNumber phone, const ActionResult& done, bool expected, int refusal = 400)
    {
        PhoneFacts& facts = m_facts[static_cast<std::size_t>(phone)];
        facts.answer = {};
        if (done.response.has_error()) {
            facts.answer.error = done.response.error().detail;
            return expected ? std::string{} : done.response.error().detail;
        }
        facts.answer.status = done.response->status;
        if (expected && done.response->body)
            facts.answer.body = *done.response->body;
        if (done.response->status < refusal || expected)
            return {};
        const std::string_view reason = done.response->reason.empty()
                                            ? emulator::standardReason(done.response->status)
                                            : std::string_view{done.response->reason};
        return fmt::format("the phone answered {} {}", done.response->status, reason);
    }

    void browse(const Step& step, const BrowseStep& what, StepResult& result)
    {
        result.status = StepStatus::Done;
        const std::optional<Login>& login = what.login ? what.login : m_scenario.login;
        forAll(
            *step.phones.phones,
            [&](PhoneNumber phone) -> Action {
                return Browse{pageRequest(m_stage.phones()[static_cast<std::size_t>(phone)],
                                          fill(what.path, phone), login)};
            },
            [&](PhoneNumber phone, const ActionResult& done) {
                return answered(phone, done, step.answerExpected);
            },
            result);
    }

    void post(const Step& step, const PostStep& what, StepResult& result)
    {
        result.status = StepStatus::Done;
        const std::optional<Login>& login = what.login ? what.login : m_scenario.login;
        forAll(
            *step.phones.phones,
            [&](PhoneNumber phone) -> Action {
                return Browse{postRequest(m_stage.phones()[static_cast<std::size_t>(phone)],
                                          fill(what.path, phone), fill(what.body, phone), what.type, login)};
            },
            [&](PhoneNumber phone, const ActionResult& done) {
                return answered(phone, done, step.answerExpected);
            },
            result);
    }

    void notify(const Step& step, const NotifyStep& what, StepResult& result)
    {
        result.status = StepStatus::Done;
        forAll(
            *step.phones.phones,
            [&](PhoneNumber phone) -> Action {
                Notify filled{what.server, what.plan};
                for (std::string* text : {&filled.plan.event, &filled.plan.user, &filled.plan.body})
                    *text = fill(*text, phone);
                if (filled.plan.login)
                    filled.plan.login->user = fill(filled.plan.login->user, phone);
                return filled;
            },
            [&](PhoneNumber phone, const ActionResult& done) {
                return answered(phone, done, step.answerExpected, 300);
            },
            result);
    }

    void submit(const Step& step, const SubmitStep& what, StepResult& result)
    {
        result.status = StepStatus::Done;
        const auto phoneAt = [&](PhoneNumber phone) -> const StagePhone& {
            return m_stage.phones()[static_cast<std::size_t>(phone)];
        };
        // As a person does: look at the page first, then fill in what is on it.
        std::vector<PhoneNumber> ready;
        forAll(
            *step.phones.phones,
            [&](PhoneNumber phone) -> Action {
                return Browse{pageRequest(phoneAt(phone), configurationPage, m_scenario.login)};
            },
            [&](PhoneNumber phone, const ActionResult& done) -> std::string {
                std::string wrong = answered(phone, done, step.answerExpected);
                if (!wrong.empty() || done.response.has_error() || done.response->status != 200)
                    return wrong;
                const std::string_view page =
                    done.response->body ? std::string_view{*done.response->body} : std::string_view{};
                for (const auto& [name, value] : what.values)
                    if (!hasField(page, name))
                        return fmt::format("the page {} has no field {}", configurationPage, name);
                ready.push_back(phone);
                return {};
            },
            result);
        if (result.status == StepStatus::Failed)
            return;
        result.met = 0;
        std::sort(ready.begin(), ready.end());
        forAll(
            ready,
            [&](PhoneNumber phone) -> Action {
                auto fields = what.values;
                for (auto& [name, value] : fields)
                    value = fill(value, phone);
                return Browse{submitRequest(phoneAt(phone), configurationPage, fields, m_scenario.login)};
            },
            [&](PhoneNumber phone, const ActionResult& done) {
                return answered(phone, done, step.answerExpected);
            },
            result);
    }

    void atServer(Action action, StepResult& result)
    {
        result.status = StepStatus::Done;
        result.phones = 0;
        ActionResult last{{}, {}, emulator::HttpResponse{}};
        bool came = false;
        const ActionId id = m_stage.start(PhoneNumber{0}, std::move(action));
        m_stage.waitUntil(
            m_stage.now() + actionLimit, *this,
            [&](const ActionResult& done) {
                if (done.id == id) {
                    last = done;
                    came = true;
                }
            },
            [&] { return came; });
        if (!came || last.response.has_error()) {
            result.status = StepStatus::Failed;
            result.note =
                came ? errorOf(last) : fmt::format("no result within {}", printDuration(actionLimit));
        }
    }

    // A file for each phone where its path or text speaks of the phone, else one.
    template <class Make>
    void perPhone(const Step& step, bool speaksOfPhones, StepResult& result, Make make)
    {
        if (!speaksOfPhones)
            return atServer(make(std::optional<PhoneNumber>{}), result);
        for (const PhoneNumber phone : *step.phones.phones) {
            atServer(make(std::optional{phone}), result);
            if (result.status == StepStatus::Failed)
                return;
        }
    }

    void put(const Step& step, const PutStep& what, StepResult& result)
    {
        const bool text = what.file.macros && hasPhoneMacros(what.file.bytes);
        perPhone(step, text || hasPhoneMacros(what.file.path), result,
                 [&](std::optional<PhoneNumber> phone) -> Action {
                     return PutFile{what.server, fill(what.file.path, phone),
                                    wrapped(what.file.macros ? fill(what.file.bytes, phone) : what.file.bytes,
                                            what.file.wraps)};
                 });
    }

    void remove(const Step& step, const RemoveStep& what, StepResult& result)
    {
        perPhone(step, hasPhoneMacros(what.path), result, [&](std::optional<PhoneNumber> phone) -> Action {
            return RemoveFile{what.server, fill(what.path, phone)};
        });
    }

    void passTime(Duration time, StepResult& result)
    {
        result.status = StepStatus::Done;
        m_stage.waitUntil(
            m_stage.now() + time, *this, [](const ActionResult&) {}, [] { return false; });
    }

    // ---- expectations

    std::string whyUnobserved(const Expectation& expectation, const std::vector<PhoneNumber>& phones) const
    {
        if (const auto* events = std::get_if<EventSubject>(&expectation.subject)) {
            if (!m_stage.can(Capability::Trace))
                return fmt::format("{} sees no traffic", m_stage.target());
            if (events->by == emulator::Observer::Wire && !m_stage.can(Capability::Wire))
                return fmt::format("{} captures no wire", m_stage.target());
        } else if (std::holds_alternative<LedSubject>(expectation.subject) && !m_stage.can(Capability::Led)) {
            return fmt::format("{} cannot see LEDs", m_stage.target());
        } else if (const auto* param = std::get_if<ParamSubject>(&expectation.subject)) {
            const auto names = m_scenario.phoneNames();
            for (const PhoneNumber phone : phones) {
                const PhoneGroup& group = m_scenario.groups[names[static_cast<std::size_t>(phone)].group];
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
            result.status = m_options.strict ? StepStatus::Failed : StepStatus::Unobserved;
            ++m_case.unobserved;
            return;
        }
        m_stage.worstLag();  // what happened before does not count
        const auto watch = m_watches.find(&step);
        ExpectationRun run{expectation,
                           *step.phones.phones,
                           m_stage.phones().size(),
                           m_facts,
                           m_stage.now(),
                           m_number,
                           watch == m_watches.end() ? nullptr : &watch->second,
                           [this](std::string_view text, PhoneNumber phone) { return fill(text, phone); }};
        m_running = &run;
        run.lookAtAll(m_stage.now(), m_number - 1);
        if (std::holds_alternative<ParamSubject>(expectation.subject))
            readParameters(run, std::get<ParamSubject>(expectation.subject), result);
        else
            await(run, run.deadline(), result);
        if (!run.decided() && !m_stage.can(Capability::VirtualTime))
            await(run, m_stage.now() + 30ms,
                  result);  // what was seen in time may still be on its way to here
        m_running = nullptr;
        run.end(m_number - 1);

        ++m_case.evaluated;
        result.met = run.met();
        result.status = run.isMet() ? StepStatus::Met : StepStatus::Failed;
        if (!run.isMet() && run.unobserved() > 0 && run.failed() == 0) {
            --m_case.evaluated;
            ++m_case.unobserved;
            result.status = m_options.strict ? StepStatus::Failed : StepStatus::Unobserved;
        }
        for (const PhoneOutcome& outcome : run.outcomes())
            if (result.outcomes.size() < StepResult::maxOutcomes)
                result.outcomes.push_back(outcome);
        if (result.status != StepStatus::Met)
            result.note = noteOf(expectation, run, result);
        checkLag(expectation, result);
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
        const std::string text =
            fmt::format("{}: {}", m_stage.phones()[static_cast<std::size_t>(first.phone)].name, first.seen);
        const std::size_t others = result.phones - run.met() - 1;
        return others == 0 ? text
                           : fmt::format("{} (and {} more phone{})", text, others, others == 1 ? "" : "s");
    }

    void await(ExpectationRun& run, TimePoint deadline, StepResult& result)
    {
        std::size_t said = 0;
        m_stage.waitUntil(
            deadline, *this, [](const ActionResult&) {},
            [&] {
                if (run.decidedPhones() != said)
                    report(result, said = run.decidedPhones());
                return run.decided();
            });
    }

    // A parameter is read from the phone's page, again and again until it is as expected.
    void readParameters(ExpectationRun& run, const ParamSubject& subject, StepResult& result)
    {
        const Duration pause = std::clamp<Duration>((run.deadline() - m_stage.now()) / 20, 20ms, 1s);
        while (!run.decided()) {
            std::unordered_map<std::uint64_t, PhoneNumber> pending;
            for (const PhoneNumber phone : run.openPhones()) {
                const StagePhone& who = m_stage.phones()[static_cast<std::size_t>(phone)];
                const ActionId id = m_stage.start(
                    phone, Browse{pageRequest(who, configurationExport, m_scenario.login, Visitor::Rig)});
                pending.emplace(static_cast<std::uint64_t>(id), phone);
            }
            const TimePoint asked = m_stage.now();
            m_stage.waitUntil(
                std::max(run.deadline(), asked + 5s), *this,
                [&](const ActionResult& done) {
                    const auto at = pending.find(static_cast<std::uint64_t>(done.id));
                    if (at == pending.end())
                        return;
                    run.parameterRead(at->second, readValue(done, subject.name), m_stage.now(), m_number - 1);
                    pending.erase(at);
                },
                [&] { return pending.empty(); });
            report(result, run.decidedPhones());
            if (run.decided() || m_stage.now() >= run.deadline())
                return;
            m_stage.waitUntil(
                std::min(m_stage.now() + pause, run.deadline()), *this, [](const ActionResult&) {},
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
        const Duration lag = m_stage.worstLag();
        const Duration trusted = std::max<Duration>(50ms, expectation.within / 10);
        if (lag <= trusted)
            return;
        rigEvent(EventKind::RigLag, {{FieldName::Lag, static_cast<std::int64_t>(lag.count())}});
        m_invalid.push_back(fmt::format("{}:{}: {}: the rig was {} late meanwhile, at most {} can be trusted",
                                        m_scenario.file, result.place.line, result.text, printDuration(lag),
                                        printDuration(trusted)));
    }

    // ---- the verdict

    void describe()
    {
        m_case.file = m_scenario.file;
        m_case.title = m_scenario.title;
        m_case.covers = m_scenario.covers;
        m_case.tags = m_scenario.tags;
        m_case.target = m_stage.target();
        m_case.seed = m_options.seed;
        m_case.wall = m_stage.wallStart();
        m_case.phones = m_stage.phones();
        for (const ServerPlan& plan : m_scenario.servers)
            m_case.servers.push_back({plan.name, plan.kind, m_stage.server(plan.name)});
    }

    void judge()
    {
        for (const std::string& trouble : m_stage.troubles())
            m_invalid.push_back(trouble);
        m_case.notices = m_stage.notices();
        if (m_invalid.empty() && m_failures.empty() && m_case.evaluated == 0)
            m_invalid.emplace_back("no expectation was evaluated, so nothing was shown");
        m_case.verdict = !m_invalid.empty()    ? Verdict::Invalid
                         : !m_failures.empty() ? Verdict::Failed
                                               : Verdict::Passed;
        m_case.causes = m_invalid;
        m_case.causes.insert(m_case.causes.end(), m_failures.begin(), m_failures.end());
        rigEvent(EventKind::RunEnd, {{FieldName::Verdict, name(m_case.verdict)}});
    }

    const Scenario& m_scenario;
    Stage& m_stage;
    const RunOptions& m_options;
    CaseResult m_case;
    std::unordered_map<emulator::MacAddress, PhoneNumber, MacHash> m_index;
    std::vector<PhoneFacts> m_facts;
    std::unordered_map<const Step*, EventWatch> m_watches;
    ExpectationRun* m_running = nullptr;
    std::uint64_t m_number = 0;
    std::uint64_t m_rigSequence = 0;
    std::vector<std::string> m_failures;
    std::vector<std::string> m_invalid;
};

CaseResult untouched(const Scenario& scenario, std::string target, Verdict verdict, std::string why)
{
    CaseResult result;
    result.file = scenario.file;
    result.title = scenario.title;
    result.covers = scenario.covers;
    result.tags = scenario.tags;
    result.target = std::move(target);
    result.verdict = verdict;
    result.causes.push_back(std::move(why));
    return result;
}

}  // namespace

CaseResult runScenario(const Scenario& scenario, Stage& stage, const RunOptions& options)
{
    return Run{scenario, stage, options}.play();
}

std::string whyNot(const Scenario& scenario, std::string_view target,
                   const std::function<bool(Capability)>& can)
{
    for (const Capability need : scenario.needs)
        if (!can(need))
            return fmt::format("{} has no {}", target, name(need));
    return {};
}

CaseResult skippedCase(const Scenario& scenario, std::string target, std::string why)
{
    return untouched(scenario, std::move(target), Verdict::Skipped, std::move(why));
}

CaseResult invalidCase(const Scenario& scenario, std::string target, std::string why)
{
    return untouched(scenario, std::move(target), Verdict::Invalid, std::move(why));
}

}  // namespace scenarios
