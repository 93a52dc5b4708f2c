#include "hwbridge/compare/text_report.hpp"

#include "emulator/base/plural.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace hwbridge {

namespace {

using emulator::FieldName;
using emulator::Observer;
using emulator::plural;

constexpr std::size_t shownRoots = 50;
constexpr std::size_t shownFollowers = 5;
constexpr std::size_t valueWidth = 160;

// Control characters cannot do anything; bytes above them pass, as UTF-8 mostly.
std::string safe(std::string_view text, std::size_t most = valueWidth)
{
    std::string shown = shownValue(text, most);
    for (char& c : shown)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = c == '\n' ? ' ' : '.';
    return shown;
}

class TextWriting {
public:
    TextWriting(const ComparisonReport& report, bool colours) : m_report{report}, m_colours{colours} {}

    std::string write()
    {
        head();
        roots();
        scores();
        aside();
        notCompared();
        const bool equal = verdictOf(m_report) == ComparisonVerdict::Equal;
        line("{}", colour(equal ? "\x1b[1;32m" : "\x1b[1;31m", verdictText(m_report)));
        return std::move(m_out);
    }

private:
    template <class... Values>
    void line(fmt::format_string<Values...> form, Values&&... values)
    {
        fmt::format_to(std::back_inserter(m_out), form, std::forward<Values>(values)...);
        m_out += '\n';
    }

    std::string colour(std::string_view code, std::string_view text) const
    {
        return m_colours ? fmt::format("{}{}\x1b[0m", code, text) : std::string{text};
    }
    std::string soft(std::string_view text) const { return colour("\x1b[2m", text); }
    std::string bold(std::string_view text) const { return colour("\x1b[1m", text); }

    void head()
    {
        for (const auto& [letter, file] : {std::pair{'A', &m_report.a}, std::pair{'B', &m_report.b}}) {
            std::string skipped;
            if (file->skippedEvents + file->skippedFields > 0)
                skipped =
                    fmt::format(", {} and {} of unknown names passed over",
                                plural(file->skippedEvents, "event"), plural(file->skippedFields, "field"));
            line("{}  {}  {}", bold(std::string(1, letter)), safe(file->path, 400),
                 soft(fmt::format("{}, {}{}", file->form, plural(file->store.events().size(), "event"),
                                  skipped)));
            if (file->dropped > 0)
                line("   {}",
                     colour("\x1b[31m", fmt::format("the capture lost {} beside the {} that it has",
                                                    plural(file->dropped, "packet"), file->packets)));
        }
        const Comparison& c = m_report.comparison;
        std::string observers;
        for (const Observer by : c.observers)
            observers.append(observers.empty() ? "" : ", ").append(name(by));
        line("   {}", soft(fmt::format("{}, seen by {}", plural(c.phones.size(), "phone"),
                                       observers.empty() ? "nobody on both sides" : observers)));
        constexpr std::size_t shown = 8;
        for (std::size_t i = 0; i < std::min(c.phones.size(), shown); ++i)
            if (c.phones[i].a != c.phones[i].b)
                line("   {} {} {}", c.phones[i].a.empty() ? "(none)" : c.phones[i].a, soft("with"),
                     c.phones[i].b.empty() ? "(none)" : c.phones[i].b);
        line("");
    }

    void roots()
    {
        const Comparison& c = m_report.comparison;
        std::size_t number = 0;
        for (const std::size_t root : c.roots()) {
            if (++number > shownRoots) {
                line("{}", soft(fmt::format("{} more roots: --json F and --html F list them",
                                            c.roots().size() - shownRoots)));
                line("");
                break;
            }
            finding(number, c.findings[root]);
        }
    }

    void finding(std::size_t number, const Finding& root)
    {
        const Difference& d = root.first;
        std::string about = fmt::format("by {}", name(root.by));
        for (const Observer by : root.seenBy)
            about += fmt::format(" and {}", name(by));
        const Comparison& c = m_report.comparison;
        if (c.phones.size() > 1 && root.phone < c.phones.size())
            about += fmt::format(", phone {}", c.phones[root.phone].a.empty() ? c.phones[root.phone].b
                                                                              : c.phones[root.phone].a);
        if (root.count > 1)
            about += fmt::format(", {} times", root.count);
        line("{} {}  {}", colour("\x1b[31m", fmt::format("#{}", number)), bold(titleOf(d)), soft(about));
        if (!d.where.empty() && !d.whole)
            line("    in {}", safe(d.where));
        if (!d.detail.empty() && d.what == DifferenceKind::Timing)
            line("    after {}", safe(d.detail));
        values(d);
        if (root.varies)
            line("    {}", soft("other values at other places"));
        if (root.followers.empty())
            return line("");
        line("    {}",
             soft(fmt::format("{} from it:", root.followers.size() == 1 ? "this follows" : "these follow")));
        for (std::size_t i = 0; i < std::min(root.followers.size(), shownFollowers); ++i)
            follower(c.findings[root.followers[i]]);
        if (root.followers.size() > shownFollowers)
            line("      {}", soft(fmt::format("and {} more", root.followers.size() - shownFollowers)));
        line("");
    }

    void values(const Difference& d)
    {
        const std::string placeA = placeOf(m_report.a, d.a);
        const std::string placeB = placeOf(m_report.b, d.b);
        const std::size_t width = std::max(placeA.size(), placeB.size());
        const auto one = [&](char letter, const DifferenceSide& side, const std::string& place) {
            line("    {} {:<{}}  {}", letter, place, width,
                 side.present ? side.value.empty() ? soft("(empty)") : safe(side.value) : soft("(none)"));
        };
        one('A', d.a, placeA);
        one('B', d.b, placeB);
    }

    void follower(const Finding& finding)
    {
        const Difference& d = finding.first;
        const DifferenceSide& side = d.a.present ? d.a : d.b;
        std::string value = d.what == DifferenceKind::Missing || d.what == DifferenceKind::Extra
                                ? safe(side.value, 120)
                                : fmt::format("{} / {}", d.a.present ? safe(d.a.value, 70) : "(none)",
                                              d.b.present ? safe(d.b.value, 70) : "(none)");
        std::string times;
        if (finding.count > 1)
            times = fmt::format(", {} times", finding.count);
        line("      {}  {}{}", titleOf(d), soft(value), soft(times));
    }

    void scores()
    {
        const Comparison& c = m_report.comparison;
        if (c.scores.empty())
            return;
        std::size_t width = 0;
        std::size_t digits = 0;
        for (const LayerScore& score : c.scores) {
            width = std::max(width, score.layer.size());
            digits = std::max(digits, std::to_string(score.exchanges).size());
        }
        line("{}", bold("fidelity"));
        for (const LayerScore& score : c.scores) {
            const double shown = score.equal == score.exchanges ? 100 : std::min(score.percent(), 99.9);
            std::string parts;
            for (const auto& [count, what] :
                 {std::pair{score.differ, "differ"}, std::pair{score.missing, "missing"},
                  std::pair{score.extra, "extra"}})
                if (count > 0)
                    parts += fmt::format(", {} {}", count, what);
            line("  {:<{}}  {:>5.1f} %  {:>{}} exchanges: {} equal{}", score.layer, width, shown,
                 score.exchanges, digits, score.equal, parts);
        }
        line("");
    }

    void aside()
    {
        const Comparison& c = m_report.comparison;
        if (c.aside.empty())
            return;
        std::size_t width = 0;
        std::size_t digits = 0;
        for (const RuleUse& use : c.aside) {
            width = std::max(width, use.rule.size());
            digits = std::max(digits, std::to_string(use.count).size());
        }
        line("{}", bold("set aside"));
        for (const RuleUse& use : c.aside)
            line("  {:<{}}  {:>{}}  {}", use.rule, width, use.count, digits, soft(use.why));
        line("");
    }

    void notCompared()
    {
        const Comparison& c = m_report.comparison;
        if (c.notCompared.empty())
            return;
        std::size_t width = 0;
        for (const NotCompared& one : c.notCompared)
            width = std::max(width, one.what.size());
        line("{}", bold("not compared"));
        for (const NotCompared& one : c.notCompared) {
            std::string counts;
            if (one.countA + one.countB > 0)
                counts = fmt::format(" (A {}, B {})", one.countA, one.countB);
            line("  {:<{}}  {}{}", one.what, width, soft(one.why), soft(counts));
        }
        line("");
    }

    const ComparisonReport& m_report;
    bool m_colours;
    std::string m_out;
};

// "A lost 3 packets, B lost 1 packet".
std::string lossOf(const ComparisonReport& report)
{
    std::string text;
    for (const auto& [letter, file] : {std::pair{'A', &report.a}, std::pair{'B', &report.b}})
        if (file->dropped > 0)
            fmt::format_to(std::back_inserter(text), "{}{} lost {}", text.empty() ? "" : ", ", letter,
                           plural(file->dropped, "packet"));
    return text;
}

}  // namespace

std::string placeOf(const TraceFile& trace, const DifferenceSide& side)
{
    if (!side.event)
        return {};
    const StoredEvent& event = trace.store.events()[*side.event];
    const std::int64_t packet = trace.store.number(event, FieldName::Packet, 0);
    if (packet > 0)
        return fmt::format("packet {}", packet);
    return event.line > 0 ? fmt::format("line {}", event.line) : std::string{};
}

std::string titleOf(const Difference& d)
{
    switch (d.what) {
    case DifferenceKind::Missing:
    case DifferenceKind::Extra: {
        const std::string_view word = d.what == DifferenceKind::Missing ? "missing" : "extra";
        return d.detail.empty() ? fmt::format("{} {}", word, name(d.kind))
                                : fmt::format("{} {} of {}", word, d.detail, name(d.kind));
    }
    case DifferenceKind::Order:
        return fmt::format("order of {}", name(d.kind));
    case DifferenceKind::Field:
        return fmt::format("{} {}", name(d.kind), d.field);
    case DifferenceKind::Timing:
        return fmt::format("{} time of {}", d.field, name(d.kind));
    }
    return {};
}

ComparisonVerdict verdictOf(const ComparisonReport& report)
{
    if (report.comparison.isEmpty())
        return ComparisonVerdict::NothingCompared;
    if (!report.comparison.isEqual())
        return ComparisonVerdict::Different;
    return report.a.dropped + report.b.dropped > 0 ? ComparisonVerdict::Incomplete : ComparisonVerdict::Equal;
}

std::string verdictText(const ComparisonReport& report)
{
    const Comparison& comparison = report.comparison;
    switch (verdictOf(report)) {
    case ComparisonVerdict::NothingCompared:
        return "nothing was compared";
    case ComparisonVerdict::Equal:
        return "no difference";
    case ComparisonVerdict::Incomplete:
        return "no difference in what was captured: " + lossOf(report);
    case ComparisonVerdict::Different:
        break;
    }
    const std::size_t roots = comparison.roots().size();
    const std::uint64_t rest = comparison.findings.size() - roots + comparison.unlisted;
    std::string text = plural(roots, "difference");
    if (rest > 0)
        text += fmt::format(", {} more {} from {}", rest, rest == 1 ? "follows" : "follow",
                            roots == 1 ? "it" : "them");
    return text;
}

std::string textReport(const ComparisonReport& report, bool colours)
{
    return TextWriting{report, colours}.write();
}

}  // namespace hwbridge
