#pragma once

#include "scenarios/engine/scenario.hpp"
#include "scenarios/engine/scenario_file.hpp"
#include "scenarios/engine/yaml.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios {

// What the steps of a scenario may speak of: its phones, servers and macros, all known before the first step is read.
// Whatever is wrong is added to the problems of `nodes`.
struct StepContext {
    using Phones = std::vector<PhoneNumber>;

    StepContext(NodeReader& reader, const Scenario& read, const ReadOptions& how);

    // The text of a key of a step, macros checked; empty when it has no such key.
    std::string textOf(const YamlNode& step, std::string_view key);
    const ServerPlan* plan(const YamlNode& node);
    std::optional<Login> login(const YamlNode& node);
    std::optional<Selection> selection(const YamlNode& node);
    // Complains about macros that nobody can fill in.
    void checkMacros(const std::string& text, const YamlNode& at, bool phones);
    // Complains when a model among `phones` has no such parameter.
    void checkParameter(const YamlNode& name, const Selection& phones);

    NodeReader& nodes;
    const Scenario& scenario;
    const ReadOptions& options;
    std::vector<Scenario::PhoneName> phoneNames;
    std::shared_ptr<const Phones> everyone;

private:
    bool select(const YamlNode& node, Phones& chosen);
};

// Whether this model takes that value, macros filled in with samples; the complaint is added to `nodes`.
void checkParameterOf(NodeReader& nodes, const emulator::Model& model, const YamlNode& name,
                      const YamlNode* value);

}  // namespace scenarios
