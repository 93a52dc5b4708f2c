#pragma once

#include "emulator/base/time_point.hpp"
#include "hwbridge/yaml/yaml_tree.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// Reads values out of a YAML tree and collects what is wrong with them, each as one sentence with its place.
class NodeReader {
public:
    explicit NodeReader(std::string file) : m_file{std::move(file)} {}

    // "FILE:LINE:COLUMN: found …, expected …"; with the nearest of `words` when it is a typing error.
    void problem(const YamlNode& at, std::string_view expected,
                 const std::vector<std::string_view>& words = {});
    // The same with a text of its own for what was found.
    void problemWith(const Place& place, std::string_view found, std::string_view expected,
                     std::string_view nearest = {});

    std::optional<std::string> text(const YamlNode& node, std::string_view expected);  // not empty
    std::optional<std::string> anyText(const YamlNode& node, std::string_view expected);
    std::optional<std::uint64_t> number(const YamlNode& node, std::uint64_t least, std::uint64_t most);
    std::optional<emulator::Duration> duration(const YamlNode& node);
    std::optional<bool> flag(const YamlNode& node);
    std::vector<std::string> texts(const YamlNode& node, std::string_view expected);  // a list, or one alone
    bool isMap(const YamlNode& node, std::string_view expected);

    // Complains about keys that are not in `allowed`, and about doubled ones.
    void checkKeys(const YamlNode& map, const std::vector<std::string_view>& allowed);

    const std::string& file() const { return m_file; }
    std::vector<std::string>& problems() { return m_problems; }

    static const YamlEntry* entry(const YamlNode& map, std::string_view key);
    static const YamlNode* value(const YamlNode& map, std::string_view key);
    static std::string found(const YamlNode& node);  // "\"powr\"", "a list"

private:
    std::string m_file;
    std::vector<std::string> m_problems;
};

}  // namespace hwbridge
