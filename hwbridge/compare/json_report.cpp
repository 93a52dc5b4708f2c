#include "hwbridge/compare/json_report.hpp"

#include "emulator/trace/ndjson.hpp"

#include <fmt/format.h>

#include <iterator>

namespace hwbridge {

namespace {

using emulator::FieldName;

std::string_view word(ComparisonVerdict verdict)
{
    switch (verdict) {
    case ComparisonVerdict::NothingCompared:
        return "nothing compared";
    case ComparisonVerdict::Equal:
        return "equal";
    case ComparisonVerdict::Incomplete:
        return "incomplete";
    case ComparisonVerdict::Different:
        return "different";
    }
    return "";
}

class JsonWriting {
public:
    explicit JsonWriting(const ComparisonReport& report) : m_report{report} {}

    std::string write()
    {
        const Comparison& c = m_report.comparison;
        m_out = "{";
        key("comparison");
        m_out += "1";
        key("verdict");
        text(word(verdictOf(m_report)));
        file("a", m_report.a, c.comparedA);
        file("b", m_report.b, c.comparedB);
        key("observers");
        list(c.observers, [&](emulator::Observer by) { text(name(by)); });
        key("phones");
        list(c.phones, [&](const PhonePairName& pair) {
            m_out += "{";
            member("a", pair.a);
            member("b", pair.b);
            m_out += "}";
        });
        const std::vector<std::size_t> roots = c.roots();
        key("roots");
        list(roots, [&](std::size_t root) {
            const auto known = m_report.known.find(root);
            finding(c.findings[root], true, known == m_report.known.end() ? nullptr : &known->second);
        });
        key("unlisted");
        number(c.unlisted);
        key("fidelity");
        list(c.scores, [&](const LayerScore& score) {
            m_out += "{";
            member("exchange", score.layer);
            key("percent");
            fmt::format_to(std::back_inserter(m_out), "{:.3f}", score.percent());
            for (const auto& [word, count] :
                 {std::pair{"exchanges", score.exchanges}, std::pair{"equal", score.equal},
                  std::pair{"differ", score.differ}, std::pair{"missing", score.missing},
                  std::pair{"extra", score.extra}}) {
                key(word);
                number(count);
            }
            m_out += "}";
        });
        key("set_aside");
        list(c.aside, [&](const RuleUse& use) {
            m_out += "{";
            member("rule", use.rule);
            key("count");
            number(use.count);
            member("why", use.why);
            m_out += "}";
        });
        key("not_compared");
        list(c.notCompared, [&](const NotCompared& one) {
            m_out += "{";
            member("what", one.what);
            member("why", one.why);
            key("a");
            number(one.countA);
            key("b");
            number(one.countB);
            m_out += "}";
        });
        m_out += "\n}\n";
        return std::move(m_out);
    }

private:
    void text(std::string_view value) { emulator::appendJsonString(m_out, value); }
    void number(std::uint64_t value) { fmt::format_to(std::back_inserter(m_out), "{}", value); }
    void key(std::string_view name)
    {
        if (m_out.back() != '{')
            m_out += ", ";
        if (m_depth == 0)
            m_out += "\n ";
        text(name);
        m_out += ": ";
    }
    void member(std::string_view name, std::string_view value)
    {
        key(name);
        text(value);
    }
    template <class List, class Use>
    void list(const List& items, Use use)
    {
        ++m_depth;
        m_out += "[";
        std::string_view separator = "\n  ";
        for (const auto& item : items) {
            m_out += separator;
            separator = ",\n  ";
            use(item);
        }
        m_out += "]";
        --m_depth;
    }

    void file(std::string_view name, const TraceFile& file, std::uint64_t compared)
    {
        key(name);
        ++m_depth;
        m_out += "{";
        member("file", file.path);
        member("form", file.form);
        for (const auto& [word, count] :
             {std::pair{"events", std::uint64_t{file.store.events().size()}}, std::pair{"compared", compared},
              std::pair{"skipped_events", file.skippedEvents},
              std::pair{"skipped_fields", file.skippedFields}, std::pair{"packets", file.packets},
              std::pair{"dropped", file.dropped}}) {
            key(word);
            number(count);
        }
        m_out += "}";
        --m_depth;
    }

    void side(std::string_view name, const TraceFile& file, const DifferenceSide& side)
    {
        key(name);
        m_out += "{";
        key("present");
        m_out += side.present ? "true" : "false";
        if (side.present)
            member("value", side.value);
        if (side.event) {
            const StoredEvent& event = file.store.events()[*side.event];
            const auto us = event.at.time_since_epoch().count();
            key("t");
            fmt::format_to(std::back_inserter(m_out), "{:.6f}", static_cast<double>(us) / 1e6);
            if (event.line > 0) {
                key("line");
                number(event.line);
            }
            if (const std::int64_t packet = file.store.number(event, FieldName::Packet, 0); packet > 0) {
                key("packet");
                number(static_cast<std::uint64_t>(packet));
            }
        }
        m_out += "}";
    }

    void sides(const Difference& d)
    {
        side("a", m_report.a, d.a);
        side("b", m_report.b, d.b);
    }

    void finding(const Finding& finding, bool root, const KnownReason* known = nullptr)
    {
        const Comparison& c = m_report.comparison;
        const Difference& d = finding.first;
        m_out += "{";
        member("difference", name(d.what));
        member("title", titleOf(d));
        member("kind", name(d.kind));
        member("field", d.field);
        member("exchange", d.where);
        member("detail", d.detail);
        member("by", name(finding.by));
        key("seen_by");
        list(finding.seenBy, [&](emulator::Observer by) { text(name(by)); });
        if (finding.phone < c.phones.size()) {
            const PhonePairName& pair = c.phones[finding.phone];
            member("phone", pair.a.empty() ? pair.b : pair.a);
        }
        key("count");
        number(finding.count);
        key("varies");
        m_out += finding.varies ? "true" : "false";
        sides(d);
        if (known != nullptr) {
            member("known", known->name);
            member("known_why", known->why);
        }
        key("more");
        list(finding.more, [&](const Difference& one) {
            m_out += "{";
            member("exchange", one.where);
            sides(one);
            m_out += "}";
        });
        if (root) {
            key("follows");
            list(finding.followers,
                 [&](std::size_t follower) { this->finding(c.findings[follower], false); });
        }
        m_out += "}";
    }

    const ComparisonReport& m_report;
    std::string m_out;
    int m_depth = 0;
};

}  // namespace

std::string jsonReport(const ComparisonReport& report)
{
    return JsonWriting{report}.write();
}

}  // namespace hwbridge
