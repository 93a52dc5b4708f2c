#pragma once

#include "hwbridge/bench/power_settings.hpp"
#include "hwbridge/yaml/node_reader.hpp"

namespace hwbridge {

// Reads references to secrets. What is no reference is refused without being shown.
class SecretReader {
public:
    explicit SecretReader(NodeReader& nodes) : m_nodes{nodes} {}

    // A relative path is meant from the folder of the file that is read.
    std::optional<SecretReference> reference(const YamlNode& node);

private:
    NodeReader& m_nodes;
};

// Reads what stands behind `power:`. Nothing: the problems are in `nodes`.
std::optional<PowerSettings> readPower(NodeReader& nodes, SecretReader& secrets, const YamlNode& node);

}  // namespace hwbridge
