#pragma once

#include "hwbridge/bench/power_settings.hpp"
#include "hwbridge/yaml/node_reader.hpp"

#include <optional>

namespace hwbridge {

// Reads what stands behind `power:`. Nothing: the problems are in `nodes`.
std::optional<PowerSettings> readPower(NodeReader& nodes, const YamlNode& node);

}  // namespace hwbridge
