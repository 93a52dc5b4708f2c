#pragma once

#include "scenarios/engine/scenario_file.hpp"

#include <gmock/gmock.h>

#include <string_view>

namespace scenarios {

// A scenario without problems; the test fails when it has some.
inline Scenario aScenario(std::string_view text)
{
    ScenarioReading reading = readScenario(text, "a.yaml");
    EXPECT_THAT(reading.problems, testing::IsEmpty());
    return reading.scenario.value_or(Scenario{});
}

}  // namespace scenarios
