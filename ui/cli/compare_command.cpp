#include "ui/cli/compare_command.hpp"

#include "emulator/runtime/whole_input.hpp"
#include "hwbridge/compare/html_report.hpp"
#include "hwbridge/compare/json_report.hpp"
#include "hwbridge/compare/rules_reader.hpp"
#include "hwbridge/compare/text_report.hpp"
#include "hwbridge/compare/trace_file.hpp"
#include "hwbridge/yaml/yaml_tree.hpp"
#include "ui/cli/terminal.hpp"
#include "ui/cli/whole_file.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <functional>
#include <optional>
#include <tuple>

namespace ui {

namespace {

using emulator::Result;
using hwbridge::ComparisonReport;
using hwbridge::Rules;

ExitCode refused(std::string_view why)
{
    say(fmt::format("compare: {}", why));
    return ExitCode::Usage;
}

// The default rules, with the file's on top. Nothing: said what is wrong.
std::optional<Rules> rulesOf(const std::string& path)
{
    if (path.empty())
        return hwbridge::defaultRules();
    const Result<std::string> text = emulator::readWholeInput(path, hwbridge::YamlLimits{}.bytes);
    if (text.has_error()) {
        refused(fmt::format("{}: {}, expected rules of a comparison", path, text.error().detail));
        return std::nullopt;
    }
    hwbridge::RulesReading reading = hwbridge::readRules(path, *text);
    for (const std::string& problem : reading.problems)
        refused(problem);
    return std::move(reading.rules);
}

ExitCode codeOf(hwbridge::ComparisonVerdict verdict)
{
    switch (verdict) {
    case hwbridge::ComparisonVerdict::Equal:
        return ExitCode::Passed;
    case hwbridge::ComparisonVerdict::Different:
        return ExitCode::Failed;
    case hwbridge::ComparisonVerdict::NothingCompared:
    case hwbridge::ComparisonVerdict::Incomplete:
        break;
    }
    return ExitCode::Invalid;
}

struct Output {
    std::string_view what;
    WholeFile file;
    std::function<std::string(const ComparisonReport&)> form;
};

}  // namespace

ExitCode compareFiles(const CompareCommandOptions& options)
{
    const std::optional<Rules> rules = rulesOf(options.rules);
    if (!rules)
        return ExitCode::Usage;
    hwbridge::CompareOptions how;
    for (const std::string& pair : options.phones) {
        const std::size_t equals = pair.find('=');
        if (equals == std::string::npos)
            return refused(fmt::format("--phone: found {}, expected A=B, each a MAC or an address", pair));
        how.phones.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
    }
    // A comparison of an hour does not end with "permission denied".
    std::vector<Output> outputs;
    for (const auto& [what, path, form] : {std::tuple{"HTML", &options.html, &hwbridge::htmlReport},
                                           std::tuple{"JSON", &options.json, &hwbridge::jsonReport}}) {
        if (path->empty())
            continue;
        Result<WholeFile> file = WholeFile::open(*path);
        if (file.has_error())
            return refused(file.error().detail);
        outputs.push_back({what, std::move(*file), form});
    }
    const Result<hwbridge::TraceFile> a = hwbridge::readWholeTraceFile(options.a);
    if (a.has_error())
        return refused(a.error().detail);
    const Result<hwbridge::TraceFile> b = hwbridge::readWholeTraceFile(options.b);
    if (b.has_error())
        return refused(b.error().detail);
    const auto comparison = hwbridge::compareTraces(*a, *b, *rules, how);
    if (comparison.has_error())
        return refused(comparison.error().detail);

    const ComparisonReport report{*comparison, *a, *b};
    if (!writeAll(STDOUT_FILENO, hwbridge::textReport(report, lookOf(STDOUT_FILENO).colours)))
        return ExitCode::Usage;
    for (Output& output : outputs) {
        if (const auto written = output.file.write(output.form(report)); written.has_error())
            return refused(written.error().detail);
        if (const auto finished = output.file.finish(); finished.has_error())
            return refused(finished.error().detail);
        say(fmt::format("{}: {}", output.what, output.file.path().string()));
    }
    return codeOf(verdictOf(report));
}

}  // namespace ui
