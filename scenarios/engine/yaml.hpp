#pragma once

#include "hwbridge/yaml/node_reader.hpp"
#include "hwbridge/yaml/yaml_tree.hpp"

namespace scenarios {

// Files that people write are read by the same code here and at the bench; these are its names in this folder.
using hwbridge::NodeReader;
using hwbridge::parseYaml;
using hwbridge::Place;
using hwbridge::YamlEntry;
using hwbridge::YamlLimits;
using hwbridge::YamlNode;

}  // namespace scenarios
