#pragma once

#include "hwbridge/compare/rules.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// Rules, or what is wrong with their file: "FILE:LINE:COLUMN: found …, expected …", with the nearest right word.
struct RulesReading {
    std::optional<Rules> rules;
    std::vector<std::string> problems;
};

// The rules that are compiled in: default_rules.yaml.
const Rules& defaultRules();
std::string_view defaultRulesText();

// The default rules with those of `text` on top: a rule of a known name replaces that one, `off: true` removes it.
RulesReading readRules(std::string file, std::string_view text);

}  // namespace hwbridge
