#include "emulator/base/overloaded.hpp"
#include "emulator/trace/ndjson.hpp"
#include "scenarios/control/control_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace scenarios::control {

using emulator::appendJsonString;
using emulator::TimePoint;

namespace {

// One object, its members in the order they are given.
class ObjectLine {
public:
    explicit ObjectLine(std::string& out) : m_out{out} { m_out += '{'; }
    ~ObjectLine() { m_out += '}'; }
    ObjectLine(const ObjectLine&) = delete;
    ObjectLine& operator=(const ObjectLine&) = delete;

    std::string& key(std::string_view key)
    {
        if (m_any)
            m_out += ',';
        m_any = true;
        m_out.append("\"").append(key).append("\":");
        return m_out;
    }
    ObjectLine& text(std::string_view name, std::string_view text)
    {
        appendJsonString(key(name), text);
        return *this;
    }
    ObjectLine& some(std::string_view name, std::string_view value)
    {
        return value.empty() ? *this : text(name, value);
    }
    ObjectLine& number(std::string_view name, std::uint64_t number)
    {
        fmt::format_to(std::back_inserter(key(name)), "{}", number);
        return *this;
    }
    ObjectLine& time(std::string_view name, TimePoint at)
    {
        return number(name,
                      static_cast<std::uint64_t>(std::max<TimePoint::rep>(at.time_since_epoch().count(), 0)));
    }
    ObjectLine& flag(std::string_view name, bool set)
    {
        if (set)
            key(name) += "true";
        return *this;
    }
    template <class List, class Each>
    ObjectLine& list(std::string_view name, const List& items, Each each)
    {
        key(name) += '[';
        bool first = true;
        for (const auto& item : items) {
            if (!first)
                m_out += ',';
            first = false;
            each(m_out, item);
        }
        m_out += ']';
        return *this;
    }
    ObjectLine& texts(std::string_view name, const std::vector<std::string>& texts)
    {
        return list(name, texts,
                    [](std::string& out, const std::string& text) { appendJsonString(out, text); });
    }

private:
    std::string& m_out;
    bool m_any = false;
};

void appendPhone(std::string& out, const emulator::PhoneSnapshot& phone)
{
    ObjectLine line{out};
    line.number("phone", static_cast<std::uint32_t>(phone.index)).text("state", name(phone.state));
    if (phone.led != emulator::MuteLed::Off)
        line.text("led", name(phone.led)).time("led_since_us", phone.ledSince);
    if (phone.nextResync != TimePoint::max())
        line.time("next_resync_us", phone.nextResync);
    line.some("firmware", phone.firmware).some("last_result", phone.lastResult);
}

void appendGroup(std::string& out, const ControlGroup& group)
{
    ObjectLine{out}
        .text("model", group.model)
        .text("description", group.description)
        .number("count", group.count)
        .text("first_mac", group.firstMac.colons())
        .text("first_address", group.firstAddress.text())
        .number("lines", group.lines)
        .number("line_keys", group.lineKeys)
        .text("display", group.display);
}

void appendParameter(std::string& out, const ShownParameter& parameter)
{
    ObjectLine{out}
        .text("name", parameter.name)
        .text("tab", parameter.tab)
        .text("value", parameter.value)
        .text("source", parameter.source)
        .some("url", parameter.url)
        .flag("changed", parameter.changed)
        .flag("secret", parameter.secret);
}

void appendPair(std::string& out, const std::pair<std::string, std::string>& pair)
{
    out += '[';
    appendJsonString(out, pair.first);
    out += ',';
    appendJsonString(out, pair.second);
    out += ']';
}

void appendSchedule(std::string& out, const ShownSchedule& schedule)
{
    ObjectLine line{out};
    line.text("what", schedule.what);
    if (schedule.at)
        line.time("at_us", *schedule.at);
    line.some("why", schedule.why);
}

void appendDisplay(std::string& out, const ShownDisplay& display)
{
    ObjectLine{out}
        .text("title", display.title)
        .texts("items", display.items)
        .texts("soft_keys", display.softKeys)
        .flag("takes_text", display.takesText)
        .flag("refused", display.refused);
}

void appendDetails(std::string& out, const Details& details)
{
    ObjectLine line{out};
    line.list("status", details.status, appendPair);
    line.list("schedules", details.schedules, appendSchedule);
    line.list("busy_lines", details.busyLines, [](std::string& to, std::uint64_t busy) {
        fmt::format_to(std::back_inserter(to), "{}", busy);
    });
    appendDisplay(line.key("display"), details.display);
}

void appendClock(std::string& out, const RunClock& clock)
{
    ObjectLine line{out};
    line.time("now_us", clock.now).number("last", clock.last).flag("paused", clock.paused);
    if (clock.factor)
        line.number("factor", *clock.factor);
    line.flag("over", clock.over);
}

void addOrder(ObjectLine& line, const ActOnPhones& order)
{
    line.text("do", name(order.action));
    line.list("phones", order.phones, [](std::string& out, const auto& range) {
        fmt::format_to(std::back_inserter(out), "[{},{}]", range.first, range.second);
    });
    if (order.action == PhoneAction::Resync || order.action == PhoneAction::Upgrade)
        line.text("rule", order.rule);
    if (order.action == PhoneAction::Submit)
        line.list("parameters", order.parameters, appendPair);
    if (order.action == PhoneAction::OffHook || order.action == PhoneAction::OnHook)
        line.number("line", order.line);
}

}  // namespace

std::string print(const ControlHello& hello)
{
    std::string out;
    ObjectLine{out}
        .number("version", hello.version)
        .text("program", hello.program)
        .text("start", hello.start)
        .number("web_port", hello.webPort)
        .texts("servers", hello.servers)
        .list("groups", hello.groups, appendGroup)
        .some("scenario", hello.scenario);
    return out;
}

std::string print(const ControlCommand& command)
{
    std::string out;
    ObjectLine line{out};
    line.number("id", command.id);
    std::visit(emulator::Overloaded{
                   [&](const AwaitChanges&) { line.text("do", "changes"); },
                   [&](const ReadParameters& o) { line.text("do", "parameters").number("phone", o.phone); },
                   [&](const ReadDetails& o) { line.text("do", "details").number("phone", o.phone); },
                   [&](const ReadEvents& o) {
                       line.text("do", "events");
                       if (o.phone)
                           line.number("phone", *o.phone);
                       line.number("after", o.after);
                   },
                   [&](const PressKeys& o) {
                       line.text("do", "press").number("phone", o.phone).texts("path", o.path);
                       line.some("entered", o.entered);
                   },
                   [&](const ActOnPhones& o) { addOrder(line, o); },
                   [&](const SetServer& o) {
                       line.text("do", "server").text("url", o.url).flag("answers", o.answers);
                   },
                   [&](const AwaitClock&) { line.text("do", "clock"); },
                   [&](const PauseTime&) { line.text("do", "pause"); },
                   [&](const StepTime&) { line.text("do", "step"); },
                   [&](const PassTime& o) {
                       line.text("do", "speed");
                       if (o.factor)
                           line.number("factor", *o.factor);
                   },
               },
               command.order);
    return out;
}

std::string print(const ControlAnswer& answer)
{
    std::string out;
    ObjectLine line{out};
    if (answer.id)
        line.number("id", *answer.id);
    if (!answer.error.empty()) {
        line.text("error", answer.error);
        return out;
    }
    std::visit(emulator::Overloaded{
                   [&](const Done& a) { line.number("done", a.phones); },
                   [&](const Changes& a) {
                       line.time("now_us", a.now);
                       if (!a.stopped.empty())
                           line.texts("stopped", a.stopped);
                       line.list("changes", a.phones, appendPhone);
                   },
                   [&](const Parameters& a) { line.list("parameters", a.list, appendParameter); },
                   [&](const Details& a) { appendDetails(line.key("details"), a); },
                   [&](const Events& a) { line.number("last", a.last).texts("events", a.lines); },
                   [&](const ShownDisplay& a) { appendDisplay(line.key("display"), a); },
                   [&](const RunClock& a) { appendClock(line.key("clock"), a); },
               },
               answer.what);
    return out;
}

}  // namespace scenarios::control
