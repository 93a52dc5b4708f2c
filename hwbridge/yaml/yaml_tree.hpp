#pragma once

#include "emulator/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// Where something stands in a file, both from 1.
struct Place {
    std::size_t line = 1;
    std::size_t column = 1;
};

struct YamlEntry;

// A YAML document as written: places kept, doubled keys kept, nothing interpreted.
struct YamlNode {
    enum class Kind { Null, Scalar, List, Map };
    Kind kind = Kind::Null;
    Place place;
    std::string text;     // of a scalar
    bool quoted = false;  // a scalar in quotes, or a block: always a text
    std::vector<YamlNode> items;
    std::vector<YamlEntry> entries;
};
struct YamlEntry {
    YamlNode key;  // always a scalar
    YamlNode value;
};

// What a person may have typed. Our choice of limits: a hundred times the longest file there is.
struct YamlLimits {
    std::size_t bytes = 1u << 20;
    std::size_t nodes = 50'000;
    std::size_t depth = 24;
};

// Reads one document. `expected` is what the file should hold, for its errors: "a scenario".
// Errors: Malformed, TooLarge; the detail is "LINE:COLUMN: found …, expected …". Aliases are refused, so that a small
//         file stays a small tree.
emulator::Result<YamlNode> parseYaml(std::string_view text, std::string_view expected,
                                     const YamlLimits& limits = {});

}  // namespace hwbridge
