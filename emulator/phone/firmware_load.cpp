#include "emulator/phone/firmware_load.hpp"

#include <fmt/format.h>

namespace emulator {

namespace {

constexpr std::size_t maxLoadBytes = 64u << 10;  // our choice: the real files are about 1 KiB

std::string_view trim(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

Result<FirmwareVersion> parseLoad(std::string_view bytes, std::string_view loadPrefix)
{
    if (bytes.size() > maxLoadBytes || !bytes.starts_with("[load]"))
        return fail(ErrorKind::Corrupt, "not a firmware load: no [load] section at its beginning");
    std::string_view name;
    std::string_view hardware;
    while (!bytes.empty()) {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size());
        const std::string_view line = bytes.substr(0, end);
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos)
            continue;
        const std::string_view key = trim(line.substr(0, equals));
        const std::string_view value = trim(line.substr(equals + 1));
        if (key == "name")
            name = value;
        else if (key == "hardware")
            hardware = value;
    }
    if (name.empty())
        return fail(ErrorKind::Corrupt, "not a firmware load: it has no name");
    if (hardware != loadPrefix)
        return fail(ErrorKind::Refused,
                    fmt::format("load for {}; this phone takes {}", hardware, loadPrefix));
    Result<FirmwareVersion> version = FirmwareVersion::parse(name, loadPrefix);
    if (!version.has_value())
        return fail(ErrorKind::Corrupt, version.error().detail);
    return version;
}

std::string makeLoad(std::string_view name, std::string_view hardware)
{
    return fmt::format("[load]\nname = {}\nhardware = {}\n", name, hardware);
}

}  // namespace emulator
