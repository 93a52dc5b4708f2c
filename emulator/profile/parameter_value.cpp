#include "emulator/profile/parameter_schema.hpp"

#include "emulator/base/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace emulator {

namespace {

// Our choice where no maximum is printed: what fits a signed 32-bit number, so that sums of times stay safe.
constexpr std::int64_t largestNumber = std::numeric_limits<std::int32_t>::max();

// For messages: not the whole of a long value, and nothing of a secret one.
std::string shown(const Parameter& parameter, std::string_view value)
{
    if (parameter.secret)
        return "a secret value";
    constexpr std::size_t longest = 60;
    if (value.size() <= longest)
        return fmt::format("'{}'", value);
    return fmt::format("'{}…'", value.substr(0, longest));
}

Error refused(ErrorKind kind, const Parameter& parameter, std::string_view value, std::string_view expected)
{
    return fail(kind, fmt::format("{} is refused for {}; expected {}", shown(parameter, value),
                                  parameter.name, expected));
}

std::string rangeText(const Parameter& parameter)
{
    return fmt::format("a whole number from {} to {}", parameter.min.value_or(0),
                       parameter.max.value_or(largestNumber));
}

// Reads digits, with a '-' only before numbers that may be negative. The sign of an error is its kind.
Result<std::int64_t> readInRange(const Parameter& parameter, std::string_view digits, std::string_view whole)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (digits.empty() || error == std::errc::invalid_argument || end != digits.data() + digits.size())
        return refused(ErrorKind::Malformed, parameter, whole, rangeText(parameter));
    if (error != std::errc{} || number < parameter.min.value_or(0) ||
        number > parameter.max.value_or(largestNumber))
        return refused(ErrorKind::TooLarge, parameter, whole, rangeText(parameter));
    return number;
}

Result<std::string> checkedInt(const Parameter& parameter, std::string_view value)
{
    const Result<std::int64_t> number = readInRange(parameter, value, value);
    if (!number.has_value())
        return fail(number.error());
    return std::to_string(*number);
}

std::string_view withoutSpaces(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(' ');
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

// "600,1200,300" and "2400+30"; kept without the spaces that people put after commas.
Result<std::string> checkedList(const Parameter& parameter, std::string_view value)
{
    std::string kept;
    for (std::string_view rest = value;;) {
        const std::size_t comma = rest.find(',');
        const std::string_view item = withoutSpaces(rest.substr(0, comma));
        const std::size_t plus = item.find('+');
        const Result<std::int64_t> base = readInRange(parameter, withoutSpaces(item.substr(0, plus)), value);
        if (!base.has_value())
            return fail(base.error());
        kept += std::to_string(*base);
        if (plus != std::string_view::npos) {
            const Result<std::int64_t> spread =
                readInRange(parameter, withoutSpaces(item.substr(plus + 1)), value);
            if (!spread.has_value())
                return fail(spread.error());
            kept += fmt::format("+{}", *spread);
        }
        if (comma == std::string_view::npos)
            return kept;
        kept += ',';
        rest.remove_prefix(comma + 1);
    }
}

Result<std::string> checkedEnum(const Parameter& parameter, std::string_view value)
{
    for (const std::string& allowed : parameter.allowed)
        if (equalsAnyCase(allowed, value))
            return allowed;
    return refused(ErrorKind::Malformed, parameter, value,
                   fmt::format("one of {}", fmt::join(parameter.allowed, "|")));
}

Result<std::string> checkedBool(const Parameter& parameter, std::string_view value)
{
    for (const std::string_view allowed : {"Yes", "No"})
        if (equalsAnyCase(allowed, value))
            return std::string{allowed};
    return refused(ErrorKind::Malformed, parameter, value, "Yes or No");
}

bool isUrlLike(std::string_view text)
{
    const std::size_t colon = text.find("://");
    if (colon == 0 || colon == std::string_view::npos || colon + 3 == text.size() || text[colon + 3] == '/')
        return false;
    const auto isSchemeLetter = [](char c) { return lowerAscii(c) >= 'a' && lowerAscii(c) <= 'z'; };
    const auto isVisible = [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; };
    return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), isSchemeLetter) &&
           std::all_of(text.begin(), text.end(), isVisible);
}

}  // namespace

Result<std::string> checkedValue(const Parameter& parameter, std::string_view value)
{
    if (value.empty())
        return std::string{};
    if (value.size() > maxValueBytes)
        return refused(ErrorKind::TooLarge, parameter, value, fmt::format("at most {} bytes", maxValueBytes));
    switch (parameter.type) {
    case ParamType::Bool:
        return checkedBool(parameter, value);
    case ParamType::Int:
        return checkedInt(parameter, value);
    case ParamType::Enum:
        return checkedEnum(parameter, value);
    case ParamType::List:
        return checkedList(parameter, value);
    case ParamType::Url:
        if (!isUrlLike(value))
            return refused(ErrorKind::Malformed, parameter, value, "a URL such as http://server/path");
        break;
    case ParamType::String:
    case ParamType::Rule:
    case ParamType::Expression:
    case ParamType::Password:
    case ParamType::Color:
        break;
    }
    if (parameter.max && static_cast<std::int64_t>(value.size()) > *parameter.max)
        return refused(ErrorKind::TooLarge, parameter, value,
                       fmt::format("at most {} characters", *parameter.max));
    return std::string{value};
}

}  // namespace emulator
