#include "emulator/provisioning/macro.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace emulator {

namespace {

bool isNameCharacter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::size_t runLength(std::string_view text, bool withUnderscore)
{
    std::size_t length = 0;
    while (length < text.size() && (isNameCharacter(text[length]) || (withUnderscore && text[length] == '_')))
        ++length;
    return length;
}

// Reads ":p" at the start of `text` and takes it off.
std::optional<std::size_t> takeNumber(std::string_view& text)
{
    if (!text.starts_with(':'))
        return std::nullopt;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
    if (error != std::errc{})
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

// Expands "(NAME:p:q)" at the start of `text`. Returns how many characters it took; 0 when it is no macro.
std::size_t expandParenthesis(std::string_view text, const MacroSource& values, std::string& out)
{
    const std::size_t close = text.find(')');
    if (close == std::string_view::npos)
        return 0;
    std::string_view rest = text.substr(1, close - 1);
    const std::string_view name = rest.substr(0, runLength(rest, true));
    rest.remove_prefix(name.size());
    const std::optional<std::size_t> offset = takeNumber(rest);
    const std::optional<std::size_t> length = offset ? takeNumber(rest) : std::nullopt;
    const std::size_t before = out.size();
    if (name.empty() || !rest.empty() || !values.append(name, out))
        return 0;
    if (offset) {
        out.erase(before, std::min(*offset, out.size() - before));
        if (length && out.size() - before > *length)
            out.resize(before + *length);
    }
    return close + 1;
}

// Expands the name at the start of `text`. Returns how many characters it took; 0 when there is no known name.
std::size_t expandName(std::string_view text, const MacroSource& values, std::string& out)
{
    const std::size_t longest = runLength(text, true);
    if (longest > 0 && values.append(text.substr(0, longest), out))
        return longest;
    const std::size_t shorter = runLength(text, false);
    if (shorter > 0 && shorter < longest && values.append(text.substr(0, shorter), out))
        return shorter;
    return 0;
}

}  // namespace

std::string expandMacros(std::string_view text, const MacroSource& values)
{
    std::string out;
    out.reserve(text.size() + 64);
    while (!text.empty()) {
        const std::size_t dollar = text.find('$');
        out.append(text.substr(0, dollar));
        if (dollar == std::string_view::npos)
            break;
        text.remove_prefix(dollar + 1);
        std::size_t taken = 0;
        if (text.starts_with('$')) {
            out += '$';
            taken = 1;
        } else if (text.starts_with('(')) {
            taken = expandParenthesis(text, values, out);
        } else {
            taken = expandName(text, values, out);
        }
        if (taken == 0)
            out += '$';
        text.remove_prefix(taken);
    }
    return out;
}

}  // namespace emulator
