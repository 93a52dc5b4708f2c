#include "scenarios/report/ladder_file.hpp"

#include "emulator/base/report_style.hpp"
#include "scenarios/report/html_style.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

namespace scenarios {

namespace {

// "--name: value;" of the first block of a style sheet, which is the one for light rooms.
std::map<std::string_view, std::string_view> variablesOf(std::string_view style)
{
    std::map<std::string_view, std::string_view> values;
    style = style.substr(0, style.find('}'));
    for (std::size_t at = style.find("--"); at != std::string_view::npos; at = style.find("--", at + 2)) {
        const std::string_view rest = style.substr(at);
        const std::size_t colon = rest.find(": ");
        if (colon != std::string_view::npos)
            values.emplace(rest.substr(0, colon), rest.substr(colon + 2, rest.find(';') - colon - 2));
    }
    return values;
}

// The rules of a style sheet that are about ladders, with the variables' values.
std::string ladderRules(std::string_view style, const std::map<std::string_view, std::string_view>& values)
{
    std::string rules;
    while (!style.empty()) {
        const std::string_view line = style.substr(0, style.find('\n'));
        style.remove_prefix(std::min(style.size(), line.size() + 1));
        if (line.starts_with(".ladder") || line.starts_with("svg.ladder"))
            rules.append(line).append(1, '\n');
    }
    for (std::size_t at = rules.find("var("); at != std::string::npos; at = rules.find("var(", at)) {
        const std::size_t end = rules.find(')', at);
        const auto value = values.find(std::string_view{rules}.substr(at + 4, end - at - 4));
        rules.replace(at, end + 1 - at, value == values.end() ? std::string_view{"black"} : value->second);
    }
    return rules;
}

}  // namespace

std::string ladderSvgFile(const Ladder& ladder)
{
    const auto values = variablesOf(emulator::reportStyle());
    std::string svg = ladderSvg(ladder);
    svg.insert(svg.find(' '), " xmlns=\"http://www.w3.org/2000/svg\"");
    svg.insert(svg.find('\n') + 1,
               fmt::format("<style>\n{}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"{}\"/>\n",
                           ladderRules(htmlReportStyle(), values), values.at("--card")));
    return svg;
}

}  // namespace scenarios
