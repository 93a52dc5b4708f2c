#pragma once

#include "scenarios/engine/step_context.hpp"

namespace scenarios {

// Reads a file that a server has.
// Shape:  its text; {text: TEXT, wrap: ...}; {from: FILE}, relative to the scenario; {load: NAME, hardware: PREFIX}.
//         With `phones`, macros may speak of a phone: one file for each.
std::optional<PlannedFile> readPlannedFile(StepContext& context, std::string path, const YamlNode& node,
                                           bool phones);

}  // namespace scenarios
