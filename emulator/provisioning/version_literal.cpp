#include "emulator/provisioning/version_literal.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace emulator {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isLetter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Takes a number off the start of `text`; nothing when there is none, or one that no version has.
std::optional<std::int64_t> takeNumber(std::string_view& text)
{
    if (text.empty() || !isDigit(text.front()))
        return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{})
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

bool takeCharacter(std::string_view& text, char wanted)
{
    if (!text.starts_with(wanted))
        return false;
    text.remove_prefix(1);
    return true;
}

// "11-3-1MPP-678" and its kin, without the series.
std::optional<VersionLiteral> parseLoad(std::string_view text)
{
    VersionLiteral version;
    const auto major = takeNumber(text);
    if (!major || !takeCharacter(text, '-'))
        return std::nullopt;
    const auto minor = takeNumber(text);
    if (!minor || !takeCharacter(text, '-'))
        return std::nullopt;
    const auto micro = takeNumber(text);
    if (!micro)
        return std::nullopt;
    const auto lettersEnd = std::find_if_not(text.begin(), text.end(), isLetter);
    const std::string_view letters = text.substr(0, static_cast<std::size_t>(lettersEnd - text.begin()));
    text.remove_prefix(letters.size());
    const auto release = takeNumber(text);
    if (!takeCharacter(text, '-'))
        return std::nullopt;
    const auto build = takeNumber(text);
    if (!build || (!text.empty() && text.front() != '-'))
        return std::nullopt;
    version.major = *major;
    version.minor = *minor;
    version.micro = *micro;
    version.release = release.value_or(0);
    version.build = *build;
    version.rest = text;
    if (letters == "MPP")
        version.form = release ? VersionLiteral::Form::MppNumbered : VersionLiteral::Form::Mpp;
    else if (letters == "MSR" && release)
        version.form = VersionLiteral::Form::Mpp;
    else {
        version.form = VersionLiteral::Form::OtherLoad;
        version.rest.insert(0, letters);
    }
    return version;
}

// "2.0.3(0412s)" and its kin: two numbers at least, three at most.
std::optional<VersionLiteral> parseDotted(std::string_view text)
{
    VersionLiteral version;
    const auto major = takeNumber(text);
    if (!major || !takeCharacter(text, '.'))
        return std::nullopt;
    const auto minor = takeNumber(text);
    if (!minor)
        return std::nullopt;
    version.major = *major;
    version.minor = *minor;
    if (takeCharacter(text, '.')) {
        const auto micro = takeNumber(text);
        if (!micro)
            return std::nullopt;
        version.micro = *micro;
    }
    if (takeCharacter(text, '(')) {
        if (!text.ends_with(')'))
            return std::nullopt;
        text.remove_suffix(1);
        version.build = takeNumber(text).value_or(0);
    }
    if (!std::all_of(text.begin(), text.end(), isLetter))
        return std::nullopt;
    version.rest = text;
    return version;
}

}  // namespace

std::optional<VersionLiteral> VersionLiteral::parse(std::string_view text)
{
    constexpr std::string_view ending = ".loads";
    if (text.ends_with(ending))
        text.remove_suffix(ending.size());
    if (text.find('-') == std::string_view::npos)
        return parseDotted(text);
    const std::size_t series = text.rfind('.');
    return parseLoad(series == std::string_view::npos ? text : text.substr(series + 1));
}

std::strong_ordering VersionLiteral::compare(const VersionLiteral& other) const
{
    const auto numbers = [](const VersionLiteral& v) {
        return std::tie(v.major, v.minor, v.micro, v.release, v.build);
    };
    const std::strong_ordering order = numbers(*this) <=> numbers(other);
    return order != std::strong_ordering::equal ? order : rest <=> other.rest;
}

}  // namespace emulator
