#pragma once

#include "scenarios/engine/step_context.hpp"

#include <span>

namespace scenarios {

// How one verb is read. `step` is the whole step, `phones` the phones it was given or all; "call: NAME/LINE" narrows
// them. Nothing: it is wrong, and the problems of `context` say how.
struct StepVerb {
    std::string_view verb;
    std::optional<StepWhat> (*read)(StepContext& context, const YamlNode& step, Selection& phones);
};

// What somebody does at phones, or to them: power, browse, post, submit, call, hang up, press, notify.
std::span<const StepVerb> phoneVerbs();

// What happens at servers: faults, files that come and go.
std::span<const StepVerb> serverVerbs();

}  // namespace scenarios
