#include "hwbridge/compare/html_report.hpp"

#include "emulator/base/plural.hpp"
#include "emulator/base/report_style.hpp"
#include "emulator/base/xml_text.hpp"
#include "emulator/trace/event_layer.hpp"
#include "hwbridge/compare/comparison_style.hpp"
#include "hwbridge/compare/exchange_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace hwbridge {

namespace {

using emulator::escapeXml;
using emulator::EventKind;
using emulator::FieldName;
using emulator::plural;

constexpr std::size_t openRoots = 5;
constexpr std::size_t drawnRoots = 200;
constexpr std::size_t drawnFollowers = 40;
constexpr std::size_t labelLength = 110;

// A text as a page shows it: control characters as spaces.
std::string html(std::string_view text, std::size_t most = 400)
{
    std::string shown = shownValue(text, most);
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; },
        ' ');
    return escapeXml(shown);
}

// The value with the part that the other one does not have marked.
std::string marked(const std::string& value, const std::string& other)
{
    const std::size_t shorter = std::min(value.size(), other.size());
    std::size_t front = 0;
    while (front < shorter && value[front] == other[front])
        ++front;
    std::size_t back = 0;
    while (back < shorter - front && value[value.size() - 1 - back] == other[other.size() - 1 - back])
        ++back;
    // Not inside a character of UTF-8.
    const auto continues = [&](std::size_t at) {
        return at < value.size() && (static_cast<unsigned char>(value[at]) & 0xc0) == 0x80;
    };
    while (front > 0 && continues(front))
        --front;
    while (back > 0 && continues(value.size() - back))
        --back;
    const std::string_view text = value;
    return fmt::format("{}<mark>{}</mark>{}", html(text.substr(0, front)),
                       html(text.substr(front, text.size() - front - back)),
                       html(text.substr(text.size() - back)));
}

// How the style names the card of a verdict.
std::string_view cardOf(ComparisonVerdict verdict)
{
    return verdict == ComparisonVerdict::Equal       ? "passed"
           : verdict == ComparisonVerdict::Different ? "failed"
                                                     : "invalid";
}

class Page {
public:
    explicit Page(const ComparisonReport& report) : m_report{report}, m_c{report.comparison}
    {
        const std::vector<std::size_t> roots = m_c.roots();
        for (std::size_t i = 0; i < roots.size(); ++i)
            m_numbers[roots[i]] = i + 1;
        for (std::size_t ladder = 0; ladder < m_c.ladders.size(); ++ladder)
            for (std::size_t slot = 0; slot < m_c.ladders[ladder].places.size(); ++slot)
                for (const std::size_t finding : m_c.ladders[ladder].places[slot].findings)
                    m_shownAt.try_emplace(finding, ladder, slot);
    }

    std::string write()
    {
        put("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
            "content=\"width=device-width, "
            "initial-scale=1\">\n<title>Comparison</title>\n<style>{}{}</style>\n"
            "</head>\n<body>\n<main>\n",
            emulator::reportStyle(), comparisonStyle());
        head();
        roots();
        fidelity();
        ladders();
        table("Set aside", m_c.aside.size(), [&] {
            for (const RuleUse& use : m_c.aside)
                put("<tr><td>{}</td><td class=\"number\">{}</td><td>{}</td></tr>\n", html(use.rule),
                    use.count, html(use.why));
        });
        table("Not compared", m_c.notCompared.size(), [&] {
            for (const NotCompared& one : m_c.notCompared)
                put("<tr><td>{}</td><td class=\"number\">{}</td><td>{}</td></tr>\n", html(one.what),
                    one.countA + one.countB == 0 ? std::string{}
                                                 : fmt::format("A {}, B {}", one.countA, one.countB),
                    html(one.why));
        });
        put("</main>\n<script>{}</script>\n</body>\n</html>\n", emulator::reportScript());
        return std::move(m_out);
    }

private:
    template <class... Values>
    void put(fmt::format_string<Values...> form, Values&&... values)
    {
        fmt::format_to(std::back_inserter(m_out), form, std::forward<Values>(values)...);
    }

    void head()
    {
        put("<h1>Comparison</h1>\n<p class=\"about\">");
        for (const auto& [letter, file] : {std::pair{'A', &m_report.a}, std::pair{'B', &m_report.b}})
            put("<b>{}</b> {} <span>({}, {}{})</span><br>\n", letter, html(file->path), file->form,
                plural(file->store.events().size(), "event"),
                file->dropped == 0 ? std::string{}
                                   : fmt::format("; the capture lost {}", plural(file->dropped, "packet")));
        std::string observers;
        for (const emulator::Observer by : m_c.observers)
            observers.append(observers.empty() ? "" : ", ").append(name(by));
        put("{}, seen by {}</p>\n", plural(m_c.phones.size(), "phone"),
            observers.empty() ? "nobody on both sides" : observers);
        const std::size_t roots = m_c.roots().size();
        double points = 0;
        std::uint64_t places = 0;
        for (const LayerScore& score : m_c.scores) {
            points += score.points;
            places += score.exchanges;
        }
        const ComparisonVerdict verdict = verdictOf(m_report);
        const double percent = places == 0 ? 0 : 100 * points / static_cast<double>(places);
        put("<div class=\"counts\">\n<div class=\"count {}\"><b>{}</b>{}</div>\n<div "
            "class=\"count\"><b>{}</b>follow from "
            "them</div>\n<div class=\"count\"><b>{:.1f} %</b>fidelity</div>\n<div "
            "class=\"count\"><b>{}</b>exchanges</div>\n"
            "</div>\n",
            cardOf(verdict), roots,
            verdict == ComparisonVerdict::NothingCompared ? "nothing compared"
            : verdict == ComparisonVerdict::Incomplete    ? "differences in what was captured"
            : roots == 1                                  ? "difference"
                                                          : "differences",
            m_c.findings.size() - roots + m_c.unlisted, m_c.isEqual() || percent < 99.95 ? percent : 99.9,
            places);
    }

    void roots()
    {
        const std::vector<std::size_t> all = m_c.roots();
        for (std::size_t i = 0; i < std::min(all.size(), drawnRoots); ++i)
            root(i + 1, all[i]);
        if (all.size() > drawnRoots)
            put("<p class=\"about\">{} more differences are in the JSON only.</p>\n",
                all.size() - drawnRoots);
    }

    void root(std::size_t number, std::size_t finding)
    {
        const Finding& root = m_c.findings[finding];
        const Difference& d = root.first;
        put("<details class=\"card case diff {}\" id=\"d{}\"{}>\n<summary><span class=\"verdict "
            "failed\">#{}</span><h2>{}</h2>"
            "<span class=\"tag\">{}</span><span class=\"side\">{}{}</span></summary>\n<div "
            "class=\"inside\">\n",
            name(d.what), number, number <= openRoots ? " open" : "", number, html(titleOf(d)), name(d.what),
            root.count > 1 ? fmt::format("{} times, ", root.count) : std::string{}, seenBy(root));
        if (const auto known = m_report.known.find(finding); known != m_report.known.end())
            put("<p class=\"facts\">as known ({}): {}</p>\n", html(known->second.name),
                html(known->second.why));
        if (!d.where.empty() && !d.whole)
            put("<p class=\"facts\">in {}{}</p>\n", html(d.where), shownLink(finding));
        else if (m_shownAt.contains(finding))
            put("<p class=\"facts\">{}</p>\n", shownLink(finding));
        if (!d.detail.empty() && d.what == DifferenceKind::Timing)
            put("<p class=\"facts\">after {}</p>\n", html(d.detail));
        put("<div class=\"values\">{}{}</div>\n", value('A', m_report.a, d.a, d.b),
            value('B', m_report.b, d.b, d.a));
        if (root.varies)
            put("<p class=\"facts\">other values at other places</p>\n");
        if (!root.followers.empty())
            followers(root);
        put("</div>\n</details>\n");
    }

    std::string seenBy(const Finding& finding) const
    {
        std::string text = fmt::format("by {}", name(finding.by));
        for (const emulator::Observer by : finding.seenBy)
            text += fmt::format(" and {}", name(by));
        if (m_c.phones.size() > 1 && finding.phone < m_c.phones.size()) {
            const PhonePairName& pair = m_c.phones[finding.phone];
            text += fmt::format(", {}", pair.a.empty() ? pair.b : pair.a);
        }
        return text;
    }

    std::string shownLink(std::size_t finding) const
    {
        const auto at = m_shownAt.find(finding);
        return at == m_shownAt.end() ? std::string{}
                                     : fmt::format(" <a href=\"#l{}s{}\">on the ladder</a>", at->second.first,
                                                   at->second.second);
    }

    std::string value(char letter, const TraceFile& file, const DifferenceSide& side,
                      const DifferenceSide& other) const
    {
        const std::string content = !side.present        ? std::string{"<i>none</i>"}
                                    : side.value.empty() ? std::string{"<i>empty</i>"}
                                    : other.present      ? marked(side.value, other.value)
                                                         : html(side.value);
        return fmt::format(
            "<div class=\"value{}\"><b>{}</b> <span class=\"place\">{}</span><code>{}</code></div>",
            side.present ? "" : " none", letter, placeOf(file, side), content);
    }

    void followers(const Finding& root)
    {
        put("<h3>{} from it</h3>\n<div class=\"scroll\"><table class=\"followers\">\n",
            root.followers.size() == 1 ? "This follows" : "These follow");
        for (std::size_t i = 0; i < std::min(root.followers.size(), drawnFollowers); ++i) {
            const Finding& one = m_c.findings[root.followers[i]];
            const auto cell = [](const DifferenceSide& side) {
                return side.present ? html(side.value, 120) : std::string{"<i>none</i>"};
            };
            put("<tr><td>{}{}</td><td><code>{}</code></td><td><code>{}</code></td></tr>\n",
                html(titleOf(one.first)),
                one.count > 1 ? fmt::format(", {} times", one.count) : std::string{}, cell(one.first.a),
                cell(one.first.b));
        }
        put("</table></div>\n");
        if (root.followers.size() > drawnFollowers)
            put("<p class=\"facts\">and {} more</p>\n", root.followers.size() - drawnFollowers);
    }

    void fidelity()
    {
        if (m_c.scores.empty())
            return;
        put("<h3>Fidelity</h3>\n<div class=\"card scroll\"><table>\n<tr><th>exchange</th><th></th><th "
            "class=\"number\">fidelity</th><th class=\"number\">places</th><th "
            "class=\"number\">equal</th><th "
            "class=\"number\">differ</th><th class=\"number\">missing</th><th "
            "class=\"number\">extra</th></tr>\n");
        for (const LayerScore& score : m_c.scores) {
            const double shown = score.equal == score.exchanges ? 100 : std::min(score.percent(), 99.9);
            put("<tr><td>{}</td><td class=\"gauge\"><i style=\"width:{:.1f}%\"></i></td><td "
                "class=\"number\">{:.1f} %</td><td "
                "class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td "
                "class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
                html(score.layer), shown, shown, score.exchanges, score.equal, score.differ, score.missing,
                score.extra);
        }
        put("</table></div>\n");
    }

    void ladders()
    {
        for (std::size_t i = 0; i < m_c.ladders.size(); ++i)
            ladder(i, m_c.ladders[i]);
    }

    void ladder(std::size_t number, const TwinLadder& ladder)
    {
        std::string phone = "no phone";
        std::string other = phone;
        if (ladder.phone < m_c.phones.size()) {
            phone = m_c.phones[ladder.phone].a;
            other = m_c.phones[ladder.phone].b;
        }
        put("<h3>{}, seen by {}</h3>\n<div class=\"card scroll\"><div class=\"twin\">\n<div class=\"slot "
            "heads\"><div>A "
            "<span>{}</span></div><div>B <span>{}</span></div></div>\n",
            html(phone.empty() ? other : phone), name(ladder.by),
            phone.empty() ? "no such phone" : html(phone), other.empty() ? "no such phone" : html(other));
        for (std::size_t i = 0; i < ladder.places.size(); ++i) {
            gap(ladder.places[i].equalBefore);
            slot(number, i, ladder.places[i]);
        }
        gap(ladder.equalAfter);
        if (ladder.left > 0)
            put("<div class=\"gap\">{} with differences are not drawn</div>\n", plural(ladder.left, "place"));
        put("</div></div>\n");
    }

    void gap(std::size_t equal)
    {
        if (equal > 0)
            put("<div class=\"gap\">{} {}</div>\n", equal, equal == 1 ? "equal exchange" : "equal exchanges");
    }

    void slot(std::size_t ladder, std::size_t number, const DrawnSlot& slot)
    {
        const bool differs = !slot.findings.empty();
        bool hasRoot = false;
        for (const std::size_t finding : slot.findings)
            hasRoot = hasRoot || !m_c.findings[finding].root;
        put("<div class=\"slot{}\" id=\"l{}s{}\">\n",
            !differs  ? ""
            : hasRoot ? " root"
                      : " follows",
            ladder, number);
        side(m_report.a, slot.a, slot.b);
        side(m_report.b, slot.b, slot.a);
        if (differs)
            badges(slot);
        put("</div>\n");
    }

    void badges(const DrawnSlot& slot)
    {
        constexpr std::size_t shown = 4;
        put("<div class=\"badges\">");
        for (std::size_t i = 0; i < std::min(slot.findings.size(), shown); ++i) {
            const Finding& finding = m_c.findings[slot.findings[i]];
            const std::size_t root = finding.root.value_or(slot.findings[i]);
            put("<a class=\"{}\" href=\"#d{}\">#{} {}</a> ", finding.root ? "" : "first", m_numbers.at(root),
                m_numbers.at(root), html(titleOf(finding.first), 60));
        }
        if (slot.findings.size() > shown)
            put("<span>and {} more</span>", slot.findings.size() - shown);
        put("</div>\n");
    }

    void side(const TraceFile& file, const DrawnSide& side, const DrawnSide& other)
    {
        if (!side.present) {
            put("<div class=\"side void\"><p>{}</p></div>\n", other.present ? "nothing here" : "");
            return;
        }
        put("<div class=\"side\">\n");
        const TraceStore& store = file.store;
        const StoredEvent& first = store.events()[side.events.front()];
        for (const std::uint32_t number : side.events) {
            const StoredEvent& event = store.events()[number];
            const bool message = event.from != emulator::Endpoint{} || event.to != emulator::Endpoint{};
            // The first message of an exchange is drawn from the left when the phone sent it; answers come back.
            const bool back =
                message && event.from.address != event.to.address && event.from.address == first.to.address;
            put("<div class=\"m {} {}\"><i>{}</i><span>{}</span></div>\n", layerOf(event.kind),
                !message ? "note"
                : back   ? "in"
                         : "out",
                clock(event), html(label(store, event), labelLength));
        }
        if (side.left > 0)
            put("<div class=\"m more\"><i></i><span>and {} more</span></div>\n",
                plural(side.left, "message"));
        put("</div>\n");
    }

    static std::string clock(const StoredEvent& event)
    {
        return fmt::format("{:.3f}", static_cast<double>(event.at.time_since_epoch().count()) / 1e6);
    }

    // The first fields of a message, as a person reads them.
    static std::string label(const TraceStore& store, const StoredEvent& event)
    {
        const std::string_view kind = name(event.kind);
        std::string text;
        if (layerOf(event.kind) != "http" && layerOf(event.kind) != "syslog" && layerOf(event.kind) != "sip")
            text = kind.substr(kind.find('.') + 1);
        std::size_t shown = 0;
        for (const StoredField& field : store.fields(event)) {
            const FieldName one = field.name;
            if (one == FieldName::Severity || one == FieldName::Facility || one == FieldName::Raw ||
                one == FieldName::Packet)
                continue;
            if (shown++ == 2 || one == FieldName::CallId)
                break;
            text += text.empty() ? "" : " ";
            text += field.isText ? std::string{store.text(field)} : std::to_string(field.number);
        }
        // Lines of these phones begin with time, model and MAC, which all of them have.
        if (const std::size_t dashes = text.find(" -- ");
            event.kind == EventKind::SyslogMessage && dashes != std::string::npos)
            text.erase(0, dashes + 4);
        return text;
    }

    template <class Rows>
    void table(std::string_view title, std::size_t rows, Rows write)
    {
        if (rows == 0)
            return;
        put("<h3>{}</h3>\n<div class=\"card scroll\"><table>\n", title);
        write();
        put("</table></div>\n");
    }

    const ComparisonReport& m_report;
    const Comparison& m_c;
    std::map<std::size_t, std::size_t> m_numbers;                          // of roots, as they are shown
    std::map<std::size_t, std::pair<std::size_t, std::size_t>> m_shownAt;  // ladder and slot of a finding
    std::string m_out;
};

}  // namespace

std::string htmlReport(const ComparisonReport& report)
{
    return Page{report}.write();
}

}  // namespace hwbridge
