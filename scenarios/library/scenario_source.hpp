#pragma once

#include "scenarios/engine/scenario_file.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios {

// A scenario's file on disk, or one of the library that is compiled into the program.
struct ScenarioSource {
    std::string file;  // as reports name it
    bool embedded = false;
    std::string_view text;  // of an embedded one
};

// The library, sorted by file name.
std::vector<ScenarioSource> librarySources();
std::string sourceName(const ScenarioSource& source);  // "ex-tftp-resync"

// What the words of a command line name: a file, a folder (every *.yaml below it, sorted), or a scenario of the library
// by its name, in any case, or by a requirement it covers. What is on disk wins.
// Errors: NotFound, with the nearest name of the library.
emulator::Result<std::vector<ScenarioSource>> scenarioSources(const std::vector<std::string>& words);

ScenarioReading readSource(const ScenarioSource& source, std::optional<std::size_t> phones = {});

}  // namespace scenarios
