#include "emulator/profile/parameter_schema.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/profile/csv.hpp"
#include "emulator/profile/nearest_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>

namespace emulator {

namespace {

constexpr int maxLines = 100;
constexpr std::size_t maxParameters = std::numeric_limits<std::uint16_t>::max() - 1;

constexpr std::array<std::pair<std::string_view, ParamType>, 10> typeNames{{
    {"string", ParamType::String},
    {"bool", ParamType::Bool},
    {"int", ParamType::Int},
    {"enum", ParamType::Enum},
    {"list", ParamType::List},
    {"rule", ParamType::Rule},
    {"expression", ParamType::Expression},
    {"url", ParamType::Url},
    {"password", ParamType::Password},
    {"color", ParamType::Color},
}};

constexpr std::array<std::pair<std::string_view, UserAccess>, 3> accessNames{{
    {"na", UserAccess::None},
    {"ro", UserAccess::ReadOnly},
    {"rw", UserAccess::ReadWrite},
}};

template <class Value, std::size_t count>
const Value* findNamed(const std::array<std::pair<std::string_view, Value>, count>& names,
                       std::string_view name)
{
    for (const auto& [known, value] : names)
        if (known == name)
            return &value;
    return nullptr;
}

// Eight characters at a time: every element of a profile comes through here. Bit 5 is set in letters and in other
// characters too; names that differ only there may share a slot.
std::size_t hashAnyCase(std::string_view name)
{
    std::uint64_t hash = name.size();
    while (!name.empty()) {
        std::uint64_t eight = 0;
        const std::size_t length = std::min(name.size(), sizeof(eight));
        std::memcpy(&eight, name.data(), length);
        hash = (hash ^ (eight | 0x2020202020202020ULL)) * 0x9e3779b97f4a7c15ULL;
        hash ^= hash >> 32;
        name.remove_prefix(length);
    }
    return static_cast<std::size_t>(hash);
}

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(separator), text.size());
        parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

void replaceAll(std::string& text, std::string_view from, std::string_view to)
{
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

std::optional<std::int64_t> readNumber(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

bool readOptionalNumber(std::string_view text, std::optional<std::int64_t>& value)
{
    if (text.empty())
        return true;
    value = readNumber(text);
    return value.has_value();
}

// "{n}" and "{n+5059}" become numbers of the line, "{1..lines}" becomes "1|2|…".
std::string fillIn(std::string text, int line, int lines)
{
    if (text.find('{') == std::string::npos)
        return text;
    std::string all;
    for (int i = 1; i <= lines; ++i)
        all += fmt::format("{}{}", i == 1 ? "" : "|", i);
    replaceAll(text, "{1..lines}", all);
    replaceAll(text, "{n}", std::to_string(line));
    for (std::size_t at = text.find("{n+"); at != std::string::npos; at = text.find("{n+", at + 1)) {
        const std::size_t end = text.find('}', at);
        if (end == std::string::npos)
            break;
        const std::optional<std::int64_t> offset =
            readNumber(std::string_view{text}.substr(at + 3, end - at - 3));
        if (offset && *offset >= 0 && *offset <= 100'000'000)
            text.replace(at, end + 1 - at, std::to_string(*offset + line));
    }
    return text;
}

// "Ext n" becomes "Ext 2".
std::string numbered(std::string_view text, int line)
{
    if (!text.ends_with(" n"))
        return std::string{text};
    return fmt::format("{}{}", text.substr(0, text.size() - 1), line);
}

bool isIndexed(std::string_view name)
{
    return name.find("_n_") != std::string_view::npos || name.ends_with("_n");
}

std::string indexed(std::string_view name, int line)
{
    std::string result{name};
    if (result.ends_with("_n"))
        result.replace(result.size() - 1, 1, std::to_string(line));
    replaceAll(result, "_n_", fmt::format("_{}_", line));
    return result;
}

// One row of the table as the parameter of one line, for how many lines the row stands, and from when on.
struct ReadRow {
    Parameter parameter;
    int lines = maxLines;
    Generation since = Generation::Spa;
};

Error atRow(const CsvTable::Row& row, std::string_view name, std::string_view what)
{
    return fail(ErrorKind::Malformed, fmt::format("parameters, line {} ({}): {}", row.line, name, what));
}

bool applyFlag(std::string_view flag, ReadRow& read)
{
    if (flag == "secret")
        return read.parameter.secret = true;
    if (flag == "reboot")
        return read.parameter.reboots = true;
    if (flag == "noexport")
        return !(read.parameter.exported = false);
    if (flag == "hidden") {
        read.parameter.exported = false;
        return read.parameter.hidden = true;
    }
    if (flag == "since=11.3") {
        read.since = Generation::Mpp11_3;
        return true;
    }
    if (flag.starts_with("lines=")) {
        const std::optional<std::int64_t> lines = readNumber(flag.substr(6));
        read.lines = static_cast<int>(std::clamp<std::int64_t>(lines.value_or(0), 0, maxLines));
        return read.lines > 0;
    }
    return false;
}

Result<ReadRow> readRow(const CsvTable& table, const CsvTable::Row& row, int line, int lines)
{
    const auto text = [&](std::string_view column) { return table.field(row, column); };
    ReadRow read;
    Parameter& parameter = read.parameter;
    const bool isOfLine = isIndexed(text("name"));
    parameter.name = isOfLine ? indexed(text("name"), line) : std::string{text("name")};
    parameter.label = isOfLine ? numbered(text("label"), line) : std::string{text("label")};
    parameter.tab = isOfLine ? numbered(text("tab"), line) : std::string{text("tab")};
    parameter.section = isOfLine ? numbered(text("section"), line) : std::string{text("section")};
    parameter.factory = fillIn(std::string{text("default")}, line, lines);
    parameter.allowed = split(fillIn(std::string{text("allowed")}, line, lines), '|');
    if (parameter.name.empty())
        return atRow(row, "no name", "every parameter has a name");
    const ParamType* const type = findNamed(typeNames, text("type"));
    if (type == nullptr)
        return atRow(row, parameter.name, fmt::format("unknown type '{}'", text("type")));
    parameter.type = *type;
    const UserAccess* const access = findNamed(accessNames, text("access"));
    if (access == nullptr)
        return atRow(row, parameter.name, fmt::format("access '{}'; expected na, ro or rw", text("access")));
    parameter.access = *access;
    if (!readOptionalNumber(text("min"), parameter.min) || !readOptionalNumber(text("max"), parameter.max))
        return atRow(row, parameter.name, "min and max are numbers or empty");
    for (const std::string& flag : split(text("flags"), ';'))
        if (!applyFlag(flag, read))
            return atRow(row, parameter.name, fmt::format("unknown flag '{}'", flag));
    return read;
}

std::string_view name(Generation generation)
{
    switch (generation) {
    case Generation::Spa:
        return "spa";
    case Generation::Mpp11_0:
        return "mpp-11.0";
    case Generation::Mpp11_3:
        break;
    }
    return "mpp-11.3+";
}

// Fits `parameters` to one generation. A row whose parameter the model does not have changes nothing: the table
// is shared by all models.
Result<void> applyGeneration(const CsvTable& table, Generation generation, std::vector<Parameter>& parameters)
{
    for (const CsvTable::Row& row : table.rows) {
        const std::string_view wanted = table.field(row, "parameter");
        if (table.field(row, "generation") != name(generation))
            continue;
        const auto found = std::find_if(parameters.begin(), parameters.end(),
                                        [&](const Parameter& parameter) { return parameter.name == wanted; });
        if (found == parameters.end())
            continue;
        if (const std::string_view value = table.field(row, "default"); !value.empty())
            found->factory = value;
        if (const std::string_view value = table.field(row, "allowed"); !value.empty())
            found->allowed = split(value, '|');
        if (!readOptionalNumber(table.field(row, "min"), found->min) ||
            !readOptionalNumber(table.field(row, "max"), found->max))
            return fail(
                ErrorKind::Malformed,
                fmt::format("generations, line {} ({}): min and max are numbers or empty", row.line, wanted));
    }
    return {};
}

}  // namespace

Result<std::shared_ptr<const ParameterSchema>> ParameterSchema::parse(std::string_view parameters,
                                                                      std::string_view generations, int lines,
                                                                      Generation generation)
{
    if (lines < 1 || lines > maxLines)
        return fail(ErrorKind::Malformed, fmt::format("{} lines; expected 1 to {}", lines, maxLines));
    const Result<CsvTable> table = CsvTable::parse(parameters);
    if (!table.has_value())
        return fail(ErrorKind::Malformed, "parameters, " + table.error().detail);
    const Result<CsvTable> changes = CsvTable::parse(generations);
    if (!changes.has_value())
        return fail(ErrorKind::Malformed, "generations, " + changes.error().detail);

    auto schema = std::make_shared<ParameterSchema>();
    const std::vector<CsvTable::Row>& rows = table->rows;
    for (std::size_t first = 0; first < rows.size();) {
        const bool block = isIndexed(table->field(rows[first], "name"));
        std::size_t last = first + 1;
        while (block && last < rows.size() && isIndexed(table->field(rows[last], "name")))
            ++last;
        for (int line = 1; line <= (block ? lines : 1); ++line) {
            for (std::size_t i = first; i < last; ++i) {
                Result<ReadRow> read = readRow(*table, rows[i], line, lines);
                if (!read.has_value())
                    return fail(read.error());
                if (line <= read->lines && generation >= read->since)
                    schema->m_parameters.push_back(std::move(read->parameter));
            }
        }
        first = last;
    }
    if (const Result<void> fitted = applyGeneration(*changes, generation, schema->m_parameters);
        !fitted.has_value())
        return fail(fitted.error());
    for (Parameter& parameter : schema->m_parameters) {
        const Result<std::string> factory = checkedValue(parameter, parameter.factory);
        if (!factory.has_value())
            return fail(ErrorKind::Malformed,
                        fmt::format("default of {}: {}", parameter.name, factory.error().detail));
        parameter.factory = *factory;
    }
    if (const Result<void> indexedNames = schema->indexNames(); !indexedNames.has_value())
        return fail(indexedNames.error());
    return std::shared_ptr<const ParameterSchema>{std::move(schema)};
}

Result<void> ParameterSchema::indexNames()
{
    if (m_parameters.size() > maxParameters)
        return fail(ErrorKind::Malformed, fmt::format("{} parameters; at most {} are possible",
                                                      m_parameters.size(), maxParameters));
    std::size_t slots = 16;
    while (slots < 2 * m_parameters.size())
        slots *= 2;
    m_slots.assign(slots, 0);
    for (const Parameter& parameter : m_parameters) {
        m_names += parameter.name;
        m_nameEnds.push_back(static_cast<std::uint32_t>(m_names.size()));
    }
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        std::size_t slot = hashAnyCase(m_parameters[i].name) & (slots - 1);
        for (; m_slots[slot] != 0; slot = (slot + 1) & (slots - 1))
            if (equalsAnyCase(nameIn(slot), m_parameters[i].name))
                return fail(ErrorKind::Malformed,
                            fmt::format("parameter {} is listed twice", m_parameters[i].name));
        m_slots[slot] = static_cast<std::uint16_t>(i + 1);
    }
    return {};
}

std::string_view ParameterSchema::nameIn(std::size_t slot) const
{
    const std::size_t i = m_slots[slot] - 1u;
    const std::size_t begin = i == 0 ? 0 : m_nameEnds[i - 1];
    return std::string_view{m_names}.substr(begin, m_nameEnds[i] - begin);
}

std::optional<ParamId> ParameterSchema::findAnyCase(std::string_view name) const
{
    if (m_slots.empty())
        return std::nullopt;
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t slot = hashAnyCase(name) & mask; m_slots[slot] != 0; slot = (slot + 1) & mask)
        if (nameIn(slot) == name || equalsAnyCase(nameIn(slot), name))
            return ParamId{static_cast<std::uint16_t>(m_slots[slot] - 1)};
    return std::nullopt;
}

std::optional<ParamId> ParameterSchema::find(std::string_view name) const
{
    const std::optional<ParamId> id = findAnyCase(name);
    return id && at(*id).name == name ? id : std::nullopt;
}

std::string_view ParameterSchema::nearestName(std::string_view name) const
{
    return NearestName{m_parameters}.to(name);
}

}  // namespace emulator
