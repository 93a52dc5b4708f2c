#include "emulator/provisioning/profile_rule.hpp"

#include <fmt/format.h>

namespace emulator {

Result<std::optional<std::string>> ruleUrl(std::string_view expanded)
{
    const std::size_t first = expanded.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || expanded[first] == '#')
        return std::optional<std::string>{};
    const std::string_view rule = expanded.substr(first, expanded.find_last_not_of(" \t\r\n") - first + 1);
    if (rule.starts_with('['))
        return fail(ErrorKind::Unsupported, fmt::format("rule '{}': options in brackets", rule));
    if (rule.starts_with('(') || rule.find(" | ") != std::string_view::npos)
        return fail(ErrorKind::Unsupported, fmt::format("rule '{}': conditions and alternatives", rule));
    if (rule.starts_with("gds://"))
        return fail(ErrorKind::Unsupported, "rule 'gds://': activation codes");
    return std::optional<std::string>{rule};
}

}  // namespace emulator
