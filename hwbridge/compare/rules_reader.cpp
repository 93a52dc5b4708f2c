#include "hwbridge/compare/rules_reader.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/base/nearest_word.hpp"
#include "emulator/trace/event_layer.hpp"
#include "hwbridge/compare/compare_files.hpp"
#include "hwbridge/compare/field_place_reader.hpp"
#include "hwbridge/yaml/node_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <tuple>

namespace hwbridge {

namespace {

using emulator::EventKind;
using emulator::FieldName;
using emulator::Observer;

constexpr std::size_t mostTextRules = 60;
constexpr std::size_t mostProblems = 20;

using Words = std::vector<std::string_view>;

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), emulator::lowerAscii);
    return text;
}

// The first that is set, of one at least.
template <class Enum, std::size_t Count>
Enum firstOf(const std::bitset<Count>& set)
{
    std::size_t i = 0;
    while (i + 1 < Count && !set.test(i))
        ++i;
    return static_cast<Enum>(i);
}

class RulesReader {
public:
    RulesReader(std::string file, Rules rules) : m_nodes{std::move(file)}, m_rules{std::move(rules)} {}

    RulesReading read(std::string_view text)
    {
        const auto root = parseYaml(text, "rules of a comparison");
        if (root.has_error())
            m_nodes.problems().push_back(fmt::format("{}:{}", m_nodes.file(), root.error().detail));
        else if (m_nodes.isMap(*root, "rules of a comparison: a map that begins with comparison: 1"))
            top(*root);
        RulesReading reading;
        reading.problems = std::move(m_nodes.problems());
        if (reading.problems.size() > mostProblems)
            reading.problems.resize(mostProblems);
        if (reading.problems.empty())
            reading.rules = std::move(m_rules);
        return reading;
    }

private:
    void top(const YamlNode& root)
    {
        m_nodes.checkKeys(root, {"comparison", "in_step_after", "left_out", "texts", "fields", "headers",
                                 "kinds", "timing", "order", "environment"});
        if (const YamlNode* const version = NodeReader::value(root, "comparison"))
            m_nodes.number(*version, 1, 1);
        else
            m_nodes.problem(root, "comparison: 1, the version of this form");
        if (const YamlNode* const node = NodeReader::value(root, "in_step_after"))
            if (const auto count = m_nodes.number(*node, 1, 1000))
                m_rules.inStepAfter = static_cast<std::size_t>(*count);
        each(root, "left_out", [&](const YamlNode& node) { eventRule(node); });
        each(root, "texts", [&](const YamlNode& node) { textRule(node); });
        each(root, "fields", [&](const YamlNode& node) { fieldRule(node); });
        each(root, "headers", [&](const YamlNode& node) { headerRule(node); });
        each(root, "timing", [&](const YamlNode& node) { timing(node); });
        if (const YamlNode* const kinds = NodeReader::value(root, "kinds"))
            if (m_nodes.isMap(*kinds, "a map of kinds, such as http.request: {key: [method]}"))
                for (const YamlEntry& entry : kinds->entries)
                    kind(entry.key, entry.value);
        if (const YamlNode* const node = NodeReader::value(root, "order"))
            order(*node);
        if (const YamlNode* const node = NodeReader::value(root, "environment"))
            m_rules.environment = m_nodes.texts(*node, "names of exchanges, such as arp");
    }

    template <class Use>
    void each(const YamlNode& root, std::string_view key, Use use)
    {
        const YamlNode* const list = NodeReader::value(root, key);
        if (list == nullptr)
            return;
        if (list->kind != YamlNode::Kind::List) {
            m_nodes.problem(*list, fmt::format("a list of {}", key));
            return;
        }
        m_replaced.clear();
        for (const YamlNode& item : list->items)
            if (m_nodes.isMap(item, "a rule: a map such as {rule: NAME, why: TEXT, ...}"))
                use(item);
    }

    // Name and reason; a rule of that name which was there before this file goes. False: the rule is switched off.
    template <class Rule>
    bool begin(const YamlNode& node, const Words& keys, Rule& rule, std::vector<Rule>& rules)
    {
        Words allowed{"rule", "why", "off"};
        allowed.insert(allowed.end(), keys.begin(), keys.end());
        m_nodes.checkKeys(node, allowed);
        const YamlNode* const name = NodeReader::value(node, "rule");
        if (name == nullptr) {
            m_nodes.problem(node, "rule: NAME, under which the report lists what it sets aside");
            return false;
        }
        if (const auto text = m_nodes.text(*name, "the name of a rule"))
            rule.name = *text;
        Words names;
        for (const Rule& known : rules)
            if (std::find(names.begin(), names.end(), known.name) == names.end())  // a name may have several
                names.push_back(known.name);
        if (std::find(m_replaced.begin(), m_replaced.end(), rule.name) == m_replaced.end()) {
            const std::size_t removed =
                std::erase_if(rules, [&](const Rule& known) { return known.name == rule.name; });
            m_replaced.push_back(rule.name);
            if (flag(node, "off")) {
                if (removed == 0)
                    m_nodes.problem(*name, fmt::format("a rule to switch off: {}", emulator::oneOf(names)),
                                    names);
                return false;
            }
        }
        if (flag(node, "off"))
            return false;
        const YamlNode* const why = NodeReader::value(node, "why");
        if (why == nullptr)
            m_nodes.problem(*name, "why: TEXT beside it, the reason that the report gives");
        else if (const auto text = m_nodes.text(*why, "the reason"))
            rule.why = *text;
        return true;
    }

    bool flag(const YamlNode& node, std::string_view key)
    {
        const YamlNode* const value = NodeReader::value(node, key);
        return value != nullptr && m_nodes.flag(*value).value_or(false);
    }

    void textRule(const YamlNode& node)
    {
        TextRule rule;
        if (!begin(node, {"match", "phone", "peer", "learn", "keep", "as", "at", "in"}, rule, m_rules.texts))
            return;
        rule.kinds.set();
        rule.fields.set();
        const YamlNode* const match = NodeReader::value(node, "match");
        const YamlNode* const phone = NodeReader::value(node, "phone");
        const YamlNode* const peer = NodeReader::value(node, "peer");
        const YamlNode* const learn = NodeReader::value(node, "learn");
        if (peer != nullptr) {
            const Words words{"address"};
            rule.source = TextRule::Source::PeerAddress;
            if (const auto text = m_nodes.text(*peer, emulator::oneOf(words)); text && *text != "address")
                m_nodes.problem(*peer, emulator::oneOf(words), words);
        } else if (phone != nullptr) {
            const Words words{"mac", "address"};
            const auto text = m_nodes.text(*phone, emulator::oneOf(words));
            if (text && *text == "mac")
                rule.source = TextRule::Source::OwnMac;
            else if (text && *text == "address")
                rule.source = TextRule::Source::OwnAddress;
            else if (text)
                m_nodes.problem(*phone, emulator::oneOf(words), words);
        } else if (match == nullptr) {
            m_nodes.problem(node, "match: PATTERN, or phone: mac or address, or peer: address");
        }
        if (match != nullptr)
            pattern(*match, rule.pattern);
        if (learn != nullptr) {
            rule.source = TextRule::Source::Learned;
            if (const auto where = m_places.place(*learn);
                where && where->kinds.count() == 1 && where->fields.count() == 1) {
                rule.learnKind = firstOf<EventKind>(where->kinds);
                rule.learnField = firstOf<FieldName>(where->fields);
            } else if (where) {
                m_nodes.problem(*learn, "one field, such as http.request.user_agent");
            }
        }
        if (const YamlNode* const keep = NodeReader::value(node, "keep")) {
            rule.keepsFirst = true;
            if (keep->text != "first")
                m_nodes.problem(*keep, "first", {"first"});
            else if (rule.source != TextRule::Source::Pattern)
                m_nodes.problem(*keep, "it with match alone");
        }
        if (const YamlNode* const as = NodeReader::value(node, "as")) {
            if (const auto text = m_nodes.text(*as, "what the report shows instead"))
                rule.token = *text;
        } else {
            m_nodes.problem(node, "as: TEXT, what the report shows instead");
        }
        if (const YamlNode* const at = NodeReader::value(node, "at")) {
            rule.atStart = true;
            if (at->text != "start")
                m_nodes.problem(*at, "start", {"start"});
        }
        if (const YamlNode* const in = NodeReader::value(node, "in"))
            std::tie(rule.kinds, rule.fields) = m_places.places(*in);
        if (m_rules.texts.size() >= mostTextRules)
            m_nodes.problem(node, fmt::format("at most {} rules for texts", mostTextRules));
        else
            m_rules.texts.push_back(std::move(rule));
    }

    void eventRule(const YamlNode& node)
    {
        EventRule rule;
        if (!begin(node, {"in"}, rule, m_rules.leftOut))
            return;
        if (const YamlNode* const in = NodeReader::value(node, "in"))
            rule.kinds = m_places.kindList(*in);
        else
            m_nodes.problem(node, "in: [KIND, ...]");
        m_rules.leftOut.push_back(std::move(rule));
    }

    void fieldRule(const YamlNode& node)
    {
        FieldRule rule;
        if (!begin(node, {"in", "sent_by"}, rule, m_rules.fields))
            return;
        if (const YamlNode* const in = NodeReader::value(node, "in"))
            std::tie(rule.kinds, rule.fields) = m_places.places(*in);
        else
            m_nodes.problem(node, "in: [KIND.FIELD, ...]");
        if (const YamlNode* const sender = NodeReader::value(node, "sent_by")) {
            const Words words{"phone", "peer"};
            if (sender->text != "phone" && sender->text != "peer")
                m_nodes.problem(*sender, emulator::oneOf(words), words);
            rule.sender = sender->text == "phone" ? FieldRule::Sender::Phone : FieldRule::Sender::Peer;
        }
        m_rules.fields.push_back(std::move(rule));
    }

    void headerRule(const YamlNode& node)
    {
        HeaderRule rule;
        if (!begin(node, {"names", "presence"}, rule, m_rules.headers))
            return;
        if (const YamlNode* const names = NodeReader::value(node, "names"))
            for (std::string& name : m_nodes.texts(*names, "names of header fields"))
                rule.names.push_back(lower(std::move(name)));
        else
            m_nodes.problem(node, "names: [HEADER, ...]");
        if (const YamlNode* const presence = NodeReader::value(node, "presence"))
            rule.presence = m_nodes.flag(*presence).value_or(true);
        m_rules.headers.push_back(std::move(rule));
    }

    void kind(const YamlNode& key, const YamlNode& node)
    {
        const auto kinds = m_places.kindsOf(key, key.text);
        if (!kinds ||
            !m_nodes.isMap(node, "a map with exchange, opens, key, message, outcome, optional, follows"))
            return;
        m_nodes.checkKeys(node, {"exchange", "opens", "key", "message", "outcome", "optional", "follows"});
        for (std::size_t i = 0; i < kindCount; ++i)
            if (kinds->test(i))
                kind(m_rules.kinds[i], node);
    }

    void kind(KindRules& rules, const YamlNode& node)
    {
        if (const YamlNode* const exchange = NodeReader::value(node, "exchange"))
            if (const auto text = m_nodes.text(*exchange, "a name for these exchanges"))
                rules.exchange = *text;
        if (const YamlNode* const opens = NodeReader::value(node, "opens")) {
            const Words words{"changed", "always", "never"};
            const auto at = std::find(words.begin(), words.end(), opens->text);
            if (at == words.end())
                m_nodes.problem(*opens, emulator::oneOf(words), words);
            else
                rules.opens = static_cast<KindRules::Opens>(at - words.begin());
        }
        if (const YamlNode* const key = NodeReader::value(node, "key"))
            rules.key = m_places.fieldList(*key);
        if (const YamlNode* const message = NodeReader::value(node, "message"))
            rules.message = m_places.fieldList(*message);
        if (const YamlNode* const outcome = NodeReader::value(node, "outcome"))
            rules.outcome = m_places.fieldSet(*outcome);
        if (const YamlNode* const optional = NodeReader::value(node, "optional"))
            rules.optional = m_places.fieldSet(*optional);
        if (const YamlNode* const follows = NodeReader::value(node, "follows"))
            if (m_nodes.isMap(*follows, "a map such as method: [bytes, header Content-Length]"))
                for (const YamlEntry& entry : follows->entries) {
                    (void)m_places.field(entry.key);
                    rules.follows[entry.key.text] =
                        m_nodes.texts(entry.value, "fields, and headers as \"header NAME\"");
                }
    }

    void timing(const YamlNode& node)
    {
        m_nodes.checkKeys(node, {"in", "answer", "repeat", "pause"});
        KindSet kinds;
        if (const YamlNode* const in = NodeReader::value(node, "in"))
            kinds = m_places.kindList(*in);
        else
            m_nodes.problem(node, "in: [KIND, ...]");
        for (std::size_t relation = 0; relation < timeRelationCount; ++relation) {
            const YamlNode* const value = NodeReader::value(node, name(static_cast<TimeRelation>(relation)));
            if (value == nullptr)
                continue;
            TimeBand band;
            const bool off = value->kind == YamlNode::Kind::Scalar && value->text == "off";
            if (!off && m_nodes.isMap(*value, "{within: DURATION, part: PERCENT}, or off"))
                band = bandOf(*value);
            for (std::size_t i = 0; i < kindCount; ++i)
                if (kinds.test(i)) {
                    m_rules.kinds[i].bands[relation] = band;
                    m_rules.kinds[i].timed[relation] = !off;
                }
        }
    }

    TimeBand bandOf(const YamlNode& node)
    {
        m_nodes.checkKeys(node, {"within", "part"});
        TimeBand band;
        if (const YamlNode* const within = NodeReader::value(node, "within"))
            band.within = m_nodes.duration(*within).value_or(emulator::Duration{});
        if (const YamlNode* const part = NodeReader::value(node, "part")) {
            std::string_view text = part->text;
            unsigned percent = 0;
            const bool hasSign = text.ends_with('%');
            if (hasSign)
                text.remove_suffix(1);
            const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
            if (!hasSign || error != std::errc{} || stop != text.data() + text.size() || percent > 1000)
                m_nodes.problem(*part, "a part such as 10%");
            band.part = percent / 100.0;
        }
        return band;
    }

    void order(const YamlNode& node)
    {
        if (!m_nodes.isMap(node, "a map with swap_within, peer_within, any"))
            return;
        m_nodes.checkKeys(node, {"swap_within", "peer_within", "any"});
        if (const YamlNode* const peer = NodeReader::value(node, "peer_within"))
            m_rules.peerWithin = m_nodes.duration(*peer).value_or(emulator::Duration{});
        if (const YamlNode* const any = NodeReader::value(node, "any"))
            m_rules.anyOrder = m_nodes.texts(*any, "names of exchanges, such as parameter");
        const YamlNode* const swaps = NodeReader::value(node, "swap_within");
        if (swaps == nullptr || !m_nodes.isMap(*swaps, "a map such as {server: 250ms}"))
            return;
        const Words words{name(Observer::Phone), name(Observer::Server), name(Observer::Wire)};
        m_nodes.checkKeys(*swaps, words);
        for (const YamlEntry& entry : swaps->entries)
            for (const Observer one : {Observer::Phone, Observer::Server, Observer::Wire})
                if (name(one) == entry.key.text)
                    m_rules.swapWithin[static_cast<std::size_t>(one)] =
                        m_nodes.duration(entry.value).value_or(emulator::Duration{});
    }

    void pattern(const YamlNode& node, TextPattern& to)
    {
        const auto text = m_nodes.text(node, "a pattern");
        if (!text)
            return;
        auto read = TextPattern::parse(*text);
        if (read.has_value()) {
            to = *std::move(read);
            return;
        }
        m_nodes.problems().push_back(fmt::format("{}:{}:{}: {}", m_nodes.file(), node.place.line,
                                                 node.place.column, read.error().detail));
    }

    NodeReader m_nodes;
    FieldPlaceReader m_places{m_nodes};
    Rules m_rules;
    std::vector<std::string> m_replaced;  // names of the list being read that this file has given already
};

Rules blankRules()
{
    Rules rules;
    for (std::size_t i = 0; i < kindCount; ++i)
        rules.kinds[i].exchange = layerOf(static_cast<EventKind>(i));
    return rules;
}

}  // namespace

std::string_view name(TimeRelation relation)
{
    switch (relation) {
    case TimeRelation::Answer:
        return "answer";
    case TimeRelation::Repeat:
        return "repeat";
    case TimeRelation::Pause:
        return "pause";
    }
    return "";
}

std::string_view defaultRulesText()
{
    return compareFiles().front().bytes;
}

const Rules& defaultRules()
{
    static const Rules rules = [] {
        RulesReading reading = RulesReader{"default_rules.yaml", blankRules()}.read(defaultRulesText());
        assert(reading.rules);  // a test reads them, too
        return reading.rules ? *std::move(reading.rules) : blankRules();
    }();
    return rules;
}

RulesReading readRules(std::string file, std::string_view text)
{
    return RulesReader{std::move(file), defaultRules()}.read(text);
}

}  // namespace hwbridge
