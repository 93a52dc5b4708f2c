#include "emulator/base/nearest_word.hpp"
#include "scenarios/engine/planned_file_reader.hpp"
#include "scenarios/engine/step_verb.hpp"

#include <fmt/format.h>

#include <array>

namespace scenarios {

namespace {

using fixtures::FaultKind;
using fixtures::ServerKind;

// What the step says that the server does; nothing but a problem unless it is one thing.
const YamlEntry* actionOf(StepContext& context, const YamlNode& step)
{
    constexpr std::array actions{std::string_view{"answers"},   std::string_view{"fails"},
                                 std::string_view{"delays"},    std::string_view{"corrupts"},
                                 std::string_view{"truncates"}, std::string_view{"drips"},
                                 std::string_view{"resets"},    std::string_view{"omits"},
                                 std::string_view{"redirects"}, std::string_view{"goes"}};
    const YamlEntry* action = nullptr;
    for (const std::string_view one : actions) {
        const YamlEntry* const e = NodeReader::entry(step, one);
        if (e != nullptr && action != nullptr) {
            context.nodes.problemWith(
                e->key.place, fmt::format("both \"{}\" and \"{}\"", action->key.text, one), "one of them");
            return nullptr;
        }
        action = e != nullptr ? e : action;
    }
    if (action == nullptr) {
        context.nodes.problemWith(
            step.place, "a server step that does nothing",
            fmt::format("one of {}", emulator::oneOf({actions.begin(), actions.end()})));
        return nullptr;
    }
    return action;
}

// False: the value beside the action is none.
bool readAction(StepContext& context, const YamlEntry& action, ServerKind kind, fixtures::Fault& fault)
{
    const std::string& verb = action.key.text;
    const YamlNode& value = action.value;
    const bool http = kind == ServerKind::Http;
    const auto word = [&](std::string_view only) {
        if (value.text == only)
            return true;
        context.nodes.problem(value, fmt::format("\"{}\"", only), {only});
        return false;
    };
    const auto duration = [&](FaultKind how) {
        fault.kind = how;
        const auto time = context.nodes.duration(value);
        fault.delay = time.value_or(emulator::Duration{});
        return time.has_value();
    };
    bool good = true;
    if (verb == "answers") {
        good = word("normally");
    } else if (verb == "fails") {
        fault.kind = FaultKind::Status;
        if (value.text == "not found")
            fault.status = http ? 404 : 1;
        else if (const auto status =
                     http ? context.nodes.number(value, 100, 599) : context.nodes.number(value, 0, 8))
            fault.status = static_cast<int>(*status);
        else
            good = false;
    } else if (verb == "delays") {
        good = duration(FaultKind::Delay);
    } else if (verb == "drips") {
        good = duration(FaultKind::Drip);
    } else if (verb == "corrupts") {
        fault.kind = FaultKind::Corrupt;
        good = word("files");
    } else if (verb == "resets") {
        fault.kind = FaultKind::Reset;
        good = word("connections");
    } else if (verb == "omits") {
        fault.kind = FaultKind::NoLength;
        good = word("length");
        if (!http)
            context.nodes.problemWith(action.key.place,
                                      fmt::format("\"omits\" at a {} server", fixtures::name(kind)),
                                      "it at an http server");
    } else if (verb == "truncates") {
        fault.kind = FaultKind::Truncate;
        const auto bytes = context.nodes.number(value, 0, 1u << 30);
        fault.bytes = static_cast<std::size_t>(bytes.value_or(0));
        good = bytes.has_value();
    } else if (verb == "redirects") {
        fault.kind = FaultKind::Status;
        fault.status = 302;
        const auto url = context.nodes.text(value, "a URL");
        fault.location = url.value_or("");
        good = url.has_value();
        context.checkMacros(fault.location, value, false);
        if (!http)
            context.nodes.problemWith(action.key.place,
                                      fmt::format("a redirect at a {} server", fixtures::name(kind)),
                                      "one at an http server");
    } else {
        constexpr std::array ways{std::string_view{"silent"}, std::string_view{"down"},
                                  std::string_view{"back"}};
        if (value.text == "silent")
            fault.kind = FaultKind::Silent;
        else if (value.text == "down")
            fault.kind = FaultKind::Down;
        else if (value.text != "back")
            context.nodes.problem(value, emulator::oneOf({ways.begin(), ways.end()}),
                                  {ways.begin(), ways.end()});
    }
    return good;
}

// To which requests the fault happens, and how a redirect is called.
void readScope(StepContext& context, const YamlNode& step, const YamlEntry& action, fixtures::Fault& fault)
{
    const std::string& verb = action.key.text;
    if (const YamlEntry* status = NodeReader::entry(step, "status")) {
        if (verb != "redirects")
            context.nodes.problemWith(status->key.place, "\"status\"",
                                      "it beside redirects only; write \"fails: 404\"");
        else if (const auto number = context.nodes.number(status->value, 300, 308))
            fault.status = static_cast<int>(*number);
    }
    for (const std::string_view key : {"times", "file"}) {
        const YamlEntry* const e = NodeReader::entry(step, key);
        if (e != nullptr && (fault.kind == FaultKind::Down || fault.kind == FaultKind::None))
            context.nodes.problemWith(e->key.place,
                                      fmt::format("\"{}\" beside \"{}: {}\"", key, verb, action.value.text),
                                      "it beside a fault of single requests");
    }
    if (const YamlNode* times = NodeReader::value(step, "times"))
        fault.times = static_cast<std::uint32_t>(context.nodes.number(*times, 1, 1'000'000).value_or(0));
    if (const YamlNode* file = NodeReader::value(step, "file")) {
        fault.path = context.nodes.text(*file, "the path of a file").value_or("");
        context.checkMacros(fault.path, *file, false);
    }
}

std::optional<StepWhat> server(StepContext& context, const YamlNode& step, Selection&)
{
    const ServerPlan* const where = context.plan(*NodeReader::value(step, "server"));
    if (where == nullptr)
        return std::nullopt;
    if (where->kind == ServerKind::Sip) {
        context.nodes.problem(
            *NodeReader::value(step, "server"),
            "a tftp, http or syslog server; a sip server has no faults, see \"loses\" of notify");
        return std::nullopt;
    }
    ServerStep read{where->name, {}};
    const YamlEntry* const action = actionOf(context, step);
    if (action == nullptr || !readAction(context, *action, where->kind, read.fault))
        return std::nullopt;
    readScope(context, step, *action, read.fault);
    return read;
}

std::optional<StepWhat> put(StepContext& context, const YamlNode& step, Selection&)
{
    const YamlNode& node = *NodeReader::value(step, "put");
    const auto path = context.nodes.text(node, "the path of a file on the server");
    if (path)
        context.checkMacros(*path, node, true);
    const YamlNode* where = NodeReader::value(step, "server");
    if (where == nullptr)
        context.nodes.problemWith(step.place, "a put without \"server\"", "the name of a server");
    const ServerPlan* const server = where == nullptr ? nullptr : context.plan(*where);
    YamlNode content{YamlNode::Kind::Map, step.place, {}, false, {}, {}};
    std::size_t contents = 0;
    for (const YamlEntry& entry : step.entries) {
        const bool fills = entry.key.text == "text" || entry.key.text == "from" || entry.key.text == "load";
        contents += fills ? 1u : 0u;
        if (fills || entry.key.text == "hardware" || entry.key.text == "wrap")
            content.entries.push_back(entry);
    }
    if (contents != 1) {
        context.nodes.problemWith(step.place,
                                  contents == 0 ? "a put without content" : "a put with two contents",
                                  "one of text, from and load");
        return std::nullopt;
    }
    if (!path || server == nullptr)
        return std::nullopt;
    auto planned = readPlannedFile(context, *path, content, true);
    if (!planned)
        return std::nullopt;
    return PutStep{server->name, *std::move(planned)};
}

std::optional<StepWhat> remove(StepContext& context, const YamlNode& step, Selection&)
{
    const YamlNode& node = *NodeReader::value(step, "remove");
    const auto path = context.nodes.text(node, "the path of a file on the server");
    if (path)
        context.checkMacros(*path, node, true);
    const YamlNode* where = NodeReader::value(step, "server");
    if (where == nullptr) {
        context.nodes.problemWith(step.place, "a remove without \"server\"", "the name of a server");
        return std::nullopt;
    }
    const ServerPlan* const server = context.plan(*where);
    if (!path || server == nullptr)
        return std::nullopt;
    return RemoveStep{server->name, *path};
}

constexpr std::array ofServers{StepVerb{"server", server}, StepVerb{"put", put}, StepVerb{"remove", remove}};

}  // namespace

std::span<const StepVerb> serverVerbs()
{
    return ofServers;
}

}  // namespace scenarios
