#include "scenarios/engine/step_context.hpp"

#include "emulator/base/nearest_word.hpp"
#include "scenarios/engine/macros.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace scenarios {

namespace {

constexpr std::array phoneMacros{std::string_view{"phone.mac"},  std::string_view{"phone.ma"},
                                 std::string_view{"phone.mau"},  std::string_view{"phone.address"},
                                 std::string_view{"phone.name"}, std::string_view{"phone.model"}};

}  // namespace

StepContext::StepContext(NodeReader& reader, const Scenario& read, const ReadOptions& how)
    : nodes{reader},
      scenario{read},
      options{how},
      phoneNames{read.phoneNames()}
{
    auto all = std::make_shared<Phones>(phoneNames.size());
    for (std::size_t i = 0; i < all->size(); ++i)
        (*all)[i] = PhoneNumber{static_cast<std::uint32_t>(i)};
    everyone = std::move(all);
}

std::string StepContext::textOf(const YamlNode& step, std::string_view key)
{
    const YamlNode* const node = NodeReader::value(step, key);
    if (node == nullptr)
        return {};
    std::string text = nodes.anyText(*node, "a text").value_or("");
    checkMacros(text, *node, true);
    return text;
}

const ServerPlan* StepContext::plan(const YamlNode& node)
{
    std::vector<std::string_view> names;
    for (const ServerPlan& one : scenario.servers)
        names.push_back(one.name);
    const ServerPlan* const found =
        node.kind == YamlNode::Kind::Scalar ? scenario.server(node.text) : nullptr;
    if (found == nullptr)
        nodes.problem(node,
                      names.empty() ? "a server, but the scenario has no servers: block"
                                    : fmt::format("a server of this scenario: {}", emulator::oneOf(names)),
                      names);
    return found;
}

std::optional<Login> StepContext::login(const YamlNode& node)
{
    if (!nodes.isMap(node, "{user: NAME, password: TEXT}"))
        return std::nullopt;
    nodes.checkKeys(node, {"user", "password"});
    Login login{"admin", ""};
    if (const YamlNode* user = NodeReader::value(node, "user"))
        login.user = nodes.text(*user, "a user name").value_or("");
    if (const YamlNode* password = NodeReader::value(node, "password"))
        login.password = nodes.anyText(*password, "a password").value_or("");
    return login;
}

std::optional<Selection> StepContext::selection(const YamlNode& node)
{
    Phones chosen;
    std::string text;
    const auto take = [&](const YamlNode& one) {
        if (!select(one, chosen))
            return false;
        text += (text.empty() ? "" : ", ") + one.text;
        return true;
    };
    if (node.kind == YamlNode::Kind::List) {
        for (const YamlNode& one : node.items)
            if (!take(one))
                return std::nullopt;
    } else if (!take(node)) {
        return std::nullopt;
    }
    std::sort(chosen.begin(), chosen.end());
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    if (chosen.empty()) {
        nodes.problem(node, "at least one phone");
        return std::nullopt;
    }
    return Selection{std::move(text), std::make_shared<const Phones>(std::move(chosen))};
}

bool StepContext::select(const YamlNode& node, Phones& chosen)
{
    if (node.kind == YamlNode::Kind::Scalar && node.text == "all") {
        chosen.insert(chosen.end(), everyone->begin(), everyone->end());
        return true;
    }
    const bool digits = !node.text.empty() && std::all_of(node.text.begin(), node.text.end(),
                                                          [](char c) { return c >= '0' && c <= '9'; });
    if (digits && !node.quoted) {
        const auto index = nodes.number(node, 1, phoneNames.size());
        if (index)
            chosen.push_back(PhoneNumber{static_cast<std::uint32_t>(*index - 1)});
        return index.has_value();
    }
    bool found = false;
    for (std::size_t i = 0; i < phoneNames.size(); ++i) {
        const PhoneGroup& group = scenario.groups[phoneNames[i].group];
        if (node.text == phoneNames[i].name || node.text == group.name ||
            node.text == group.model->productName) {
            chosen.push_back(PhoneNumber{static_cast<std::uint32_t>(i)});
            found = true;
        }
    }
    if (!found) {
        std::vector<std::string_view> known{"all"};
        for (const PhoneGroup& group : scenario.groups) {
            known.push_back(group.name);
            known.push_back(group.model->productName);
        }
        for (std::size_t i = 0; i < std::min<std::size_t>(phoneNames.size(), 1000); ++i)
            known.push_back(phoneNames[i].name);
        nodes.problem(node, "the name, group, number or model of a phone of this scenario", known);
    }
    return found;
}

void StepContext::checkMacros(const std::string& text, const YamlNode& at, bool phones)
{
    std::vector<std::string> known;
    for (const ServerPlan& server : scenario.servers)
        for (const std::string_view part : {"", ".host", ".port"})
            known.push_back(server.name + std::string{part});
    if (phones)
        known.insert(known.end(), phoneMacros.begin(), phoneMacros.end());
    std::string wrong;
    const auto filled = fillMacros(text, [&](std::string_view name) -> std::optional<std::string> {
        if (std::find(known.begin(), known.end(), name) != known.end())
            return std::string{"192.0.2.1"};
        wrong = name;
        return std::nullopt;
    });
    if (filled.has_value())
        return;
    const std::vector<std::string_view> words{known.begin(), known.end()};
    nodes.problemWith(at.place, filled.error().detail.substr(6),
                      wrong.empty()   ? "\"}\" after the name"
                      : words.empty() ? std::string{"no macro: the scenario has no servers"}
                                      : fmt::format("one of {}", emulator::oneOf(words)),
                      emulator::nearestWord(wrong, words));
}

void StepContext::checkParameter(const YamlNode& name, const Selection& phones)
{
    std::vector<std::size_t> groups;
    for (const PhoneNumber phone : *phones.phones) {
        const std::size_t group = phoneNames[static_cast<std::size_t>(phone)].group;
        if (std::find(groups.begin(), groups.end(), group) == groups.end())
            groups.push_back(group);
    }
    const std::size_t before = nodes.problems().size();
    for (const std::size_t group : groups)
        if (nodes.problems().size() == before)
            checkParameterOf(nodes, *scenario.groups[group].model, name, nullptr);
}

void checkParameterOf(NodeReader& nodes, const emulator::Model& model, const YamlNode& name,
                      const YamlNode* value)
{
    const auto id = model.schema->find(name.text);
    if (!id) {
        nodes.problemWith(name.place, NodeReader::found(name),
                          fmt::format("a parameter of the {}", model.productName),
                          model.schema->nearestName(name.text));
        return;
    }
    if (value == nullptr)
        return;
    const auto sample = fillMacros(value->text, [](std::string_view macro) -> std::optional<std::string> {
        return macro.ends_with(".port") ? "6900" : "192.0.2.1";
    });
    if (!sample.has_value())
        return;  // checkMacros has said so
    if (const auto checked = emulator::checkedValue(model.schema->at(*id), *sample); checked.has_error())
        nodes.problemWith(
            value->place,
            fmt::format("{} for {} ({})", NodeReader::found(*value), name.text, checked.error().detail),
            "a value that the phone takes");
}

}  // namespace scenarios
