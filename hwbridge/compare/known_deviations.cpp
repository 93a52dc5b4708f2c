#include "hwbridge/compare/known_deviations.hpp"

#include "hwbridge/yaml/node_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hwbridge {

using emulator::Result;

namespace {

constexpr std::size_t mostKnown = 1000;

class KnownReader {
public:
    explicit KnownReader(const std::string& file) : m_nodes{file} {}

    KnownReading read(std::string_view text)
    {
        const auto root = parseYaml(text, "known deviations");
        if (root.has_error())
            m_nodes.problems().push_back(fmt::format("{}:{}", m_nodes.file(), root.error().detail));
        else if (m_nodes.isMap(*root, "known deviations: a map of them by their names"))
            all(*root);
        KnownReading reading;
        reading.problems = std::move(m_nodes.problems());
        if (reading.problems.empty())
            reading.known = std::move(m_known);
        return reading;
    }

private:
    void all(const YamlNode& root)
    {
        if (root.entries.size() > mostKnown)
            m_nodes.problemWith(root.place, fmt::format("{} deviations", root.entries.size()),
                                fmt::format("at most {}", mostKnown));
        for (const YamlEntry& entry : root.entries)
            if (m_nodes.isMap(entry.value, "a deviation: a map with kind and why"))
                one(entry);
    }

    void one(const YamlEntry& entry)
    {
        const YamlNode& node = entry.value;
        m_nodes.checkKeys(node, {"model", "firmware", "difference", "kind", "field", "twin", "real", "why"});
        KnownDeviation known;
        known.name = entry.key.text;
        known.model = word(node, "model");
        known.firmware = word(node, "firmware");
        known.field = word(node, "field");
        known.kind = required(node, "kind", "kind: of the message, such as http.request");
        known.why = required(node, "why", "why: the reason, for whoever reads the report");
        if (const YamlNode* const change = NodeReader::value(node, "difference"))
            known.change = changeOf(*change);
        known.twin = pattern(node, "twin");
        known.real = pattern(node, "real");
        m_known.push_back(std::move(known));
    }

    std::string word(const YamlNode& node, std::string_view key)
    {
        const YamlNode* const value = NodeReader::value(node, key);
        return value == nullptr ? std::string{} : m_nodes.text(*value, "a text").value_or("");
    }

    std::string required(const YamlNode& node, std::string_view key, std::string_view expected)
    {
        if (NodeReader::value(node, key) == nullptr)
            m_nodes.problemWith(node.place, fmt::format("no {}", key), expected);
        return word(node, key);
    }

    std::optional<DifferenceKind> changeOf(const YamlNode& node)
    {
        constexpr std::array all{DifferenceKind::Missing, DifferenceKind::Extra, DifferenceKind::Order,
                                 DifferenceKind::Field, DifferenceKind::Timing};
        std::vector<std::string_view> words;
        for (const DifferenceKind one : all) {
            if (node.text == hwbridge::name(one))
                return one;
            words.push_back(hwbridge::name(one));
        }
        m_nodes.problem(node, "missing, extra, order, field or timing", words);
        return std::nullopt;
    }

    std::optional<TextPattern> pattern(const YamlNode& node, std::string_view key)
    {
        const YamlNode* const value = NodeReader::value(node, key);
        if (value == nullptr)
            return std::nullopt;
        Result<TextPattern> parsed = TextPattern::parse(m_nodes.text(*value, "a pattern").value_or(""));
        if (parsed.has_value())
            return *std::move(parsed);
        m_nodes.problem(*value, parsed.error().detail);
        return std::nullopt;
    }

    NodeReader m_nodes;
    std::vector<KnownDeviation> m_known;
};

// "11.3.1" is in "sip7832.11-3-1MPP-678".
std::string dashed(std::string_view version)
{
    std::string text{version};
    std::replace(text.begin(), text.end(), '.', '-');
    return text;
}

bool isOf(const KnownDeviation& known, std::string_view model, std::string_view firmware)
{
    return (known.model.empty() || known.model == model) &&
           (known.firmware.empty() || dashed(firmware).find(dashed(known.firmware)) != std::string::npos);
}

bool finds(const std::optional<TextPattern>& pattern, const DifferenceSide& side)
{
    return !pattern || (side.present && pattern->find(side.value).has_value());
}

bool fits(const KnownDeviation& known, const Difference& difference)
{
    return (!known.change || *known.change == difference.what) && known.kind == name(difference.kind) &&
           (known.field.empty() || known.field == difference.field) && finds(known.twin, difference.a) &&
           finds(known.real, difference.b);
}

// "http" of "http.request": exchanges bear that name.
bool wasCompared(const Comparison& comparison, std::string_view kind)
{
    const std::string_view layer = kind.substr(0, kind.find('.'));
    return std::any_of(comparison.scores.begin(), comparison.scores.end(),
                       [&](const LayerScore& score) { return score.layer == layer && score.exchanges > 0; });
}

}  // namespace

KnownReading readKnownDeviations(const std::string& file, std::string_view text)
{
    return KnownReader{file}.read(text);
}

SortedRoots sortRoots(const Comparison& comparison, const std::vector<KnownDeviation>& known,
                      std::string_view model, std::string_view firmware)
{
    SortedRoots sorted;
    std::vector<bool> shown(known.size());
    for (const std::size_t root : comparison.roots()) {
        const Difference& difference = comparison.findings[root].first;
        const auto fitting = std::find_if(known.begin(), known.end(), [&](const KnownDeviation& one) {
            return isOf(one, model, firmware) && fits(one, difference);
        });
        if (fitting == known.end()) {
            sorted.unexpected.push_back(root);
            continue;
        }
        const auto number = static_cast<std::size_t>(fitting - known.begin());
        sorted.expected.push_back({root, number});
        shown[number] = true;
    }
    for (std::size_t i = 0; i < known.size(); ++i)
        if (!shown[i] && isOf(known[i], model, firmware) && wasCompared(comparison, known[i].kind))
            sorted.gone.push_back(i);
    return sorted;
}

}  // namespace hwbridge
