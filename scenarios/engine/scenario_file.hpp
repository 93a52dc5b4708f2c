#pragma once

#include "scenarios/engine/scenario.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios {

struct ReadOptions {
    // Instead of the count in the file: for scenarios whose one group of phones has no count of its own and whose
    // steps neither select phones nor count them. Others stay as they are.
    std::optional<std::size_t> phones;
    // Reads a file that the scenario names ("from:"), relative to the scenario. Empty: from disk.
    std::function<emulator::Result<std::string>(const std::string& path)> readFile;
};

// What came of reading one file.
struct ScenarioReading {
    std::optional<Scenario> scenario;  // empty when there are problems
    std::vector<std::string>
        problems;  // "FILE:LINE:COLUMN: found …, expected …; did you mean …?", in file order
};

inline constexpr std::size_t maxScenarioPhones = 1'000'000;
inline constexpr std::size_t maxScenarioProblems = 20;  // our choice: nobody reads more at once

// Reads the text of a scenario file. Knows the models and their parameters; not the requirements of `covers:`.
// Shape:  docs/scenarios.md. Source: design §5.
ScenarioReading readScenario(std::string_view text, const std::string& file, const ReadOptions& options = {});

// The same from disk.
ScenarioReading loadScenario(const std::filesystem::path& path, const ReadOptions& options = {});

// The scenario files that these paths name: files as they are, folders by every *.yaml below them, sorted.
// Errors: NotFound; Malformed for a folder without any.
emulator::Result<std::vector<std::filesystem::path>> scenarioFiles(
    const std::vector<std::filesystem::path>& paths);

}  // namespace scenarios
