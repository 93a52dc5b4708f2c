#pragma once

#include "hwbridge/bench/inventory.hpp"
#include "hwbridge/yaml/node_reader.hpp"

namespace hwbridge {

// Reads a phone's web: how its pages are reached. Whatever is wrong becomes a problem of `nodes`.
// Shape: {protocol: https, port: 8443, certificate: "sha256:…", user: admin, password: env:NAME}, each may be left out.
WebSettings readWeb(NodeReader& nodes, const YamlNode& node);

}  // namespace hwbridge
