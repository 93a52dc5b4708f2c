#include "scenarios/engine/expectation_reader.hpp"

#include "emulator/base/nearest_word.hpp"
#include "emulator/phone/phone.hpp"
#include "scenarios/engine/step_text.hpp"
#include "scenarios/engine/vocabulary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace scenarios {

namespace {

using emulator::EventKind;
using emulator::FieldName;
using emulator::Observer;
using fixtures::ServerKind;

constexpr std::array ledWords{emulator::MuteLed::Off, emulator::MuteLed::SlowBlink,
                              emulator::MuteLed::FastBlink};

void observer(StepContext& context, const YamlNode& map, EventSubject& subject)
{
    const YamlNode* by = NodeReader::value(map, "by");
    if (by == nullptr)
        return;
    for (const Observer one : {Observer::Server, Observer::Phone, Observer::Wire}) {
        if (by->text == name(one)) {
            subject.by = one;
            subject.bySaid = true;
            return;
        }
    }
    context.nodes.problem(*by, "server, phone or wire", {"server", "phone", "wire"});
}

void fieldTest(StepContext& context, const YamlNode& map, std::string_view key, FieldName field, bool path,
               EventSubject& subject)
{
    const YamlNode* node = NodeReader::value(map, key);
    if (node == nullptr)
        return;
    if (const auto pattern = context.nodes.text(*node, "a pattern, where * is anything")) {
        context.checkMacros(*pattern, *node, true);
        subject.tests.push_back({field, *pattern, path});
    }
}

std::optional<Subject> syslog(StepContext& context, const YamlNode& map)
{
    EventSubject subject{{EventKind::SyslogMessage}, Observer::Server, {}, {}};
    fieldTest(context, map, "syslog", FieldName::Text, false, subject);
    if (const YamlNode* at = NodeReader::value(map, "server"))
        if (const ServerPlan* where = context.plan(*at)) {
            subject.server = where->name;
            if (where->kind != ServerKind::Syslog)
                context.nodes.problem(*at, "a syslog server");
        }
    observer(context, map, subject);
    const bool listens = std::any_of(context.scenario.servers.begin(), context.scenario.servers.end(),
                                     [](const ServerPlan& s) { return s.kind == ServerKind::Syslog; });
    if (!listens && subject.by == Observer::Server)
        context.nodes.problemWith(map.place, "a syslog expectation without a syslog server",
                                  "\"syslog: {}\" under servers:");
    return subject;
}

std::optional<Subject> request(StepContext& context, const YamlNode& map)
{
    const YamlNode& node = *NodeReader::value(map, "request");
    const ServerPlan* const where = context.plan(node);
    if (where == nullptr)
        return std::nullopt;
    EventSubject subject{{}, Observer::Server, where->name, {}};
    const bool http = where->kind == ServerKind::Http;
    if (where->kind == ServerKind::Syslog || where->kind == ServerKind::Sip) {
        context.nodes.problem(node, "a tftp or http server");
        return std::nullopt;
    }
    subject.kinds = {http ? EventKind::HttpRequest : EventKind::TftpRead};
    if (!http)
        for (const std::string_view key : {"target", "method", "user_agent", "host", "body"})
            if (const YamlEntry* e = NodeReader::entry(map, key))
                context.nodes.problemWith(e->key.place, fmt::format("\"{}\" at a tftp server", key),
                                          "it at an http server");
    fieldTest(context, map, "file", http ? FieldName::Target : FieldName::File, true, subject);
    fieldTest(context, map, "target", FieldName::Target, false, subject);
    fieldTest(context, map, "method", FieldName::Method, false, subject);
    fieldTest(context, map, "user_agent", FieldName::UserAgent, false, subject);
    fieldTest(context, map, "host", FieldName::Host, false, subject);
    fieldTest(context, map, "body", FieldName::Body, false, subject);
    observer(context, map, subject);
    return subject;
}

std::optional<Subject> lookup(StepContext& context, const YamlNode& map)
{
    EventSubject subject{{EventKind::DnsQuery}, Observer::Phone, {}, {}};
    fieldTest(context, map, "lookup", FieldName::Name, false, subject);
    observer(context, map, subject);
    return subject;
}

std::optional<Subject> event(StepContext& context, const YamlNode& map)
{
    const YamlNode& node = *NodeReader::value(map, "event");
    const auto kind = emulator::eventKind(node.text);
    if (!kind) {
        std::vector<std::string_view> kinds;
        for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(EventKind::Count); ++i)
            kinds.push_back(name(static_cast<EventKind>(i)));
        context.nodes.problem(node, "a kind of event such as tftp.error or http.response", kinds);
        return std::nullopt;
    }
    const bool ofPhone = name(*kind).starts_with("phone.");
    EventSubject subject{{*kind}, ofPhone ? Observer::Phone : Observer::Server, {}, {}};
    if (const YamlNode* where = NodeReader::value(map, "where");
        where && context.nodes.isMap(*where, "a map {FIELD: GLOB}")) {
        std::vector<std::string_view> fields;
        for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(FieldName::Count); ++i)
            fields.push_back(name(static_cast<FieldName>(i)));
        for (const YamlEntry& e : where->entries) {
            const auto at = std::find(fields.begin(), fields.end(), e.key.text);
            if (at == fields.end())
                context.nodes.problem(e.key, "a field of an event, as in NDJSON", fields);
            else
                fieldTest(context, *where, e.key.text, static_cast<FieldName>(at - fields.begin()), false,
                          subject);
        }
    }
    if (const YamlNode* at = NodeReader::value(map, "server"))
        if (const ServerPlan* where = context.plan(*at))
            subject.server = where->name;
    observer(context, map, subject);
    return subject;
}

std::optional<Subject> param(StepContext& context, const YamlNode& map, const Selection& phones)
{
    const YamlNode& node = *NodeReader::value(map, "param");
    const YamlNode* is = NodeReader::value(map, "is");
    const YamlNode* matches = NodeReader::value(map, "matches");
    if ((is == nullptr) == (matches == nullptr)) {
        context.nodes.problemWith(node.place,
                                  is == nullptr ? "a param without a value" : "both \"is\" and \"matches\"",
                                  "one of is and matches");
        return std::nullopt;
    }
    const YamlNode& value = is == nullptr ? *matches : *is;
    const auto text = context.nodes.anyText(value, "the value of the parameter, as text");
    if (!text)
        return std::nullopt;
    context.checkMacros(*text, value, true);
    context.checkParameter(node, phones);
    return ParamSubject{node.text, *text, is == nullptr};
}

std::optional<Subject> led(StepContext& context, const YamlNode& map)
{
    const YamlNode& which = *NodeReader::value(map, "led");
    if (which.text != "mute")
        context.nodes.problem(which, "mute, the one LED that shows provisioning", {"mute"});
    const auto pattern = [&](const YamlNode& node) -> std::optional<emulator::MuteLed> {
        std::vector<std::string_view> names;
        for (const emulator::MuteLed one : ledWords) {
            if (node.text == name(one))
                return one;
            names.push_back(name(one));
        }
        context.nodes.problem(node, emulator::oneOf(names), names);
        return std::nullopt;
    };
    LedSubject subject;
    int given = 0;
    if (const YamlNode* node = NodeReader::value(map, "shows"); node && ++given)
        subject.shows = pattern(*node);
    if (const YamlNode* node = NodeReader::value(map, "showed"); node && ++given)
        subject.showed = pattern(*node);
    if (const YamlNode* node = NodeReader::value(map, "is"); node && ++given) {
        if (node->text != "lit" && node->text != "dark")
            context.nodes.problem(*node, "lit or dark", {"lit", "dark"});
        subject.lit = node->text == "lit";
    }
    if (const YamlNode* node = NodeReader::value(map, "blinks"); node && ++given) {
        if (node->kind != YamlNode::Kind::List || node->items.size() < 2 || node->items.size() % 2 != 0 ||
            node->items.size() > 16)
            context.nodes.problem(*node, "a list of durations: on, off, on, off");
        else
            for (const YamlNode& item : node->items)
                subject.beats.push_back(context.nodes.duration(item).value_or(emulator::Duration{}));
    }
    if (given != 1) {
        context.nodes.problemWith(which.place,
                                  given == 0 ? "an LED without a pattern" : "more than one pattern",
                                  "one of shows, showed, blinks and is");
        return std::nullopt;
    }
    return subject;
}

std::optional<Subject> state(StepContext& context, const YamlNode& map)
{
    using emulator::PhoneState;
    const YamlNode& node = *NodeReader::value(map, "state");
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < emulator::phoneStates; ++i)
        names.push_back(emulator::name(static_cast<PhoneState>(i)));
    if (std::find(names.begin(), names.end(), node.text) == names.end()) {
        context.nodes.problem(node, emulator::oneOf(names), names);
        return std::nullopt;
    }
    return StateSubject{node.text};
}

std::optional<Subject> status(StepContext& context, const YamlNode& map)
{
    const YamlNode& node = *NodeReader::value(map, "status");
    if (node.text == "none")
        return AnswerSubject{0, {}};
    if (const auto status = context.nodes.number(node, 100, 599))
        return AnswerSubject{static_cast<int>(*status), {}};
    return std::nullopt;
}

std::optional<Subject> page(StepContext& context, const YamlNode& map)
{
    const YamlNode& node = *NodeReader::value(map, "page");
    const auto pattern = context.nodes.text(node, "a pattern, where * is anything");
    if (!pattern)
        return std::nullopt;
    context.checkMacros(*pattern, node, true);
    return AnswerSubject{std::nullopt, *pattern};
}

std::optional<Subject> subject(StepContext& context, std::string_view word, const YamlNode& map,
                               const Selection& phones)
{
    if (word == "syslog")
        return syslog(context, map);
    if (word == "request")
        return request(context, map);
    if (word == "lookup")
        return lookup(context, map);
    if (word == "event")
        return event(context, map);
    if (word == "param")
        return param(context, map, phones);
    if (word == "led")
        return led(context, map);
    if (word == "state")
        return state(context, map);
    if (word == "status")
        return status(context, map);
    return page(context, map);
}

void limits(StepContext& context, const YamlNode& map, Expectation& e)
{
    const auto entry = [&](std::string_view key) { return NodeReader::entry(map, key); };
    const auto refuse = [&](std::string_view key, std::string_view expected) {
        if (const YamlEntry* at = entry(key))
            context.nodes.problemWith(at->key.place, fmt::format("\"{}\"", key), expected);
    };
    const bool events = std::holds_alternative<EventSubject>(e.subject);
    const bool answer = std::holds_alternative<AnswerSubject>(e.subject);
    const auto* const led = std::get_if<LedSubject>(&e.subject);
    const bool moment = led != nullptr && led->lit.has_value();
    if (moment)
        for (const std::string_view key : {"within", "never", "then"})
            refuse(key, "none beside is: it is about this very moment");
    if (!events)
        for (const std::string_view key : {"after", "times", "at_least", "at_most"})
            refuse(key, "it beside syslog, request, lookup or event only");
    if (answer)
        for (const std::string_view key : {"within", "never", "then"})
            refuse(key, "none beside status and page: the answer is there already");

    if (const YamlEntry* at = entry("within"))
        e.within = context.nodes.duration(at->value).value_or(e.within);
    if (const YamlEntry* at = entry("after"))
        e.after = context.nodes.duration(at->value).value_or(e.after);
    if (const YamlEntry* at = entry("never"))
        e.never = context.nodes.flag(at->value).value_or(false);
    if (const YamlEntry* at = entry("then"))
        e.then = context.nodes.flag(at->value).value_or(false);
    constexpr std::uint64_t most = 1'000'000;
    if (const YamlEntry* at = entry("at_least"))
        e.atLeast = context.nodes.number(at->value, 1, most);
    if (const YamlEntry* at = entry("at_most"))
        e.atMost = context.nodes.number(at->value, 1, most);
    if (const YamlEntry* at = entry("times")) {
        if (e.atLeast || e.atMost)
            context.nodes.problemWith(at->key.place, "\"times\" beside \"at_least\" or \"at_most\"",
                                      "one or the other");
        e.atLeast = e.atMost = context.nodes.number(at->value, 1, most);
    }
    if (e.never && (e.atLeast || e.atMost))
        context.nodes.problemWith(map.place, "\"never\" with a number of times", "one or the other");
    if (e.never && entry("within") == nullptr && !answer)
        context.nodes.problemWith(map.place, "\"never\" without \"within\"", "for how long, e.g. within: 3s");
    if (e.after > e.within)
        context.nodes.problemWith(map.place,
                                  fmt::format("after {}, which is later than within {}",
                                              printDuration(e.after), printDuration(e.within)),
                                  "after to be earlier than within");
    if (e.atLeast && e.atMost && *e.atLeast > *e.atMost)
        context.nodes.problemWith(map.place, "at_least above at_most", "at_least to be at most at_most");
    if (const YamlEntry* at = entry("any"); at != nullptr && context.nodes.flag(at->value).value_or(false))
        e.who = Expectation::Who::Any;
    if (const YamlEntry* at = entry("count")) {
        if (e.who == Expectation::Who::Any)
            context.nodes.problemWith(at->key.place, "both \"any\" and \"count\"", "one of them");
        if (const auto count = context.nodes.number(at->value, 0, maxScenarioPhones)) {
            e.who = Expectation::Who::Count;
            e.count = *count;
        }
    }
}

}  // namespace

std::optional<Expectation> readExpectation(StepContext& context, const YamlNode& map, const Selection& phones)
{
    const std::vector<std::string_view> subjects = namesOf(WordKind::Topic);
    if (!context.nodes.isMap(map, fmt::format("a map with one of {}", emulator::oneOf(subjects))))
        return std::nullopt;
    const YamlEntry* about = nullptr;
    for (const YamlEntry& e : map.entries) {
        if (std::find(subjects.begin(), subjects.end(), e.key.text) == subjects.end())
            continue;
        if (about != nullptr) {
            context.nodes.problemWith(e.key.place,
                                      fmt::format("both \"{}\" and \"{}\"", about->key.text, e.key.text),
                                      "one subject; a second one is a second expect");
            return std::nullopt;
        }
        about = &e;
    }
    if (about == nullptr) {
        const YamlNode& at = map.entries.empty() ? map : map.entries.front().key;
        context.nodes.problemWith(
            at.place,
            map.entries.empty() ? "an empty expectation" : fmt::format("the key {}", NodeReader::found(at)),
            fmt::format("one of {}", emulator::oneOf(subjects)), emulator::nearestWord(at.text, subjects));
        return std::nullopt;
    }
    std::vector<std::string_view> allowed{about->key.text};
    for (const auto keys : {findWord(about->key.text)->keys, expectationKeys()})
        for (const KeyWord& key : keys)
            allowed.push_back(key.name);
    context.nodes.checkKeys(map, allowed);
    auto read = subject(context, about->key.text, map, phones);
    if (!read)
        return std::nullopt;
    Expectation expectation;
    expectation.subject = *std::move(read);
    limits(context, map, expectation);
    return expectation;
}

}  // namespace scenarios
