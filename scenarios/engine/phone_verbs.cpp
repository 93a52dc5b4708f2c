#include "scenarios/engine/step_verb.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>

namespace scenarios {

namespace {

using fixtures::ServerKind;

constexpr std::size_t maxPressed = 16;  // keys of one step; no menu is deeper

std::optional<std::string> pathOn(StepContext& context, const YamlNode& node, std::string_view example)
{
    auto path = context.nodes.text(node, fmt::format("a path on the phone, such as {}", example));
    if (path && path->front() != '/') {
        context.nodes.problem(node, "a path on the phone that begins with /");
        return std::nullopt;
    }
    if (path)
        context.checkMacros(*path, node, true);
    return path;
}

std::optional<StepWhat> power(StepContext& context, const YamlNode& step, Selection&)
{
    const YamlNode& node = *NodeReader::value(step, "power");
    using What = PowerStep::What;
    if (node.text == "on" || node.text == "true")
        return PowerStep{What::On};
    if (node.text == "off" || node.text == "false")
        return PowerStep{What::Off};
    if (node.text == "cycle")
        return PowerStep{What::Cycle};
    context.nodes.problem(node, "on, off or cycle", {"on", "off", "cycle"});
    return std::nullopt;
}

std::optional<StepWhat> browse(StepContext& context, const YamlNode& step, Selection&)
{
    const auto path = pathOn(context, *NodeReader::value(step, "browse"), "/admin/resync");
    if (!path)
        return std::nullopt;
    BrowseStep browse{*path, {}};
    if (const YamlNode* who = NodeReader::value(step, "login"))
        browse.login = context.login(*who);
    return browse;
}

std::optional<StepWhat> post(StepContext& context, const YamlNode& step, Selection&)
{
    const auto path = pathOn(context, *NodeReader::value(step, "post"), "/CGI/Execute");
    if (!path)
        return std::nullopt;
    if (NodeReader::value(step, "text") == nullptr)
        context.nodes.problemWith(step.place, "a post without \"text\"", "what is posted");
    PostStep post{*path, context.textOf(step, "text"), context.textOf(step, "type"), {}};
    if (post.type.empty())
        post.type = "text/xml";
    if (const YamlNode* who = NodeReader::value(step, "login"))
        post.login = context.login(*who);
    return post;
}

std::optional<StepWhat> notify(StepContext& context, const YamlNode& step, Selection&)
{
    NotifyStep notify;
    const YamlNode& node = *NodeReader::value(step, "notify");
    if (!context.nodes.text(node, "an event, such as resync"))
        return std::nullopt;
    notify.plan.event = context.textOf(step, "notify");
    const YamlNode* const where = NodeReader::value(step, "server");
    const auto isProxy = [](const ServerPlan& one) { return one.kind == ServerKind::Sip; };
    const auto& servers = context.scenario.servers;
    const auto first = std::find_if(servers.begin(), servers.end(), isProxy);
    const ServerPlan* const proxy = where != nullptr         ? context.plan(*where)
                                    : first == servers.end() ? nullptr
                                                             : &*first;
    if (proxy == nullptr || !isProxy(*proxy)) {
        if (where == nullptr || proxy != nullptr)
            context.nodes.problemWith(where == nullptr ? step.place : where->place,
                                      "a notify without a sip server", "\"sip: {}\" under servers:");
        return std::nullopt;
    }
    notify.server = proxy->name;
    if (const std::string profile = context.textOf(step, "profile"); !profile.empty())
        notify.plan.event += fmt::format(";profile=\"{}\"", profile);
    notify.plan.user = context.textOf(step, "to");
    notify.plan.body = context.textOf(step, "text");
    notify.plan.bodyType = context.textOf(step, "type");
    if (notify.plan.bodyType.empty())
        notify.plan.bodyType = "application/xml";
    if (const YamlNode* who = NodeReader::value(step, "login"))
        if (const auto given = context.login(*who))
            notify.plan.login = emulator::HttpCredentials{given->user, given->password};
    if (const YamlNode* lost = NodeReader::value(step, "loses"))
        notify.plan.lost = static_cast<unsigned>(context.nodes.number(*lost, 1, 100).value_or(0));
    if (const YamlNode* patience = NodeReader::value(step, "gives_up"))
        notify.plan.patience = context.nodes.duration(*patience).value_or(emulator::Duration{});
    return notify;
}

std::optional<StepWhat> submit(StepContext& context, const YamlNode& step, Selection& phones)
{
    const YamlNode& node = *NodeReader::value(step, "submit");
    if (!context.nodes.isMap(node, "a map of parameters, {Name: value}"))
        return std::nullopt;
    SubmitStep submit;
    context.nodes.checkKeys(node, [&] {  // doubled ones only; the models know the names
        std::vector<std::string_view> names;
        for (const YamlEntry& e : node.entries)
            names.push_back(e.key.text);
        return names;
    }());
    for (const YamlEntry& e : node.entries) {
        const auto value = context.nodes.anyText(e.value, "the value of the parameter, as text");
        if (!value)
            continue;
        context.checkMacros(*value, e.value, true);
        context.checkParameter(e.key, phones);  // whether the phone takes the value is for the phone to say
        submit.values.emplace_back(e.key.text, *value);
    }
    if (node.entries.empty())
        context.nodes.problemWith(node.place, "no parameter", "at least one, {Name: value}");
    return submit;
}

std::optional<StepWhat> lineStep(StepContext& context, const YamlNode& step, std::string_view verb,
                                 Selection& phones)
{
    const YamlNode& node = *NodeReader::value(step, verb);
    YamlNode digits = node;
    if (const std::size_t slash = node.text.rfind('/'); slash != std::string::npos) {
        YamlNode who = node;
        who.text.resize(slash);
        digits.text.erase(0, slash + 1);
        if (const YamlEntry* also = NodeReader::entry(step, "phones")) {
            context.nodes.problemWith(also->key.place, "\"phones\" beside a phone's name",
                                      "one or the other");
            return std::nullopt;
        }
        auto selected = context.selection(who);
        if (!selected)
            return std::nullopt;
        phones = *std::move(selected);
    }
    int lines = INT_MAX;
    std::string_view model;
    for (const PhoneNumber phone : *phones.phones) {
        const PhoneGroup& group =
            context.scenario.groups[context.phoneNames[static_cast<std::size_t>(phone)].group];
        if (group.model->lines < lines) {
            lines = group.model->lines;
            model = group.model->productName;
        }
    }
    int line = 0;
    const char* const last = digits.text.data() + digits.text.size();
    const auto [end, error] = std::from_chars(digits.text.data(), last, line);
    if (error != std::errc{} || end != last || line < 1 || line > lines) {
        context.nodes.problem(node, lines == 1 ? fmt::format("line 1, the only one of the {}", model)
                                               : fmt::format("a line from 1 to {} of the {}", lines, model));
        return std::nullopt;
    }
    return CallStep{line, verb == "call"};
}

std::optional<StepWhat> call(StepContext& context, const YamlNode& step, Selection& phones)
{
    return lineStep(context, step, "call", phones);
}

std::optional<StepWhat> hangUp(StepContext& context, const YamlNode& step, Selection& phones)
{
    return lineStep(context, step, "hang up", phones);
}

std::optional<StepWhat> press(StepContext& context, const YamlNode& step, Selection&)
{
    const YamlNode& node = *NodeReader::value(step, "press");
    const auto text =
        context.nodes.text(node, "menus and keys, such as Applications > Device administration");
    if (!text)
        return std::nullopt;
    PressStep press;
    constexpr std::string_view between = " > ";
    std::string_view rest = *text;
    while (true) {
        const std::size_t end = std::min(rest.find(between), rest.size());
        press.path.emplace_back(rest.substr(0, end));
        if (press.path.back().empty() || press.path.size() > maxPressed) {
            context.nodes.problem(node,
                                  fmt::format("at most {} keys, with \" > \" between them", maxPressed));
            return std::nullopt;
        }
        if (end == rest.size())
            break;
        rest.remove_prefix(end + between.size());
    }
    if (const YamlNode* entered = NodeReader::value(step, "enter")) {
        press.entered = context.nodes.text(*entered, "what is typed into the field").value_or("");
        context.checkMacros(press.entered, *entered, true);
    }
    return press;
}

constexpr std::array ofPhones{StepVerb{"power", power},    StepVerb{"browse", browse}, StepVerb{"post", post},
                              StepVerb{"notify", notify},  StepVerb{"submit", submit}, StepVerb{"call", call},
                              StepVerb{"hang up", hangUp}, StepVerb{"press", press}};

}  // namespace

std::span<const StepVerb> phoneVerbs()
{
    return ofPhones;
}

}  // namespace scenarios
