#include "scenarios/engine/step_text.hpp"

#include "emulator/base/overloaded.hpp"
#include "emulator/runtime/traffic_trace.hpp"
#include "scenarios/engine/shortened.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace scenarios {

namespace {

// As the trace does it, but without a pseudonym: these texts are the same in every run.
std::string withoutSecrets(std::string_view text)
{
    constexpr std::string_view mark = "secret-";
    constexpr std::size_t digits = 12;
    emulator::TrafficTrace trace{"scenario"};
    std::string out{trace.withoutSecrets(text)};
    if (out == text)
        return out;
    for (std::size_t at = out.find(mark); at != std::string::npos; at = out.find(mark, at + 1)) {
        std::size_t end = at + mark.size();
        while (end < out.size() && end < at + mark.size() + digits &&
               std::isxdigit(static_cast<unsigned char>(out[end])))
            ++end;
        if (end == at + mark.size() + digits)
            out.replace(at, end - at, "***");
    }
    return out;
}

bool isSecret(std::string_view parameter, const Scenario& scenario)
{
    return std::any_of(scenario.groups.begin(), scenario.groups.end(), [&](const PhoneGroup& group) {
        const auto id = group.model->schema->find(parameter);
        return id && group.model->schema->at(*id).secret;
    });
}

std::string faultText(const ServerStep& step)
{
    using fixtures::FaultKind;
    const fixtures::Fault& fault = step.fault;
    std::string text = step.server;
    switch (fault.kind) {
    case FaultKind::None:
        text += " answers normally";
        break;
    case FaultKind::Status:
        text += fault.location.empty() ? fmt::format(" fails with {}", fault.status)
                                       : fmt::format(" redirects ({}) to {}", fault.status, fault.location);
        break;
    case FaultKind::Delay:
        text += fmt::format(" delays its answers by {}", printDuration(fault.delay));
        break;
    case FaultKind::Corrupt:
        text += " corrupts files";
        break;
    case FaultKind::Truncate:
        text += fmt::format(" stops after {} bytes", fault.bytes);
        break;
    case FaultKind::Silent:
        text += " goes silent";
        break;
    case FaultKind::Reset:
        text += " resets connections";
        break;
    case FaultKind::NoLength:
        text += " answers without a length";
        break;
    case FaultKind::Down:
        text += " goes down";
        break;
    case FaultKind::Drip:
        text += fmt::format(" sends one byte every {}", printDuration(fault.delay));
        break;
    }
    if (!fault.path.empty())
        text += " for " + fault.path;
    if (fault.times > 0)
        text += fault.times == 1 ? ", once" : fmt::format(", {} times", fault.times);
    return text;
}

std::string eventText(const EventSubject& subject)
{
    using emulator::EventKind;
    using emulator::FieldName;
    if (subject.kinds.size() == 1 && subject.kinds.front() == EventKind::SyslogMessage &&
        subject.tests.size() == 1)
        return fmt::format("syslog \"{}\"", subject.tests.front().pattern);
    if (subject.kinds.size() == 1 && subject.kinds.front() == EventKind::DnsQuery)
        return fmt::format("a lookup of {}", subject.tests.front().pattern);
    const bool request = subject.kinds.size() == 2 || subject.kinds.front() == EventKind::HttpRequest ||
                         subject.kinds.front() == EventKind::TftpRead;
    std::string text = request && !subject.server.empty()
                           ? fmt::format("a request at {}", subject.server)
                           : fmt::format("event {}", name(subject.kinds.front()));
    for (const FieldTest& test : subject.tests)
        text += fmt::format(", {} \"{}\"", test.path ? "file" : name(test.field), test.pattern);
    return text;
}

std::string beatsText(const std::vector<emulator::Duration>& beats)
{
    std::vector<std::string> texts;
    for (const emulator::Duration beat : beats)
        texts.push_back(printDuration(beat));
    return fmt::format("{}", fmt::join(texts, ", "));
}

std::string expectationText(const Expectation& e)
{
    std::string text =
        fmt::format("expect {}{}{}", e.then ? "then " : "", e.never ? "never " : "", subjectText(e.subject));
    if (e.atLeast && e.atMost && *e.atLeast == *e.atMost)
        text += fmt::format(", {} {}", *e.atLeast, *e.atLeast == 1 ? "time" : "times");
    else if (e.atLeast)
        text += fmt::format(", at least {} times", *e.atLeast);
    if (e.atMost && e.atMost != e.atLeast)
        text += fmt::format(", at most {} times", *e.atMost);
    if (e.after > emulator::Duration{})
        text += fmt::format(", after {}", printDuration(e.after));
    const auto* const led = std::get_if<LedSubject>(&e.subject);
    if (!std::holds_alternative<AnswerSubject>(e.subject) && (led == nullptr || !led->lit))
        text += fmt::format(", within {}", printDuration(e.within));
    if (e.who == Expectation::Who::Any)
        text += ", on any phone";
    else if (e.who == Expectation::Who::Count)
        text += fmt::format(", on {} phone{}", e.count, e.count == 1 ? "" : "s");
    return text;
}

}  // namespace

std::string subjectText(const Subject& subject)
{
    return std::visit(
        emulator::Overloaded{
            [](const EventSubject& s) { return eventText(s); },
            [](const ParamSubject& s) {
                return fmt::format("{} {} \"{}\"", s.name, s.pattern ? "matches" : "is", s.value);
            },
            [](const LedSubject& s) {
                if (s.lit)
                    return fmt::format("mute LED is {}", *s.lit ? "lit" : "dark");
                if (s.showed)
                    return fmt::format("mute LED showed {}", name(*s.showed));
                if (s.shows)
                    return fmt::format("mute LED shows {}", name(*s.shows));
                return fmt::format("mute LED blinks {}", beatsText(s.beats));
            },
            [](const StateSubject& s) { return fmt::format("state {}", s.state); },
            [](const AnswerSubject& s) {
                if (!s.status)
                    return fmt::format("page \"{}\"", s.page);
                return *s.status == 0 ? std::string{"no answer"} : fmt::format("status {}", *s.status);
            },
        },
        subject);
}

std::string stepText(const Step& step, const Scenario& scenario)
{
    std::string text = std::visit(
        emulator::Overloaded{
            [](const PowerStep& s) -> std::string {
                return s.what == PowerStep::What::On    ? "power on"
                       : s.what == PowerStep::What::Off ? "power off"
                                                        : "power cycle";
            },
            [](const BrowseStep& s) { return "browse " + s.path; },
            [](const PostStep& s) { return fmt::format("post {}", s.path); },
            [](const NotifyStep& s) {
                return fmt::format("notify {}{}{}", s.plan.event, s.plan.user.empty() ? "" : " to ",
                                   s.plan.user);
            },
            [&](const SubmitStep& s) {
                std::string all = "submit ";
                for (const auto& [name, value] : s.values)
                    all += fmt::format("{}{} = {}", &name == &s.values.front().first ? "" : ", ", name,
                                       isSecret(name, scenario) && !value.empty() ? "***" : value);
                return all;
            },
            [](const CallStep& s) {
                return fmt::format("{} line {}", s.begins ? "call on" : "hang up", s.line);
            },
            [](const PressStep& s) {
                return fmt::format("press {}{}", fmt::join(s.path, " > "),
                                   s.entered.empty() ? "" : fmt::format(", entering {}", s.entered));
            },
            [](const ServerStep& s) { return faultText(s); },
            [](const PutStep& s) { return fmt::format("put {} on {}", s.file.path, s.server); },
            [](const RemoveStep& s) { return fmt::format("remove {} from {}", s.path, s.server); },
            [](const WaitStep& s) { return "wait " + printDuration(s.time); },
            [](const Expectation& e) { return expectationText(e); },
        },
        step.what);
    if (step.phones.text != "all")
        text += fmt::format(" ({})", step.phones.text);
    constexpr std::size_t longest = 160;
    text = withoutSecrets(text);
    std::replace(text.begin(), text.end(), '\n', ' ');
    return shortened(text, longest);
}

}  // namespace scenarios
