#include "scenarios/library/scenario_source.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/base/nearest_word.hpp"
#include "scenarios/library/library_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

namespace scenarios {

using emulator::ErrorKind;
using emulator::Result;

namespace {

constexpr std::string_view libraryFolder = "scenarios/library/";

// A file of the library by its name; null when there is none.
const fixtures::EmbeddedFile* embeddedFile(std::string_view name)
{
    for (const fixtures::EmbeddedFile& file : fixtures::libraryFiles())
        if (file.name == name)
            return &file;
    return nullptr;
}

Result<std::string> readEmbedded(const std::string& path)
{
    // A scenario names its files relative to itself; its own folder stands in front.
    std::string name = std::filesystem::path{path}.lexically_normal().generic_string();
    if (name.starts_with(libraryFolder))
        name.erase(0, libraryFolder.size());
    if (const fixtures::EmbeddedFile* file = embeddedFile(name))
        return std::string{file->bytes};
    return emulator::fail(ErrorKind::NotFound, fmt::format("the library has no file {}", path));
}

bool covers(const ScenarioSource& source, std::string_view id)
{
    const ScenarioReading reading = readSource(source);
    return reading.scenario &&
           std::any_of(reading.scenario->covers.begin(), reading.scenario->covers.end(),
                       [&](const std::string& one) { return emulator::equalsAnyCase(one, id); });
}

std::vector<ScenarioSource> inLibrary(std::string_view word)
{
    std::vector<ScenarioSource> found;
    for (ScenarioSource& source : librarySources())
        if (emulator::equalsAnyCase(sourceName(source), word) ||
            emulator::equalsAnyCase(sourceName(source) + ".yaml", word))
            found.push_back(std::move(source));
    if (!found.empty())
        return found;
    for (ScenarioSource& source : librarySources())
        if (covers(source, word))
            found.push_back(std::move(source));
    return found;
}

}  // namespace

std::vector<ScenarioSource> librarySources()
{
    std::vector<ScenarioSource> sources;
    for (const fixtures::EmbeddedFile& file : fixtures::libraryFiles())
        if (file.name.ends_with(".yaml"))
            sources.push_back({std::string{libraryFolder}.append(file.name), true, file.bytes});
    std::sort(sources.begin(), sources.end(),
              [](const ScenarioSource& a, const ScenarioSource& b) { return a.file < b.file; });
    return sources;
}

std::string sourceName(const ScenarioSource& source)
{
    return std::filesystem::path{source.file}.stem().string();
}

Result<std::vector<ScenarioSource>> scenarioSources(const std::vector<std::string>& words)
{
    std::vector<ScenarioSource> sources;
    for (const std::string& word : words) {
        std::error_code error;
        if (std::filesystem::exists(word, error)) {
            const Result<std::vector<std::filesystem::path>> files = scenarioFiles({word});
            if (!files.has_value())
                return emulator::fail(files.error());
            for (const std::filesystem::path& file : *files)
                sources.push_back({file.string(), false, {}});
            continue;
        }
        std::vector<ScenarioSource> found = inLibrary(word);
        if (found.empty()) {
            std::vector<std::string> names;
            for (const ScenarioSource& source : librarySources())
                names.push_back(sourceName(source));
            const std::string_view nearest = emulator::nearestWord(word, {names.begin(), names.end()});
            return emulator::fail(
                ErrorKind::NotFound,
                fmt::format("{}: no such file, and no scenario of the library (`phonerig list scenarios`){}",
                            word,
                            nearest.empty() ? std::string{} : fmt::format("; did you mean {}?", nearest)));
        }
        std::move(found.begin(), found.end(), std::back_inserter(sources));
    }
    return sources;
}

ScenarioReading readSource(const ScenarioSource& source, std::optional<std::size_t> phones)
{
    ReadOptions options;
    options.phones = phones;
    if (!source.embedded)
        return loadScenario(source.file, options);
    options.readFile = readEmbedded;
    return readScenario(source.text, source.file, options);
}

}  // namespace scenarios
