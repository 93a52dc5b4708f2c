#include "hwbridge/yaml/node_reader.hpp"

#include "emulator/base/nearest_word.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hwbridge {

std::string NodeReader::found(const YamlNode& node)
{
    switch (node.kind) {
    case YamlNode::Kind::Null:
        return "nothing";
    case YamlNode::Kind::List:
        return "a list";
    case YamlNode::Kind::Map:
        return "a map";
    case YamlNode::Kind::Scalar:
        break;
    }
    constexpr std::size_t longest = 60;
    std::string shown = node.text.substr(0, longest);
    std::replace(shown.begin(), shown.end(), '\n', ' ');
    return fmt::format("\"{}{}\"", shown, node.text.size() > longest ? "..." : "");
}

void NodeReader::problemWith(const Place& place, std::string_view what, std::string_view expected,
                             std::string_view nearest)
{
    std::string text =
        fmt::format("{}:{}:{}: found {}, expected {}", m_file, place.line, place.column, what, expected);
    if (!nearest.empty())
        text += fmt::format("; did you mean \"{}\"?", nearest);
    m_problems.push_back(std::move(text));
}

void NodeReader::problem(const YamlNode& at, std::string_view expected,
                         const std::vector<std::string_view>& words)
{
    problemWith(at.place, found(at), expected, emulator::nearestWord(at.text, words));
}

std::optional<std::string> NodeReader::anyText(const YamlNode& node, std::string_view expected)
{
    if (node.kind == YamlNode::Kind::Scalar)
        return node.text;
    if (node.kind == YamlNode::Kind::Null)
        return std::string{};
    problem(node, expected);
    return std::nullopt;
}

std::optional<std::string> NodeReader::text(const YamlNode& node, std::string_view expected)
{
    if (node.kind == YamlNode::Kind::Scalar && !node.text.empty())
        return node.text;
    problem(node, expected);
    return std::nullopt;
}

std::optional<std::uint64_t> NodeReader::number(const YamlNode& node, std::uint64_t least, std::uint64_t most)
{
    std::uint64_t value = 0;
    const char* const end = node.text.data() + node.text.size();
    const auto [stop, error] = std::from_chars(node.text.data(), end, value);
    if (node.kind == YamlNode::Kind::Scalar && error == std::errc{} && stop == end && value >= least &&
        value <= most)
        return value;
    problem(node, fmt::format("a number from {} to {}", least, most));
    return std::nullopt;
}

std::optional<emulator::Duration> NodeReader::duration(const YamlNode& node)
{
    if (node.kind == YamlNode::Kind::Scalar)
        if (const auto time = emulator::parseDuration(node.text))
            return time;
    problem(node, "a duration such as 250ms, 2s, 5m, 1h or 1d");
    return std::nullopt;
}

std::optional<bool> NodeReader::flag(const YamlNode& node)
{
    if (node.kind == YamlNode::Kind::Scalar) {
        if (node.text == "true" || node.text == "yes")
            return true;
        if (node.text == "false" || node.text == "no")
            return false;
    }
    problem(node, "true or false");
    return std::nullopt;
}

std::vector<std::string> NodeReader::texts(const YamlNode& node, std::string_view expected)
{
    std::vector<std::string> all;
    if (node.kind == YamlNode::Kind::List) {
        for (const YamlNode& item : node.items)
            if (auto one = text(item, expected))
                all.push_back(*std::move(one));
    } else if (auto one = text(node, expected)) {
        all.push_back(*std::move(one));
    }
    return all;
}

bool NodeReader::isMap(const YamlNode& node, std::string_view expected)
{
    if (node.kind == YamlNode::Kind::Map)
        return true;
    problem(node, expected);
    return false;
}

void NodeReader::checkKeys(const YamlNode& map, const std::vector<std::string_view>& allowed)
{
    for (std::size_t i = 0; i < map.entries.size(); ++i) {
        const YamlNode& key = map.entries[i].key;
        if (std::find(allowed.begin(), allowed.end(), key.text) == allowed.end()) {
            problemWith(key.place, fmt::format("the key {}", found(key)), emulator::oneOf(allowed),
                        emulator::nearestWord(key.text, allowed));
            continue;
        }
        for (std::size_t before = 0; before < i; ++before)
            if (map.entries[before].key.text == key.text)
                problemWith(key.place, fmt::format("the key {} a second time", found(key)), "each key once");
    }
}

const YamlEntry* NodeReader::entry(const YamlNode& map, std::string_view key)
{
    const auto at = std::find_if(map.entries.begin(), map.entries.end(),
                                 [&](const YamlEntry& e) { return e.key.text == key; });
    return at == map.entries.end() ? nullptr : &*at;
}

const YamlNode* NodeReader::value(const YamlNode& map, std::string_view key)
{
    const YamlEntry* const at = entry(map, key);
    return at == nullptr ? nullptr : &at->value;
}

}  // namespace hwbridge
