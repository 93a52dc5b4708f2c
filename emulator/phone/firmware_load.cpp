#include "emulator/phone/firmware_load.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <charconv>
#include <optional>

namespace emulator {

namespace {

constexpr std::string_view magic = "phonerig firmware load\n";
constexpr std::size_t longestName = 128;  // our choice; real ones have about 40 characters

std::uint32_t checksumOf(std::string_view header, std::string_view image)
{
    const auto add = [](uLong sum, std::string_view bytes) {
        if (bytes.empty())
            return sum;  // zlib takes no address for "begin anew"
        return crc32(sum, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
    };
    return static_cast<std::uint32_t>(add(add(crc32(0, nullptr, 0), header), image));
}

// Takes a line "key = value" off the front.
std::optional<std::string_view> takeLine(std::string_view& rest, std::string_view key)
{
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos || !rest.starts_with(key) ||
        !rest.substr(key.size()).starts_with(" = "))
        return std::nullopt;
    const std::size_t before = key.size() + 3;
    const std::string_view value = end < before ? std::string_view{} : rest.substr(before, end - before);
    rest.remove_prefix(end + 1);
    return value.size() <= longestName ? std::optional{value} : std::nullopt;
}

template <class Number>
std::optional<Number> readNumber(std::string_view digits, int base)
{
    Number number{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
    if (error != std::errc{} || end != digits.data() + digits.size())
        return std::nullopt;
    return number;
}

Error noLoad(std::string_view why)
{
    return fail(ErrorKind::Corrupt, fmt::format("not a firmware load: {}", why));
}

// Bytes that no compression and no text mode on the way leaves alone by accident (xorshift, seeded by the name).
void appendNoise(std::string& out, std::string_view name, std::size_t bytes)
{
    std::uint32_t state = checksumOf({}, name) | 1u;
    for (std::size_t i = 0; i < bytes; ++i) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        out += static_cast<char>(state & 0xff);
    }
}

}  // namespace

Result<FirmwareVersion> parseLoad(std::string_view bytes, std::string_view loadPrefix)
{
    if (bytes.size() > maxLoadBytes)
        return fail(ErrorKind::TooLarge, fmt::format("firmware load of {} bytes; at most {} are taken",
                                                     bytes.size(), maxLoadBytes));
    if (!bytes.starts_with(magic))
        return noLoad("it does not begin as one");
    std::string_view rest = bytes.substr(magic.size());
    const auto name = takeLine(rest, "name");
    const auto hardware = name ? takeLine(rest, "hardware") : std::nullopt;
    const auto lengthText = hardware ? takeLine(rest, "length") : std::nullopt;
    const std::string_view summed = bytes.substr(0, bytes.size() - rest.size());
    const auto checksumText = lengthText ? takeLine(rest, "checksum") : std::nullopt;
    if (!checksumText || !rest.starts_with('\n'))
        return noLoad("expected name, hardware, length and checksum in its header");
    const std::string_view image = rest.substr(1);
    const auto length = readNumber<std::size_t>(*lengthText, 10);
    const auto checksum = readNumber<std::uint32_t>(*checksumText, 16);
    if (!length || !checksum)
        return noLoad("length or checksum is no number");
    if (image.size() < *length)
        return fail(ErrorKind::Corrupt,
                    fmt::format("firmware load is cut off: {} of {} bytes", image.size(), *length));
    if (image.size() > *length)
        return fail(ErrorKind::Corrupt,
                    fmt::format("firmware load has {} bytes after its end", image.size() - *length));
    if (checksumOf(summed, image) != *checksum)
        return fail(ErrorKind::Corrupt, "firmware load is damaged: its checksum does not fit");
    Result<FirmwareVersion> version = FirmwareVersion::parse(*name, loadPrefix);
    if (!version.has_value())
        return fail(ErrorKind::Corrupt, version.error().detail);
    if (*hardware != loadPrefix)
        return fail(ErrorKind::Refused,
                    fmt::format("{} is firmware for {}; this phone takes {}", *name, *hardware, loadPrefix));
    return version;
}

std::string makeLoad(std::string_view name, std::string_view hardware, std::size_t imageBytes)
{
    std::string image;
    appendNoise(image, name, imageBytes);
    std::string file =
        fmt::format("{}name = {}\nhardware = {}\nlength = {}\n", magic, name, hardware, imageBytes);
    return fmt::format("{}checksum = {:08x}\n\n", file, checksumOf(file, image)) + image;
}

std::string_view hardwareOf(std::string_view loadName)
{
    const std::size_t dot = loadName.find('.');
    const bool prefixed = dot != std::string_view::npos && loadName.starts_with("sip");
    return prefixed ? loadName.substr(0, dot) : std::string_view{};
}

std::string_view loadNameOf(std::string_view path)
{
    path = path.substr(0, path.find('?'));
    std::string_view name = path.substr(path.rfind('/') + 1);
    if (name.ends_with(".loads"))
        name.remove_suffix(6);
    return name;
}

}  // namespace emulator
