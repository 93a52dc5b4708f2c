#include "scenarios/engine/action_player.hpp"

#include "emulator/base/overloaded.hpp"
#include "scenarios/engine/macros.hpp"
#include "scenarios/engine/phone_browser.hpp"
#include "scenarios/engine/step_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace scenarios {

namespace {

using namespace std::chrono_literals;
using emulator::Duration;

class ActionPlayer {
public:
    explicit ActionPlayer(RunState& run) : m_run{run} {}

    void play(const Step& step, StepResult& result)
    {
        std::visit(emulator::Overloaded{
                       [&](const PowerStep& what) { power(step, what, result); },
                       [&](const BrowseStep& what) { browse(step, what, result); },
                       [&](const PostStep& what) { post(step, what, result); },
                       [&](const NotifyStep& what) { notify(step, what, result); },
                       [&](const SubmitStep& what) { submit(step, what, result); },
                       [&](const CallStep& what) { call(step, what, result); },
                       [&](const PressStep& what) { press(step, what, result); },
                       [&](const ServerStep& what) { script(what, result); },
                       [&](const PutStep& what) { put(step, what, result); },
                       [&](const RemoveStep& what) { remove(step, what, result); },
                       [&](const WaitStep& what) { passTime(what.time, result); },
                       [](const Expectation&) {},
                   },
                   step.what);
    }

private:
    // Starts one action for each phone and waits for all results. `each`: looks at one result, says what is wrong.
    using Act = std::function<Action(PhoneNumber)>;
    using Each = std::function<std::string(PhoneNumber, const ActionResult&)>;
    void forAll(const std::vector<PhoneNumber>& phones, const Act& act, const Each& each, StepResult& result)
    {
        std::unordered_map<std::uint64_t, PhoneNumber> pending;
        for (const PhoneNumber phone : phones)
            pending.emplace(static_cast<std::uint64_t>(m_run.stage.start(phone, act(phone))), phone);
        std::size_t said = 0;
        m_run.stage.waitUntil(
            m_run.stage.now() + m_run.stage.actionLimit(), m_run,
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
                    m_run.refuse(result, phone, wrong);
            },
            [&] {
                if (const std::size_t decided = phones.size() - pending.size(); decided != said)
                    m_run.report(result, said = decided);
                return pending.empty();
            });
        std::vector<PhoneNumber> silent;
        for (const auto& [id, phone] : pending)
            silent.push_back(phone);
        std::sort(silent.begin(), silent.end());
        for (const PhoneNumber phone : silent)
            m_run.refuse(result, phone,
                         fmt::format("no result within {}", printDuration(m_run.stage.actionLimit())));
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
                return PressKeys{what.path, m_run.fill(what.entered, phone)};
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
        PhoneFacts& facts = m_run.factsOf(phone);
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
        const std::optional<Login>& login = what.login ? what.login : m_run.scenario.login;
        forAll(
            *step.phones.phones,
            [&](PhoneNumber phone) -> Action {
                return Browse{pageRequest(m_run.phone(phone), m_run.fill(what.path, phone), login)};
            },
            [&](PhoneNumber phone, const ActionResult& done) {
                return answered(phone, done, step.answerExpected);
            },
            result);
    }

    void post(const Step& step, const PostStep& what, StepResult& result)
    {
        result.status = StepStatus::Done;
        const std::optional<Login>& login = what.login ? what.login : m_run.scenario.login;
        forAll(
            *step.phones.phones,
            [&](PhoneNumber phone) -> Action {
                return Browse{postRequest(m_run.phone(phone), m_run.fill(what.path, phone),
                                          m_run.fill(what.body, phone), what.type, login)};
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
                    *text = m_run.fill(*text, phone);
                if (filled.plan.login)
                    filled.plan.login->user = m_run.fill(filled.plan.login->user, phone);
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
        if (m_run.stage.readsForms())
            return submitForm(step, what, result);
        const auto phoneAt = [&](PhoneNumber phone) -> const StagePhone& { return m_run.phone(phone); };
        // As a person does: look at the page first, then fill in what is on it.
        std::vector<PhoneNumber> ready;
        forAll(
            *step.phones.phones,
            [&](PhoneNumber phone) -> Action {
                return Browse{pageRequest(phoneAt(phone), configurationPage, m_run.scenario.login)};
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
                    value = m_run.fill(value, phone);
                return Browse{submitRequest(phoneAt(phone), configurationPage, fields, m_run.scenario.login)};
            },
            [&](PhoneNumber phone, const ActionResult& done) {
                return answered(phone, done, step.answerExpected);
            },
            result);
    }

    void submitForm(const Step& step, const SubmitStep& what, StepResult& result)
    {
        forAll(
            *step.phones.phones,
            [&](PhoneNumber phone) -> Action {
                Submit filled{what.values};
                for (auto& [name, value] : filled.values)
                    value = m_run.fill(value, phone);
                return filled;
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
        const ActionId id = m_run.stage.start(PhoneNumber{0}, std::move(action));
        m_run.stage.waitUntil(
            m_run.stage.now() + m_run.stage.actionLimit(), m_run,
            [&](const ActionResult& done) {
                if (done.id == id) {
                    last = done;
                    came = true;
                }
            },
            [&] { return came; });
        if (!came || last.response.has_error()) {
            result.status = StepStatus::Failed;
            result.note = came ? errorOf(last)
                               : fmt::format("no result within {}", printDuration(m_run.stage.actionLimit()));
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
                     return PutFile{
                         what.server, m_run.fill(what.file.path, phone),
                         wrapped(what.file.macros ? m_run.fill(what.file.bytes, phone) : what.file.bytes,
                                 what.file.wraps)};
                 });
    }

    void remove(const Step& step, const RemoveStep& what, StepResult& result)
    {
        perPhone(step, hasPhoneMacros(what.path), result, [&](std::optional<PhoneNumber> phone) -> Action {
            return RemoveFile{what.server, m_run.fill(what.path, phone)};
        });
    }

    void passTime(Duration time, StepResult& result)
    {
        result.status = StepStatus::Done;
        m_run.stage.waitUntil(
            m_run.stage.now() + time, m_run, [](const ActionResult&) {}, [] { return false; });
    }

    void script(const ServerStep& what, StepResult& result)
    {
        fixtures::Fault fault = what.fault;
        fault.path = m_run.fill(fault.path, {});
        fault.location = m_run.fill(fault.location, {});
        atServer(ServerScript{what.server, std::move(fault)}, result);
    }

    RunState& m_run;
};

}  // namespace

void playAction(RunState& run, const Step& step, StepResult& result)
{
    ActionPlayer{run}.play(step, result);
}

}  // namespace scenarios
