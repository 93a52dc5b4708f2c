#include "scenarios/engine/planned_file_reader.hpp"

#include "emulator/phone/firmware_load.hpp"
#include "emulator/runtime/whole_input.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace scenarios {

namespace {

emulator::Result<std::string> readDisk(const std::filesystem::path& path)
{
    constexpr std::size_t most = 64u << 20;
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error)
        return emulator::fail(emulator::ErrorKind::NotFound, error.message());
    if (size > most)
        return emulator::fail(emulator::ErrorKind::TooLarge, fmt::format("{} bytes", size));
    return emulator::readWholeInput(path, most);
}

std::optional<PlannedFile> readFirmware(StepContext& context, std::string path, const YamlNode& node,
                                        const YamlNode& load)
{
    context.nodes.checkKeys(node, {"load", "hardware"});
    const auto name = context.nodes.text(load, "the name of a load, such as sip7832.11-3-2MPP0001-609");
    if (!name)
        return std::nullopt;
    const YamlNode* named = NodeReader::value(node, "hardware");
    const std::string hardware = named != nullptr
                                     ? context.nodes.text(*named, "which models take it").value_or("")
                                     : std::string{emulator::hardwareOf(*name)};
    if (hardware.empty()) {
        context.nodes.problemWith(load.place, fmt::format("load \"{}\", whose name tells no hardware", *name),
                                  "hardware: beside it, or a name such as sip7832.11-3-2MPP0001-609");
        return std::nullopt;
    }
    return PlannedFile{std::move(path), emulator::makeLoad(*name, hardware), false, {}};
}

}  // namespace

std::optional<PlannedFile> readPlannedFile(StepContext& context, std::string path, const YamlNode& node,
                                           bool phones)
{
    if (node.kind == YamlNode::Kind::Scalar || node.kind == YamlNode::Kind::Null) {
        context.checkMacros(node.text, node, phones);
        return PlannedFile{std::move(path), node.text, true};
    }
    if (!context.nodes.isMap(node, "the text of the file, {from: FILE} or {load: NAME}"))
        return std::nullopt;
    if (const YamlNode* load = NodeReader::value(node, "load"))
        return readFirmware(context, std::move(path), node, *load);
    context.nodes.checkKeys(node, {"from", "text", "wrap", "load"});
    std::vector<FileWrap> wraps;
    if (const YamlNode* wrap = NodeReader::value(node, "wrap"))
        wraps = readWraps(*wrap, context.nodes);
    if (const YamlNode* text = NodeReader::value(node, "text")) {
        context.checkMacros(text->text, *text, phones);
        return PlannedFile{std::move(path), text->text, true, std::move(wraps)};
    }
    const YamlNode* from = NodeReader::value(node, "from");
    if (from == nullptr) {
        context.nodes.problemWith(node.place, "a file without content",
                                  "its text, {from: FILE} or {load: NAME}");
        return std::nullopt;
    }
    const auto name = context.nodes.text(*from, "the path of a file, relative to the scenario");
    if (!name)
        return std::nullopt;
    auto bytes = context.options.readFile
                     ? context.options.readFile(*name)
                     : readDisk(std::filesystem::path{context.nodes.file()}.parent_path() / *name);
    if (bytes.has_error()) {
        context.nodes.problemWith(from->place, fmt::format("\"{}\" ({})", *name, bytes.error().detail),
                                  "a file that can be read, relative to the scenario");
        return std::nullopt;
    }
    return PlannedFile{std::move(path), *std::move(bytes), false, std::move(wraps)};
}

}  // namespace scenarios
