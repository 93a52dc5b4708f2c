#include "hwbridge/compare/rules_reader.hpp"
#include "tests/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const hwbridge::RulesReading reading = hwbridge::readRules("rules.yaml", fuzz::text(data, size));
    fuzz::require(reading.rules.has_value() == reading.problems.empty(), "either rules or problems");
    return 0;
}
