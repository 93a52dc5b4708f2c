#include "emulator/profile/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace emulator {

namespace {

// Cuts one row off the front of `rest`; false for a quote that stays open.
bool takeRow(std::string_view& rest, std::vector<std::string>& fields)
{
    std::string field;
    bool quoted = false;
    for (;;) {
        if (rest.empty() || (!quoted && rest.front() == '\n')) {
            if (!rest.empty())
                rest.remove_prefix(1);
            if (!quoted && field.ends_with('\r'))
                field.pop_back();
            fields.push_back(std::move(field));
            return !quoted;
        }
        const char c = rest.front();
        rest.remove_prefix(1);
        if (c == '"' && quoted && rest.starts_with('"')) {
            field += c;
            rest.remove_prefix(1);
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            fields.push_back(std::move(field));
            field.clear();
        } else {
            field += c;
        }
    }
}

void printRow(std::string& text, const std::vector<std::string>& fields)
{
    for (std::size_t i = 0; i < fields.size(); ++i) {
        text += i == 0 ? "" : ",";
        if (fields[i].find_first_of(",\"\r\n") == std::string::npos) {
            text += fields[i];
            continue;
        }
        text += '"';
        for (const char c : fields[i])
            text.append(c == '"' ? 2 : 1, c);
        text += '"';
    }
    text += '\n';
}

}  // namespace

Result<CsvTable> CsvTable::parse(std::string_view text)
{
    CsvTable table;
    std::size_t line = 1;
    std::string_view rest = text;
    while (!rest.empty()) {
        Row row;
        row.line = line;
        const std::string_view before = rest;
        const bool closed = takeRow(rest, row.fields);
        const std::string_view taken = before.substr(0, before.size() - rest.size());
        line += static_cast<std::size_t>(std::count(taken.begin(), taken.end(), '\n'));
        if (!closed)
            return fail(ErrorKind::Malformed,
                        fmt::format("line {}: a quoted field has no closing quote", row.line));
        if (row.fields.size() == 1 && row.fields.front().empty())
            continue;
        if (table.columns.empty()) {
            table.columns = std::move(row.fields);
            continue;
        }
        if (row.fields.size() > table.columns.size())
            return fail(ErrorKind::Malformed, fmt::format("line {}: {} fields under {} column names",
                                                          row.line, row.fields.size(), table.columns.size()));
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::string CsvTable::print() const
{
    std::string text;
    printRow(text, columns);
    for (const Row& row : rows)
        printRow(text, row.fields);
    return text;
}

std::size_t CsvTable::indexOf(std::string_view column) const
{
    return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), column) - columns.begin());
}

std::string_view CsvTable::field(const Row& row, std::string_view column) const
{
    const std::size_t index = indexOf(column);
    return index < row.fields.size() ? std::string_view{row.fields[index]} : std::string_view{};
}

void CsvTable::setField(Row& row, std::string_view column, std::string value) const
{
    if (const std::size_t index = indexOf(column); index < row.fields.size())
        row.fields[index] = std::move(value);
}

}  // namespace emulator
