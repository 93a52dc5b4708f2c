#pragma once

#include "scenarios/engine/scenario.hpp"
#include "scenarios/engine/scenario_file.hpp"
#include "scenarios/engine/yaml.hpp"

namespace scenarios {

// Reads the steps of a scenario whose phones and servers are known already.
class StepReader {
public:
    StepReader(NodeReader& nodes, const Scenario& scenario, const ReadOptions& options);

    std::vector<Step> steps(const YamlNode& list);

    // Shared with the blocks above the steps.
    std::optional<PlannedFile> file(std::string path, const YamlNode& node, const ReadOptions& options,
                                    bool phones = false);
    std::optional<Login> login(const YamlNode& node);
    // Complains about macros that nobody can fill in.
    void checkMacros(const std::string& text, const YamlNode& at, bool phones);

private:
    using Phones = std::vector<PhoneNumber>;

    std::optional<Step> step(const YamlNode& node);
    std::optional<StepWhat> power(const YamlNode& step);
    std::optional<StepWhat> browse(const YamlNode& step);
    std::optional<StepWhat> post(const YamlNode& step);
    std::optional<StepWhat> notify(const YamlNode& step);
    // The text of a key of a step, macros checked; empty when it has no such key.
    std::string textOf(const YamlNode& step, std::string_view key);
    std::optional<StepWhat> submit(const YamlNode& step, const Selection& phones);
    std::optional<StepWhat> call(const YamlNode& step, std::string_view verb, Selection& phones);
    std::optional<StepWhat> press(const YamlNode& step);
    std::optional<StepWhat> server(const YamlNode& step);
    std::optional<StepWhat> put(const YamlNode& step);
    std::optional<PlannedFile> firmware(std::string path, const YamlNode& node, const YamlNode& load);
    std::optional<StepWhat> remove(const YamlNode& step);
    std::optional<StepWhat> wait(const YamlNode& step);
    std::optional<StepWhat> expect(const YamlNode& map, const Selection& phones);

    std::optional<Subject> subject(std::string_view word, const YamlNode& map, const Selection& phones);
    std::optional<Subject> syslog(const YamlNode& map);
    std::optional<Subject> request(const YamlNode& map);
    std::optional<Subject> lookup(const YamlNode& map);
    std::optional<Subject> event(const YamlNode& map);
    std::optional<Subject> param(const YamlNode& map, const Selection& phones);
    std::optional<Subject> led(const YamlNode& map);
    std::optional<Subject> state(const YamlNode& map);
    std::optional<Subject> status(const YamlNode& map);
    std::optional<Subject> page(const YamlNode& map);
    void limits(const YamlNode& map, Expectation& expectation);
    void fieldTest(const YamlNode& map, std::string_view key, emulator::FieldName field, bool path,
                   EventSubject& subject);
    void observer(const YamlNode& map, EventSubject& subject);

    std::optional<Selection> selection(const YamlNode& node);
    bool select(const YamlNode& node, Phones& chosen);
    const ServerPlan* plan(const YamlNode& node);
    void checkParameter(const YamlNode& name, const Selection& phones, const YamlNode* value);

    NodeReader& m_nodes;
    const Scenario& m_scenario;
    const ReadOptions& m_options;
    std::vector<Scenario::PhoneName> m_names;
    std::shared_ptr<const Phones> m_all;
};

// Whether this model takes that value, macros filled in with samples; the complaint is added to `nodes`.
void checkParameterOf(NodeReader& nodes, const emulator::Model& model, const YamlNode& name,
                      const YamlNode* value);

}  // namespace scenarios
