#include "scenarios/engine/run_state.hpp"

#include "emulator/phone/phone.hpp"
#include "scenarios/engine/macros.hpp"
#include "scenarios/engine/stage_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios {

using emulator::EventKind;
using emulator::FieldName;
using emulator::TraceEvent;

RunState::RunState(const Scenario& played, Stage& place, const RunOptions& how)
    : scenario{played},
      stage{place},
      options{how}
{
    record.events = EventArchive{options.maxEvents};
    for (const StagePhone& one : stage.phones())
        m_index.emplace(one.mac, PhoneNumber{static_cast<std::uint32_t>(m_index.size())});
    facts.resize(stage.phones().size());
}

void RunState::seen(const TraceEvent& event)
{
    const std::uint64_t place = number++;
    record.events.add(event);
    if (options.events != nullptr && options.events->wants(event.kind))
        options.events->seen(event);
    if (!event.phone || event.by == emulator::Observer::Rig)
        return;
    const auto found = m_index.find(*event.phone);
    if (found == m_index.end())
        return;
    const PhoneNumber phone = found->second;
    PhoneFacts& shown = factsOf(phone);
    if (event.by == emulator::Observer::Phone && event.kind == EventKind::PhoneLed)
        shown.ledChanged(event, place);
    else if (event.by == emulator::Observer::Phone && event.kind == EventKind::PhoneState)
        stateChanged(shown, event.text(FieldName::State));
    for (auto& [step, watch] : watches)
        watch.seen(event, phone, place);
    if (running != nullptr)
        running->look(phone, shown, event.at, place);
}

void RunState::stateChanged(PhoneFacts& changed, std::string_view state)
{
    const auto fetches = [](std::string_view in) {
        return in == name(emulator::PhoneState::Contacting) || in == name(emulator::PhoneState::Upgrading);
    };
    fetching -= fetches(changed.state) ? 1u : 0u;
    fetching += fetches(state) ? 1u : 0u;
    changed.state = state;
}

void RunState::rigEvent(EventKind kind,
                        std::initializer_list<std::pair<FieldName, emulator::FieldValue>> fields)
{
    TraceEvent event;
    event.at = stage.now();
    event.kind = kind;
    event.by = emulator::Observer::Rig;
    event.order = {0, 0, m_rigSequence++};
    for (const auto& [field, value] : fields)
        event.fields.push_back({field, value});
    seen(event);
}

std::string RunState::serverMacro(std::string_view name) const
{
    const std::size_t dot = name.find('.');
    const ServerPlan* const plan = scenario.server(name.substr(0, dot));
    if (plan == nullptr)
        return {};
    return serverText(*plan, stage.server(plan->name),
                      dot == std::string_view::npos ? "" : name.substr(dot + 1));
}

std::string RunState::fill(std::string_view text, std::optional<PhoneNumber> who) const
{
    if (!hasMacros(text))
        return std::string{text};
    const auto filled = fillMacros(text, [&](std::string_view name) -> std::optional<std::string> {
        if (!name.starts_with("phone.") || !who)
            return serverMacro(name);
        const StagePhone& asked = phone(*who);
        const std::string_view part = name.substr(6);
        if (part == "mac")
            return asked.mac.colons();
        if (part == "ma")
            return asked.mac.plain();
        if (part == "mau")
            return asked.mac.upper();
        if (part == "address")
            return asked.address.text();
        return part == "name" ? asked.name : asked.model;
    });
    return filled.has_value() ? *filled : std::string{text};  // the reader has checked every macro
}

emulator::Observer RunState::observerOf(const EventSubject& subject) const
{
    const bool ofBody = std::any_of(subject.tests.begin(), subject.tests.end(),
                                    [](const FieldTest& test) { return test.field == FieldName::Body; });
    if (subject.bySaid || ofBody)  // only who takes a body tells what is in it
        return subject.by;
    return stage.usualObserver(subject.kinds.front(), subject.by);
}

void RunState::openWindow(const std::vector<Step>& steps, std::size_t first)
{
    watches.clear();
    for (std::size_t i = first; i < steps.size(); ++i) {
        const auto* expectation = std::get_if<Expectation>(&steps[i].what);
        if (expectation == nullptr)
            return;
        const auto* subject = std::get_if<EventSubject>(&expectation->subject);
        if (subject == nullptr)
            continue;
        const emulator::Endpoint server =
            subject->server.empty() ? emulator::Endpoint{} : stage.server(subject->server);
        watches.emplace(std::piecewise_construct, std::forward_as_tuple(&steps[i]),
                        std::forward_as_tuple(
                            *subject, observerOf(*subject), *steps[i].phones.phones, stage.phones().size(),
                            server,
                            [this](std::string_view text, PhoneNumber phone) { return fill(text, phone); }));
    }
}

void RunState::report(const StepResult& result, std::size_t decided)
{
    if (options.progress)
        options.progress({record.steps.size(), scenario.steps.size() + scenario.finally.size(), result.text,
                          decided, result.phones});
}

void RunState::refuse(StepResult& result, PhoneNumber phone, std::string why)
{
    result.status = StepStatus::Failed;
    if (result.note.empty())
        result.note = fmt::format("{}: {}", this->phone(phone).name, why);
    if (result.outcomes.size() < StepResult::maxOutcomes)
        result.outcomes.push_back({phone, std::move(why)});
}

}  // namespace scenarios
