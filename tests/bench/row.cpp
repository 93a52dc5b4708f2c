#include "tests/bench/row.hpp"

#include "emulator/trace/ndjson.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace bench {

namespace {

std::string number(double value)
{
    if (value >= 1000)
        return fmt::format("{:.0f}", value);
    return fmt::format("{:.{}f}", value, value >= 100 ? 1 : value >= 10 ? 2 : 3);
}

std::string quoted(const std::string& text)
{
    std::string out;
    emulator::appendJsonString(out, text);
    return out;
}

std::string goalText(const Row& row)
{
    if (!row.goal)
        return "-";
    const std::string limit =
        row.goal->of == Goal::Of::Ratio ? fmt::format("{:.2f} x", row.goal->limit) : number(row.goal->limit);
    return (row.goal->atMost ? "<= " : ">= ") + limit;
}

// What the goal looks at.
double judged(const Row& row)
{
    return row.goal->of == Goal::Of::Ratio ? row.ratio().value_or(0) : row.ours.median();
}

}  // namespace

double Samples::median() const
{
    if (m_values.empty())
        return 0;
    std::vector<double> sorted = m_values;
    std::sort(sorted.begin(), sorted.end());
    const std::size_t middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

double Samples::spread() const
{
    const double middle = median();
    if (m_values.empty() || middle == 0)
        return 0;
    const auto [low, high] = std::minmax_element(m_values.begin(), m_values.end());
    return (*high - *low) / middle;
}

std::optional<double> Row::ratio() const
{
    if (peer.empty() || peer.median() == 0)
        return std::nullopt;
    return ours.median() / peer.median();
}

bool Row::met() const
{
    if (!goal || serverBound || !trouble.empty() || ours.empty())
        return false;
    return goal->atMost ? judged(*this) <= goal->limit : judged(*this) >= goal->limit;
}

std::string Row::verdict() const
{
    if (!trouble.empty())
        return trouble;
    if (serverBound)
        return "server-bound";
    if (!goal)
        return "";
    if (met())
        return "met";
    return fmt::format("short by {:.1f} %", 100 * std::abs(judged(*this) - goal->limit) / goal->limit);
}

std::string text(const Row& row)
{
    std::string out = fmt::format("{:<44} ours {:>8} {}", row.name,
                                  row.ours.empty() ? "-" : number(row.ours.median()), row.unit);
    if (!row.peer.empty())
        out += fmt::format("   {} {}   ratio {:.3f}", row.peerName, number(row.peer.median()),
                           row.ratio().value_or(0));
    out += "   goal " + goalText(row);
    const std::string verdict = row.verdict();
    if (!verdict.empty())
        out += "   " + verdict;
    out += fmt::format("\n      spread {:.0f} %", 100 * row.ours.spread());
    if (!row.peer.empty())
        out += fmt::format(" and {:.0f} %", 100 * row.peer.spread());
    for (const auto& [what, share] : row.busy)
        out += fmt::format(", {} {:.0f} % busy", what, 100 * share);
    if (!row.note.empty())
        out += "; " + row.note;
    return out + "\n";
}

std::string json(const Row& row)
{
    std::string out =
        fmt::format("{{\"key\":{},\"name\":{},\"unit\":{},\"ours\":{},\"spread\":{:.4f}", quoted(row.key),
                    quoted(row.name), quoted(row.unit), row.ours.median(), row.ours.spread());
    if (!row.peer.empty())
        out +=
            fmt::format(",\"peer_name\":{},\"peer\":{},\"peer_spread\":{:.4f},\"ratio\":{:.4f}",
                        quoted(row.peerName), row.peer.median(), row.peer.spread(), row.ratio().value_or(0));
    if (row.goal)
        out += fmt::format(",\"goal\":{},\"met\":{}", quoted(goalText(row)), row.met());
    out += fmt::format(",\"verdict\":{},\"busy\":{{", quoted(row.verdict()));
    for (std::size_t i = 0; i < row.busy.size(); ++i)
        out += fmt::format("{}{}:{:.4f}", i == 0 ? "" : ",", quoted(row.busy[i].first), row.busy[i].second);
    return out + fmt::format("}},\"note\":{}}}", quoted(row.note));
}

}  // namespace bench
