#include "emulator/base/nearest_word.hpp"
#include "hwbridge/bench/json_fields.hpp"
#include "scenarios/control/control_message.hpp"
#include "scenarios/engine/pace.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace scenarios::control {

namespace json = boost::json;
using emulator::ErrorKind;
using emulator::Result;
using emulator::TimePoint;
using hwbridge::JsonFields;

namespace {

constexpr std::uint64_t lastPhone = 1'000'000 - 1;
constexpr auto latest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
constexpr std::size_t longestRule = 2048;
constexpr std::size_t longestValue = 16u << 10;
constexpr std::size_t mostParameters = 4096;
constexpr std::size_t mostEvents = 4096;
constexpr std::size_t mostPath = 16;

constexpr std::array actions{PhoneAction::PowerOn, PhoneAction::PowerOff, PhoneAction::Resync,
                             PhoneAction::Upgrade, PhoneAction::Reboot,   PhoneAction::FactoryReset,
                             PhoneAction::Submit,  PhoneAction::OffHook,  PhoneAction::OnHook};

std::uint64_t numberOr(JsonFields& fields, std::string_view key, std::uint64_t otherwise, std::uint64_t least,
                       std::uint64_t most)
{
    return fields.has(key) ? fields.number(key, least, most) : otherwise;
}

TimePoint timeOf(JsonFields& fields, std::string_view key, TimePoint otherwise)
{
    if (!fields.has(key))
        return otherwise;
    return TimePoint{emulator::Duration{static_cast<emulator::Duration::rep>(fields.number(key, 0, latest))}};
}

std::uint32_t phoneIn(JsonFields& fields)
{
    return static_cast<std::uint32_t>(fields.number("phone", 0, lastPhone));
}

std::optional<std::uint64_t> factorIn(JsonFields& fields)
{
    if (!fields.has("factor"))
        return std::nullopt;
    return fields.number("factor", 1, Pace::mostFactor);
}

std::vector<std::string> textsOf(JsonFields& fields, std::string_view key, std::size_t most,
                                 std::size_t longest)
{
    std::vector<std::string> texts;
    if (const json::array* const items = fields.list(key, most))
        for (const json::value& item : *items) {
            if (item.is_string() && item.get_string().size() <= longest)
                texts.emplace_back(item.get_string());
            else
                fields.wrong(key, fmt::format("texts of at most {} bytes", longest));
        }
    return texts;
}

using TextPairs = std::vector<std::pair<std::string, std::string>>;

TextPairs pairsOf(JsonFields& fields, std::string_view key, std::size_t most)
{
    TextPairs pairs;
    const json::array* const items = fields.list(key, most);
    if (items == nullptr)
        return pairs;
    for (const json::value& item : *items) {
        const json::array* const pair = item.if_array();
        if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_string() || !(*pair)[1].is_string() ||
            (*pair)[0].get_string().size() > 256 || (*pair)[1].get_string().size() > longestValue) {
            fields.wrong(key, "pairs [NAME, VALUE]");
            return {};
        }
        pairs.emplace_back((*pair)[0].get_string(), (*pair)[1].get_string());
    }
    return pairs;
}

PhoneRanges rangesOf(JsonFields& fields)
{
    PhoneRanges ranges;
    const json::array* const items = fields.list("phones", mostRanges);
    std::uint64_t next = 0;  // so that none overlap and each phone is told once
    const auto number = [](const json::value& value) {
        boost::system::error_code failed;
        const std::uint64_t read = value.is_number() ? value.to_number<std::uint64_t>(failed) : lastPhone + 1;
        return failed ? lastPhone + 1 : read;
    };
    if (items == nullptr || items->empty())
        fields.wrong("phones", "ranges [FIRST, LAST]");
    else
        for (const json::value& item : *items) {
            const json::array* const range = item.if_array();
            const std::uint64_t first =
                range != nullptr && range->size() == 2 ? number((*range)[0]) : lastPhone + 1;
            const std::uint64_t last = first <= lastPhone ? number((*range)[1]) : first;
            if (first < next || last < first || last > lastPhone) {
                fields.wrong("phones", "ranges [FIRST, LAST] in rising order, that do not overlap");
                return {};
            }
            ranges.emplace_back(static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last));
            next = last + 1;
        }
    return ranges;
}

Result<void> readOrder(JsonFields& fields, const std::string& word, ControlCommand& command)
{
    if (word == "changes")
        command.order = AwaitChanges{};
    else if (word == "parameters")
        command.order = ReadParameters{phoneIn(fields)};
    else if (word == "details")
        command.order = ReadDetails{phoneIn(fields)};
    else if (word == "server") {
        std::string url = fields.requiredText("url");
        command.order = SetServer{std::move(url), fields.flag("answers")};
    } else if (word == "events") {
        ReadEvents order;
        if (fields.has("phone"))
            order.phone = phoneIn(fields);
        order.after = numberOr(fields, "after", 0, 0, latest);
        command.order = order;
    } else if (word == "clock") {
        command.order = AwaitClock{};
    } else if (word == "pause") {
        command.order = PauseTime{};
    } else if (word == "step") {
        command.order = StepTime{};
    } else if (word == "speed") {
        command.order = PassTime{factorIn(fields)};
    } else if (word == "press") {
        PressKeys order{phoneIn(fields), textsOf(fields, "path", mostPath, 64), {}};
        order.entered = fields.text("entered", longestRule);
        command.order = std::move(order);
    } else {
        const auto* const action =
            std::find_if(actions.begin(), actions.end(), [&](PhoneAction one) { return name(one) == word; });
        if (action == actions.end()) {
            std::vector<std::string_view> words{"changes", "parameters", "details", "events", "press",
                                                "server",  "clock",      "pause",   "step",   "speed"};
            for (const PhoneAction one : actions)
                words.push_back(name(one));
            return emulator::fail(ErrorKind::Unsupported, fmt::format("\"do\": found \"{}\", expected {}",
                                                                      word, emulator::oneOf(words)));
        }
        ActOnPhones order;
        order.action = *action;
        order.phones = rangesOf(fields);
        if (*action == PhoneAction::Resync || *action == PhoneAction::Upgrade)
            order.rule = fields.text("rule", longestRule);
        if (*action == PhoneAction::Submit)
            order.parameters = pairsOf(fields, "parameters", mostParameters);
        if (*action == PhoneAction::OffHook || *action == PhoneAction::OnHook)
            order.line = numberOr(fields, "line", 1, 1, 16);
        command.order = std::move(order);
    }
    return fields.finish();
}

// Reads every item of a list with `read`, each an object of its own.
template <class Read>
Result<void> readList(JsonFields& fields, std::string_view key, std::size_t most, Read read)
{
    const json::array* const items = fields.list(key, most);
    if (items == nullptr)
        return {};
    for (const json::value& item : *items) {
        const json::object* const object = item.if_object();
        if (object == nullptr)
            return emulator::fail(ErrorKind::Malformed, fmt::format("\"{}\": expected objects", key));
        JsonFields own{*object};
        read(own);
        if (const Result<void> finished = own.finish(); finished.has_error())
            return emulator::fail(ErrorKind::Malformed,
                                  fmt::format("\"{}\": {}", key, finished.error().detail));
    }
    return {};
}

template <class Value, std::size_t Size>
Value valueNamed(JsonFields& fields, std::string_view key, const std::array<Value, Size>& values,
                 Value otherwise)
{
    if (!fields.has(key))
        return otherwise;
    const std::string text = fields.text(key);
    const auto* const found =
        std::find_if(values.begin(), values.end(), [&](Value one) { return name(one) == text; });
    if (found != values.end())
        return *found;
    std::vector<std::string_view> words;
    for (const Value one : values)
        words.push_back(name(one));
    fields.wrong(key, emulator::oneOf(words));
    return otherwise;
}

emulator::PhoneSnapshot phoneOf(JsonFields& fields)
{
    using emulator::MuteLed;
    using emulator::PhoneState;
    constexpr std::array states{PhoneState::Off,        PhoneState::Booting,   PhoneState::Waiting,
                                PhoneState::Contacting, PhoneState::Upgrading, PhoneState::Idle,
                                PhoneState::Onboarding};
    static_assert(states.size() == emulator::phoneStates);
    constexpr std::array leds{MuteLed::Off, MuteLed::SlowBlink, MuteLed::FastBlink};
    emulator::PhoneSnapshot phone;
    phone.index = emulator::PhoneIndex{phoneIn(fields)};
    phone.state = valueNamed(fields, "state", states, PhoneState::Off);
    phone.led = valueNamed(fields, "led", leds, MuteLed::Off);
    phone.ledSince = timeOf(fields, "led_since_us", {});
    phone.nextResync = timeOf(fields, "next_resync_us", TimePoint::max());
    phone.firmware = fields.anyText("firmware", 256);
    phone.lastResult = fields.anyText("last_result", longestValue);
    return phone;
}

ShownDisplay displayOf(JsonFields& fields)
{
    ShownDisplay display;
    display.title = fields.anyText("title", longestValue);
    display.items = textsOf(fields, "items", 256, 256);
    display.softKeys = textsOf(fields, "soft_keys", 16, 256);
    display.takesText = fields.flag("takes_text");
    display.refused = fields.flag("refused");
    return display;
}

Result<ShownDisplay> displayIn(JsonFields& parent)
{
    const json::object* const object = parent.object("display");
    if (object == nullptr)
        return emulator::fail(ErrorKind::Malformed, "\"display\": expected an object");
    JsonFields fields{*object};
    ShownDisplay display = displayOf(fields);
    if (const Result<void> finished = fields.finish(); finished.has_error())
        return finished.error();
    return display;
}

ShownParameter parameterOf(JsonFields& fields)
{
    ShownParameter one;
    one.name = fields.anyText("name", 256);
    one.tab = fields.anyText("tab", 256);
    one.value = fields.anyText("value", longestValue);
    one.source = fields.anyText("source", 64);
    one.url = fields.anyText("url", longestValue);
    one.changed = fields.flag("changed");
    one.secret = fields.flag("secret");
    return one;
}

Result<Details> detailsIn(const json::object& object)
{
    JsonFields fields{object};
    Result<ShownDisplay> display = displayIn(fields);
    if (display.has_error())
        return display.error();
    Details details;
    details.display = std::move(*display);
    details.status = pairsOf(fields, "status", 1024);
    if (const json::array* const lines = fields.list("busy_lines", 64))
        for (const json::value& line : *lines)
            details.busyLines.push_back(
                line.is_int64() && line.get_int64() > 0 ? static_cast<std::uint64_t>(line.get_int64()) : 0);
    const Result<void> read = readList(fields, "schedules", 256, [&](JsonFields& own) {
        ShownSchedule schedule;
        schedule.what = own.anyText("what", 256);
        if (own.has("at_us"))
            schedule.at = timeOf(own, "at_us", {});
        schedule.why = own.anyText("why", longestValue);
        details.schedules.push_back(std::move(schedule));
    });
    if (read.has_error())
        return read.error();
    if (const Result<void> finished = fields.finish(); finished.has_error())
        return finished.error();
    return details;
}

Result<RunClock> clockIn(const json::object& object)
{
    JsonFields fields{object};
    RunClock clock;
    clock.now = timeOf(fields, "now_us", {});
    clock.last = fields.number("last", 0, latest);
    clock.paused = fields.flag("paused");
    clock.factor = factorIn(fields);
    clock.over = fields.flag("over");
    if (const Result<void> finished = fields.finish(); finished.has_error())
        return finished.error();
    return clock;
}

// What an answer holds is told by its member: "done", "changes", "parameters", "details", "events", "display" or "clock".
Result<void> readWhat(JsonFields& fields, ControlAnswer& answer)
{
    if (fields.has("changes")) {
        Changes changes;
        changes.now = timeOf(fields, "now_us", {});
        changes.stopped = textsOf(fields, "stopped", 64, 256);
        const Result<void> read = readList(fields, "changes", phonesPerAnswer,
                                           [&](JsonFields& own) { changes.phones.push_back(phoneOf(own)); });
        answer.what = std::move(changes);
        return read;
    }
    if (fields.has("parameters")) {
        Parameters parameters;
        const Result<void> read = readList(fields, "parameters", mostParameters, [&](JsonFields& own) {
            parameters.list.push_back(parameterOf(own));
        });
        answer.what = std::move(parameters);
        return read;
    }
    if (fields.has("events")) {
        const std::uint64_t last = fields.number("last", 0, latest);
        answer.what = Events{textsOf(fields, "events", mostEvents, 64u << 10), last};
        return {};
    }
    if (fields.has("display")) {
        Result<ShownDisplay> display = displayIn(fields);
        if (display.has_error())
            return display.error();
        answer.what = std::move(*display);
        return {};
    }
    if (fields.has("clock")) {
        const json::object* const object = fields.object("clock");
        if (object == nullptr)
            return fields.finish();
        Result<RunClock> clock = clockIn(*object);
        if (clock.has_error())
            return clock.error();
        answer.what = *clock;
        return {};
    }
    if (fields.has("details")) {
        const json::object* const object = fields.object("details");
        if (object == nullptr)
            return fields.finish();
        Result<Details> details = detailsIn(*object);
        if (details.has_error())
            return details.error();
        answer.what = std::move(*details);
        return {};
    }
    answer.what = Done{fields.number("done", 0, lastPhone + 1)};
    return {};
}

}  // namespace

std::string_view name(PhoneAction action)
{
    switch (action) {
    case PhoneAction::PowerOn:
        return "power_on";
    case PhoneAction::PowerOff:
        return "power_off";
    case PhoneAction::Resync:
        return "resync";
    case PhoneAction::Upgrade:
        return "upgrade";
    case PhoneAction::Reboot:
        return "reboot";
    case PhoneAction::FactoryReset:
        return "factory_reset";
    case PhoneAction::Submit:
        return "submit";
    case PhoneAction::OffHook:
        return "off_hook";
    case PhoneAction::OnHook:
        return "on_hook";
    }
    return "";
}

std::optional<std::uint64_t> idIn(std::string_view line)
{
    const Result<json::object> object = JsonFields::parse(line);
    const json::value* const id = object.has_value() ? object->if_contains("id") : nullptr;
    if (id == nullptr || !id->is_int64() || id->get_int64() < 0)
        return std::nullopt;
    return static_cast<std::uint64_t>(id->get_int64());
}

Result<ControlCommand> readCommand(std::string_view line)
{
    const Result<json::object> object = JsonFields::parse(line);
    if (object.has_error())
        return object.error();
    JsonFields fields{*object};
    ControlCommand command;
    command.id = fields.number("id", 0, latest);
    const std::string word = fields.requiredText("do", 64);
    if (word.empty())
        return fields.finish().error();
    if (const Result<void> read = readOrder(fields, word, command); read.has_error())
        return read.error();
    return command;
}

Result<ControlHello> readHello(std::string_view line)
{
    const Result<json::object> object = JsonFields::parse(line);
    if (object.has_error())
        return object.error();
    JsonFields fields{*object};
    ControlHello hello;
    hello.version = fields.number("version", 0, latest);
    hello.program = fields.text("program");
    if (hello.version != controlVersion)
        return emulator::fail(ErrorKind::Unsupported,
                              fmt::format("found version {} of the control protocol ({}), expected {}",
                                          hello.version, hello.program, controlVersion));
    hello.start = fields.text("start");
    hello.webPort = static_cast<std::uint16_t>(fields.number("web_port", 0, 65535));
    hello.servers = textsOf(fields, "servers", 64, 256);
    std::uint64_t phones = 0;
    hello.scenario = fields.anyText("scenario", longestValue);
    const Result<void> read = readList(fields, "groups", 1000, [&](JsonFields& own) {
        ControlGroup group;
        group.model = own.text("model");
        group.description = own.text("description");
        group.count = own.number("count", 1, lastPhone + 1);
        const auto mac = emulator::MacAddress::parse(own.text("first_mac"));
        const auto address = emulator::IpAddress::parse(own.text("first_address"));
        if (mac.has_error() || address.has_error())
            return own.wrong(mac.has_error() ? "first_mac" : "first_address", "a MAC or IPv4 address");
        group.firstMac = *mac;
        group.firstAddress = *address;
        group.lines = own.number("lines", 1, 16);
        group.lineKeys = own.number("line_keys", 0, 64);
        group.display = own.text("display");
        phones += group.count;
        if (phones > lastPhone + 1)
            own.wrong("count", "at most a million phones in all");
        hello.groups.push_back(std::move(group));
    });
    if (read.has_error())
        return read.error();
    if (const Result<void> finished = fields.finish(); finished.has_error())
        return finished.error();
    return hello;
}

Result<ControlAnswer> readAnswer(std::string_view line)
{
    const Result<json::object> object = JsonFields::parse(line);
    if (object.has_error())
        return object.error();
    JsonFields fields{*object};
    ControlAnswer answer;
    if (fields.has("id"))
        answer.id = fields.number("id", 0, latest);
    answer.error = fields.anyText("error", longestValue);
    if (answer.error.empty())
        if (const Result<void> read = readWhat(fields, answer); read.has_error())
            return read.error();
    if (const Result<void> finished = fields.finish(); finished.has_error())
        return finished.error();
    return answer;
}

}  // namespace scenarios::control
