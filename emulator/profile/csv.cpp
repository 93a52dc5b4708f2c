#include "emulator/profile/csv.hpp"

#include <fmt/format.h>

#include <algorithm>

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

std::string_view CsvTable::field(const Row& row, std::string_view column) const
{
    const auto found = std::find(columns.begin(), columns.end(), column);
    const auto index = static_cast<std::size_t>(found - columns.begin());
    return index < row.fields.size() ? std::string_view{row.fields[index]} : std::string_view{};
}

}  // namespace emulator
