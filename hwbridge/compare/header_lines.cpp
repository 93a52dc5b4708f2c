#include "hwbridge/compare/header_lines.hpp"

#include "emulator/base/ascii.hpp"

#include <algorithm>

namespace hwbridge {

namespace {

constexpr std::size_t mostLines = 256;

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

}  // namespace

std::vector<HeaderLine> headerLines(std::string_view text)
{
    std::vector<HeaderLine> lines;
    while (!text.empty()) {
        if (lines.size() == mostLines) {
            lines.push_back({{}, text});
            return lines;
        }
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t colon = line.find(':');
        if (trimmed(line).empty())
            continue;
        if (colon == std::string_view::npos)
            lines.push_back({{}, trimmed(line)});
        else
            lines.push_back({line.substr(0, colon), trimmed(line.substr(colon + 1))});
    }
    return lines;
}

HeaderMatch matchHeaders(const std::vector<HeaderLine>& a, const std::vector<HeaderLine>& b)
{
    HeaderMatch match;
    std::vector<bool> taken(b.size());
    std::size_t last = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t j = 0;
        while (j < b.size() && (taken[j] || !emulator::equalsAnyCase(a[i].name, b[j].name)))
            ++j;
        if (j == b.size()) {
            match.onlyA.push_back(i);
            continue;
        }
        taken[j] = true;
        match.inOrder = match.inOrder && (match.pairs.empty() || j > last);
        last = j;
        match.pairs.emplace_back(i, j);
    }
    for (std::size_t j = 0; j < b.size(); ++j)
        if (!taken[j])
            match.onlyB.push_back(j);
    return match;
}

}  // namespace hwbridge
