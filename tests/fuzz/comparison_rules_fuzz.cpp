#include "hwbridge/compare/rules_reader.hpp"
#include "tests/fuzz/target.hpp"

FUZZ_TARGET(comparison_rules)
{
    const hwbridge::RulesReading reading = hwbridge::readRules("rules.yaml", fuzz::text(data, size));
    fuzz::require(reading.rules.has_value() == reading.problems.empty(), "either rules or problems");
    return 0;
}
