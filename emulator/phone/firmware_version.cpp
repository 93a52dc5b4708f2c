#include "emulator/phone/firmware_version.hpp"

#include "emulator/provisioning/version_literal.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

namespace emulator {

namespace {

struct Numbers {
    std::array<unsigned, 3> parts{};
    std::string_view rest;  // what stands behind the third number
};

// Three numbers, the first two each followed by one of its separators: "11-3-1MPP-678", "11.3.1", "11.2(1)".
std::optional<Numbers> readNumbers(std::string_view text, char afterFirst, char afterSecond)
{
    Numbers numbers;
    const std::array<char, 2> separators{afterFirst, afterSecond};
    for (std::size_t i = 0; i < numbers.parts.size(); ++i) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), numbers.parts[i]);
        if (error != std::errc{} || numbers.parts[i] > 9999)
            return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (i == 2)
            break;
        if (!text.starts_with(separators[i]))
            return std::nullopt;
        text.remove_prefix(1);
    }
    numbers.rest = text;
    return numbers;
}

bool isLoadText(std::string_view text)
{
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '-' && c != '_' && c != '.')
            return false;
    }
    return true;
}

std::string dottedOf(const Numbers& numbers)
{
    return fmt::format("{}.{}.{}", numbers.parts[0], numbers.parts[1], numbers.parts[2]);
}

std::string dashedOf(const Numbers& numbers)
{
    return fmt::format("{}-{}-{}", numbers.parts[0], numbers.parts[1], numbers.parts[2]);
}

// "7.4.9c", "2.0.3(0412s)": three numbers, then letters, or letters and digits in parentheses.
std::optional<FirmwareVersion> readSpaVersion(std::string_view text)
{
    const std::optional<Numbers> numbers = readNumbers(text, '.', '.');
    if (!numbers)
        return std::nullopt;
    std::string_view rest = numbers->rest;
    if (rest.starts_with('(') && rest.ends_with(')'))
        rest = rest.substr(1, rest.size() - 2);
    if (!isLoadText(rest) || rest.find_first_of("-_.") != std::string_view::npos)
        return std::nullopt;
    return FirmwareVersion{std::string{text}, dottedOf(*numbers)};
}

}  // namespace

Result<FirmwareVersion> FirmwareVersion::parse(std::string_view text, std::string_view loadPrefix)
{
    constexpr std::size_t longest = 128;
    const std::string_view whole = text.substr(0, longest);
    const Error malformed =
        fail(ErrorKind::Malformed,
             fmt::format("'{}' is not a firmware; expected 11.3.1 or a load such as {}.11-3-1MPP-678", whole,
                         loadPrefix));
    if (text.size() > longest)
        return malformed;
    if (!loadPrefix.starts_with("sip")) {
        const std::optional<FirmwareVersion> spa = readSpaVersion(text);
        return spa ? Result<FirmwareVersion>{*spa}
                   : fail(ErrorKind::Malformed, fmt::format("'{}' is not a firmware; expected 7.4.8", whole));
    }
    if (text.ends_with(".loads"))
        text.remove_suffix(6);

    // A dotted version, or as texts write it.
    for (const char afterSecond : {'.', '('}) {
        const std::optional<Numbers> numbers = readNumbers(text, '.', afterSecond);
        if (numbers && numbers->rest == (afterSecond == '(' ? ")" : ""))
            return FirmwareVersion{fmt::format("{}.{}MPP-1", loadPrefix, dashedOf(*numbers)),
                                   dottedOf(*numbers)};
    }
    // The end of a load name, as texts write it: "11-2-3MSR1". Without a build it is given the first one.
    if (const std::optional<Numbers> numbers = readNumbers(text, '-', '-'); numbers && isLoadText(text)) {
        const std::string_view release = numbers->rest.empty() ? "MPP" : numbers->rest;
        const std::string_view build = release.find('-') == std::string_view::npos ? "-1" : "";
        return FirmwareVersion{fmt::format("{}.{}{}{}", loadPrefix, dashedOf(*numbers), release, build),
                               dottedOf(*numbers)};
    }
    const std::size_t dot = text.find('.');
    if (dot == 0 || dot == std::string_view::npos || !isLoadText(text))
        return malformed;
    const std::optional<Numbers> numbers = readNumbers(text.substr(dot + 1), '-', '-');
    if (!numbers)
        return malformed;
    return FirmwareVersion{std::string{text}, dottedOf(*numbers)};
}

Generation FirmwareVersion::generation() const
{
    if (load.find('-') == std::string::npos)
        return Generation::Spa;
    const std::optional<Numbers> numbers = readNumbers(dotted, '.', '.');
    if (numbers && (numbers->parts[0] < 11 || (numbers->parts[0] == 11 && numbers->parts[1] < 3)))
        return Generation::Mpp11_0;
    return Generation::Mpp11_3;
}

bool FirmwareVersion::isBelow(const FirmwareVersion& limit) const
{
    const std::optional<VersionLiteral> mine = VersionLiteral::parse(load);
    const std::optional<VersionLiteral> lowest = VersionLiteral::parse(limit.load);
    if (mine && lowest)
        return mine->compare(*lowest) < 0;
    const std::optional<Numbers> numbers = readNumbers(dotted, '.', '.');
    const std::optional<Numbers> least = readNumbers(limit.dotted, '.', '.');
    return numbers && least && numbers->parts < least->parts;
}

}  // namespace emulator
