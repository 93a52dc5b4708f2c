#include "ui/cli/profile_command.hpp"

#include "emulator/phone/status.hpp"
#include "emulator/profile/profile_check.hpp"
#include "emulator/trace/ndjson.hpp"
#include "fixtures/models/model_data.hpp"
#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <iterator>
#include <memory>
#include <system_error>
#include <tuple>
#include <vector>

namespace ui {

namespace {

using emulator::CheckedElement;
using emulator::ErrorKind;
using emulator::ProfileCheck;
using emulator::Result;

constexpr std::size_t shownName = 60;
constexpr std::size_t shownDetail = 400;

struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

// At most one byte more than a profile may have: the check says that it is too large.
Result<std::string> contentOf(const std::string& path)
{
    const std::unique_ptr<std::FILE, Close> file{std::fopen(path.c_str(), "rb")};
    const auto refused = [&] {
        return emulator::fail(ErrorKind::NotFound,
                              fmt::format("{}: {}", path, std::generic_category().message(errno)));
    };
    if (file == nullptr)
        return refused();
    std::string content(emulator::maxProfileBytes + 1, '\0');
    errno = 0;
    content.resize(std::fread(content.data(), 1, content.size(), file.get()));
    if (std::ferror(file.get()) != 0)
        return refused();
    return content;
}

Result<std::string> firstLineOf(const std::string& path)
{
    Result<std::string> content = contentOf(path);
    if (content.has_value())
        content->resize(std::min(content->find_first_of("\r\n"), content->size()));
    return content;
}

// The names of what the phone shows and nobody sets, as XML elements.
std::vector<std::string> statusNames(const std::shared_ptr<const emulator::Model>& model)
{
    emulator::PhoneSurroundings surroundings;
    surroundings.model = model;
    const auto ids = emulator::ResyncParameters::find(*model->schema);
    if (ids.has_error())
        return {};
    surroundings.ids = *ids;
    const emulator::Phone phone{surroundings, emulator::MacAddress{}, emulator::IpAddress{}};
    std::vector<std::string> names;
    for (const auto& sections : {statusSections(phone, {}), downloadSections(phone)})
        for (const emulator::StatusSection& section : sections)
            for (const emulator::StatusField& field : section.fields)
                names.push_back(emulator::statusTag(field.label));
    return names;
}

struct Group {
    std::string_view key;    // of the JSON
    std::string_view title;  // for people
    std::string_view colour;
    const std::vector<CheckedElement>* elements;
};

std::array<Group, 5> groupsOf(const ProfileCheck& check)
{
    constexpr std::string_view green = "\x1b[32m";
    constexpr std::string_view yellow = "\x1b[33m";
    constexpr std::string_view red = "\x1b[31m";
    return {{{"taken", "taken", green, &check.taken},
             {"unknown", "unknown", yellow, &check.unknown},
             {"malformed", "malformed", red, &check.malformed},
             {"read_only", "read-only", yellow, &check.readOnly},
             {"out_of_range", "out of range", red, &check.outOfRange}}};
}

void appendMember(std::string& out, std::string_view key, std::string_view text)
{
    emulator::appendJsonString(out, key);
    out += ": ";
    emulator::appendJsonString(out, text);
}

std::string jsonHead(const ProfileCheckOptions& options, const emulator::Model& model)
{
    std::string out = "{";
    appendMember(out, "file", options.file);
    out += ",\n ";
    appendMember(out, "model", model.productName);
    out += ",\n ";
    appendMember(out, "firmware", model.firmware.load);
    return out;
}

std::string asJson(const ProfileCheck& check, std::string out)
{
    for (const Group& group : groupsOf(check)) {
        out += ",\n ";
        emulator::appendJsonString(out, group.key);
        out += ": [";
        std::string_view separator = "\n  {";
        for (const CheckedElement& element : *group.elements) {
            out += separator;
            separator = ",\n  {";
            appendMember(out, "name", element.name);
            fmt::format_to(std::back_inserter(out), ", \"line\": {}", element.line);
            if (!element.detail.empty()) {
                out += ", ";
                appendMember(out, "detail", element.detail);
            }
            if (!element.nearest.empty()) {
                out += ", ";
                appendMember(out, "nearest", element.nearest);
            }
            out += '}';
        }
        out += "]";
    }
    return out + "}\n";
}

std::string asText(const ProfileCheck& check, const ProfileCheckOptions& options,
                   const emulator::Model& model, bool colours)
{
    const std::array<Group, 5> groups = groupsOf(check);
    std::size_t lines = 1;
    std::size_t width = 0;
    for (const Group& group : groups)
        for (const CheckedElement& element : *group.elements) {
            lines = std::max<std::size_t>(lines, element.line);
            width = std::max(width, std::min(element.name.size(), shownName));
        }
    const std::size_t digits = fmt::formatted_size("{}", lines);
    std::string out;
    std::string summary;
    for (const Group& group : groups) {
        fmt::format_to(std::back_inserter(summary), "{}{} {}", summary.empty() ? "" : ", ",
                       group.elements->size(), group.title);
        if (group.elements->empty())
            continue;
        fmt::format_to(std::back_inserter(out), "{}{}{}\n", colours ? group.colour : "", group.title,
                       colours ? "\x1b[0m" : "");
        for (const CheckedElement& element : *group.elements) {
            std::string line = fmt::format("  line {:>{}}  {:<{}}  {}", element.line, digits,
                                           cutToWidth(element.name, shownName), width,
                                           cutToWidth(element.detail, shownDetail));
            line.erase(line.find_last_not_of(' ') + 1);
            out.append(line).append(1, '\n');
        }
    }
    return out + fmt::format("{}: {}, for a {} with {}\n", cutToWidth(options.file, shownDetail), summary,
                             model.productName, model.firmware.load);
}

ExitCode refused(std::string_view why)
{
    say(fmt::format("profile check: {}", why));
    return ExitCode::Usage;
}

}  // namespace

ExitCode checkProfileFile(const ProfileCheckOptions& options)
{
    const auto model = fixtures::loadModel(options.model, options.firmware);
    if (model.has_error())
        return refused(model.error().detail);
    emulator::ProfileReading reading;
    reading.key = options.key;
    std::string key;
    std::string ikm;
    std::string aliases;
    for (const auto& [path, read, to] :
         {std::tuple{&options.keyFile, &firstLineOf, &key}, std::tuple{&options.ikmFile, &firstLineOf, &ikm},
          std::tuple{&options.aliasFile, &contentOf, &aliases}}) {
        if (path->empty())
            continue;
        Result<std::string> content = read(*path);
        if (content.has_error())
            return refused(content.error().detail);
        *to = *std::move(content);
    }
    if (!options.keyFile.empty())
        reading.key = key;
    if (!options.ikmFile.empty())
        reading.ikm = ikm;
    reading.aliases = aliases;
    const Result<std::string> file = contentOf(options.file);
    if (file.has_error())
        return refused(file.error().detail);

    const Result<ProfileCheck> check =
        emulator::checkProfile(*file, *(*model)->schema, reading, statusNames(*model));
    if (check.has_error()) {
        if (options.json) {
            std::string out = jsonHead(options, **model) + ",\n ";
            appendMember(out, "error", check.error().detail);
            writeAll(STDOUT_FILENO, out + "}\n");
        }
        return refused(fmt::format("{}: {}", options.file, check.error().detail));
    }
    const std::string out = options.json ? asJson(*check, jsonHead(options, **model))
                                         : asText(*check, options, **model, lookOf(STDOUT_FILENO).colours);
    if (!writeAll(STDOUT_FILENO, out))
        return ExitCode::Usage;
    return check->isClean() ? ExitCode::Passed : ExitCode::Failed;
}

}  // namespace ui
