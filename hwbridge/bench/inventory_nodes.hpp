#pragma once

#include "hwbridge/bench/secret_reference.hpp"
#include "hwbridge/yaml/node_reader.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hwbridge {

// What the parts of an inventory have in common. Whatever is wrong becomes a problem of `nodes`.

// The value behind a key that has to be there; null: it is not.
const YamlNode* requiredValue(NodeReader& nodes, const YamlNode& map, std::string_view key,
                              std::string_view expected);

// A text of 1 to 256 bytes without control characters; empty: it is none.
std::string readWord(NodeReader& nodes, const YamlNode& node, std::string_view expected);
std::string requiredWord(NodeReader& nodes, const YamlNode& map, std::string_view key,
                         std::string_view expected);

// A reference to a secret. A relative path is meant from the folder of the file that is read. What is no reference is
// refused without being shown.
std::optional<SecretReference> readSecret(NodeReader& nodes, const YamlNode& node);

// A path as it is meant: a relative one from the folder of the file that is read.
std::string besideFile(const NodeReader& nodes, std::string_view path);

}  // namespace hwbridge
