#include "hwbridge/bench/inventory_nodes.hpp"

#include "emulator/base/ascii.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace hwbridge {

namespace {

constexpr std::size_t longestWord = 256;

}  // namespace

const YamlNode* requiredValue(NodeReader& nodes, const YamlNode& map, std::string_view key,
                              std::string_view expected)
{
    const YamlNode* const value = NodeReader::value(map, key);
    if (value == nullptr)
        nodes.problemWith(map.place, fmt::format("no {}", key), expected);
    return value;
}

std::string readWord(NodeReader& nodes, const YamlNode& node, std::string_view expected)
{
    std::string word = nodes.text(node, expected).value_or(std::string{});
    if (word.size() <= longestWord && !emulator::hasControl(word))
        return word;
    nodes.problemWith(node.place, "a text with control characters, or of more than 256 bytes", expected);
    return {};
}

std::string requiredWord(NodeReader& nodes, const YamlNode& map, std::string_view key,
                         std::string_view expected)
{
    const YamlNode* const value = requiredValue(nodes, map, key, expected);
    return value == nullptr ? std::string{} : readWord(nodes, *value, expected);
}

std::optional<SecretReference> readSecret(NodeReader& nodes, const YamlNode& node)
{
    constexpr std::string_view expected = "env:NAME or file:PATH, which say where it is";
    const emulator::Result<SecretReference> parsed = SecretReference::parse(node.text);
    if (node.kind != YamlNode::Kind::Scalar || parsed.has_error()) {
        const bool written = node.kind == YamlNode::Kind::Scalar;
        nodes.problemWith(node.place, written ? "a secret written out" : NodeReader::found(node), expected);
        return std::nullopt;
    }
    SecretReference reference = *parsed;
    if (reference.kind == SecretReference::Kind::File)
        reference.name = besideFile(nodes, reference.name);
    return reference;
}

std::string besideFile(const NodeReader& nodes, std::string_view path)
{
    return (std::filesystem::path{nodes.file()}.parent_path() / path).string();
}

}  // namespace hwbridge
