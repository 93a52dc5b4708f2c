#include "ui/cli/inform_commands.hpp"

#include "emulator/phone/rule_explanation.hpp"
#include "emulator/trace/ndjson.hpp"
#include "fixtures/models/model_data.hpp"
#include "scenarios/engine/vocabulary.hpp"
#include "scenarios/library/scenario_source.hpp"
#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <span>

namespace ui {

namespace {

using scenarios::ScenarioSource;

// A table on its way out: as JSON objects, or as aligned columns.
struct Column {
    std::string_view key;
    enum class Form { Text, Number, List } form = Form::Text;
};
struct Table {
    std::string_view title;
    std::vector<Column> columns;
    std::vector<std::vector<std::string>> rows;  // lists: separated by ", "
    std::vector<std::size_t> shown;              // columns of the text form
};

void appendCell(std::string& out, const Column& column, std::string_view cell)
{
    if (column.form == Column::Form::Number) {
        out += cell;
        return;
    }
    if (column.form == Column::Form::Text) {
        emulator::appendJsonString(out, cell);
        return;
    }
    out += '[';
    while (!cell.empty()) {
        const std::size_t end = std::min(cell.find(", "), cell.size());
        emulator::appendJsonString(out, cell.substr(0, end));
        cell.remove_prefix(std::min(end + 2, cell.size()));
        if (!cell.empty())
            out += ", ";
    }
    out += ']';
}

void appendJson(std::string& out, const Table& table)
{
    emulator::appendJsonString(out, table.title);
    out += ": [";
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        out += r == 0 ? "\n  {" : ",\n  {";
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            out += c == 0 ? "" : ", ";
            emulator::appendJsonString(out, table.columns[c].key);
            out += ": ";
            appendCell(out, table.columns[c], table.rows[r][c]);
        }
        out += '}';
    }
    out += "\n ]";
}

void appendText(std::string& out, const Table& table)
{
    std::vector<std::size_t> widths(table.columns.size());
    for (const auto& row : table.rows)
        for (const std::size_t c : table.shown)
            widths[c] = std::max(widths[c], row[c].size());
    fmt::format_to(std::back_inserter(out), "{}\n", table.title);
    for (const auto& row : table.rows) {
        std::string line;
        for (const std::size_t c : table.shown)
            fmt::format_to(std::back_inserter(line), "  {:<{}}", row[c], widths[c]);
        line.erase(line.find_last_not_of(' ') + 1);
        out.append(line).append(1, '\n');
    }
}

Table scenarioTable()
{
    Table table{"scenarios",
                {{"name"}, {"title"}, {"file"}, {"covers", Column::Form::List}, {"tags", Column::Form::List}},
                {},
                {0, 1, 4}};
    for (const ScenarioSource& source : scenarios::librarySources()) {
        const scenarios::ScenarioReading reading = readSource(source);
        if (!reading.scenario)
            continue;  // the library's own tests keep this from happening
        const scenarios::Scenario& s = *reading.scenario;
        table.rows.push_back({sourceName(source), s.title, source.file,
                              fmt::format("{}", fmt::join(s.covers, ", ")),
                              fmt::format("{}", fmt::join(s.tags, ", "))});
    }
    return table;
}

Table modelTable()
{
    Table table{"models",
                {{"name"}, {"description"}, {"lines", Column::Form::Number}, {"firmware"}, {"display"}},
                {},
                {0, 1, 2, 3}};
    for (const std::string& name : fixtures::modelNames()) {
        const auto model = fixtures::loadModel(name);
        if (model.has_value())
            table.rows.push_back({name, (*model)->description, std::to_string((*model)->lines),
                                  (*model)->firmware.load, (*model)->display});
    }
    return table;
}

Table verbTable()
{
    Table table{"verbs", {{"name"}, {"kind"}, {"synopsis"}, {"description"}}, {}, {0, 1, 2}};
    for (const scenarios::Word& word : scenarios::vocabulary()) {
        const std::string_view kind = word.kind == scenarios::WordKind::Block  ? "block"
                                      : word.kind == scenarios::WordKind::Step ? "step"
                                                                               : "subject";
        table.rows.push_back({std::string{word.name}, std::string{kind}, std::string{word.synopsis},
                              std::string{word.description}});
    }
    return table;
}

// Finishes a command whose answer is a text.
ExitCode printed(std::string_view text)
{
    return writeAll(STDOUT_FILENO, text) ? ExitCode::Passed : ExitCode::Usage;
}

}  // namespace

ExitCode list(const std::string& what, bool json)
{
    std::vector<Table> tables;
    if (what.empty() || what == "scenarios")
        tables.push_back(scenarioTable());
    if (what.empty() || what == "models")
        tables.push_back(modelTable());
    if (what.empty() || what == "verbs")
        tables.push_back(verbTable());
    std::string text = json ? "{" : "";
    for (std::size_t i = 0; i < tables.size(); ++i) {
        if (i > 0)
            text += json ? ",\n " : "\n";
        if (json)
            appendJson(text, tables[i]);
        else
            appendText(text, tables[i]);
    }
    return printed(json ? text + "}\n" : text);
}

ExitCode validate(const std::vector<std::string>& paths)
{
    const emulator::Result<std::vector<ScenarioSource>> sources = scenarios::scenarioSources(paths);
    if (!sources.has_value()) {
        say(fmt::format("validate: {}", sources.error().detail));
        return ExitCode::Usage;
    }
    std::string text;
    std::size_t wrong = 0;
    for (const ScenarioSource& source : *sources) {
        const scenarios::ScenarioReading reading = readSource(source);
        wrong += reading.scenario ? 0u : 1u;
        for (const std::string& problem : reading.problems)
            text.append(problem).append(1, '\n');
    }
    const ExitCode code = printed(text);
    const std::size_t all = sources->size();
    say(wrong == 0 ? fmt::format("{} file{} right", all, all == 1 ? " is" : "s are")
                   : fmt::format("{} of {} file{} wrong", wrong, all, wrong == 1 ? " is" : "s are"));
    return wrong == 0 ? code : ExitCode::Usage;
}

ExitCode explain(const std::string& word, bool hasText)
{
    if (hasText) {
        say(fmt::format("explain: a text after {}; expected one word, or rule and a rule's text", word));
        return ExitCode::Usage;
    }
    const scenarios::Explanation explanation = scenarios::explain(word);
    if (explanation.known)
        return printed(explanation.text);
    std::string_view text = explanation.text;
    if (text.ends_with('\n'))
        text.remove_suffix(1);
    say(fmt::format("explain: {}", text));
    return ExitCode::Usage;
}

ExitCode explainRule(const std::string& text, const FleetWish& phone)
{
    const auto complain = [](const emulator::Error& error) {
        say(fmt::format("explain: {}", error.detail));
        return ExitCode::Usage;
    };
    const emulator::Result<emulator::FleetGroup> group = planFleet(phone);
    if (!group.has_value())
        return complain(group.error());
    emulator::ProfileCache profiles{group->model->schema};
    emulator::PhoneSurroundings surroundings;
    surroundings.model = group->model;
    surroundings.profiles = &profiles;
    const auto ids = emulator::ResyncParameters::find(*group->model->schema);
    if (!ids.has_value())
        return complain(ids.error());
    surroundings.ids = *ids;
    const emulator::Phone reader{surroundings, group->firstMac, group->firstAddress,
                                 profiles.preset(group->set)};
    const emulator::Result<std::string> explanation =
        emulator::explainRule(reader, emulator::TimePoint{}, text);
    return explanation.has_value() ? printed(*explanation) : complain(explanation.error());
}

}  // namespace ui
