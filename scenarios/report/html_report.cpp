#include "scenarios/report/html_report.hpp"

#include "emulator/base/plural.hpp"
#include "emulator/base/report_style.hpp"
#include "emulator/base/xml_text.hpp"
#include "scenarios/report/html_style.hpp"
#include "scenarios/report/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

namespace scenarios {

namespace {

using emulator::escapeXml;
using emulator::plural;

std::string_view signOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Passed:
        return "\xe2\x9c\x93";
    case Verdict::Failed:
        return "\xe2\x9c\x97";
    case Verdict::Invalid:
        return "!";
    case Verdict::Skipped:
        return "\xe2\x80\x93";
    }
    return "";
}

std::string_view signOf(StepStatus status)
{
    switch (status) {
    case StepStatus::Met:
        return "\xe2\x9c\x93 ";
    case StepStatus::Failed:
        return "\xe2\x9c\x97 ";
    case StepStatus::Unobserved:
        return "? ";
    case StepStatus::Done:
    case StepStatus::NotRun:
        break;
    }
    return "";
}

std::string cssName(StepStatus status)
{
    std::string text{name(status)};
    std::replace(text.begin(), text.end(), ' ', '-');
    return text;
}

std::string clockText(emulator::TimePoint at)
{
    return fmt::format("{:.3f} s", static_cast<double>(at.time_since_epoch().count()) / 1e6);
}

std::string tookText(emulator::Duration time)
{
    const double seconds = static_cast<double>(time.count()) / 1e6;
    return seconds < 60 ? fmt::format("{:.1f} s", seconds)
                        : printDuration(std::chrono::ceil<std::chrono::seconds>(time));
}

// How the expectations of a run ended.
struct Expectations {
    std::size_t met = 0;
    std::size_t failed = 0;
    std::size_t unobserved = 0;
    std::size_t notRun = 0;

    Expectations& operator+=(const Expectations& more)
    {
        met += more.met;
        failed += more.failed;
        unobserved += more.unobserved;
        notRun += more.notRun;
        return *this;
    }
    std::string text() const
    {
        std::string all = fmt::format("{} met", met);
        for (const auto& [count, what] :
             {std::pair{failed, "failed"}, {unobserved, "unobserved"}, {notRun, "not run"}})
            if (count > 0)
                all += fmt::format(", {} {}", count, what);
        return all;
    }
};

Expectations expectations(const CaseResult& one)
{
    Expectations counts;
    for (const StepResult& step : one.steps) {
        if (!step.expectation)
            continue;
        counts.met += step.status == StepStatus::Met ? 1 : 0;
        counts.failed += step.status == StepStatus::Failed ? 1 : 0;
        counts.unobserved += step.status == StepStatus::Unobserved ? 1 : 0;
        counts.notRun += step.status == StepStatus::NotRun ? 1 : 0;
    }
    return counts;
}

class Page {
public:
    Page(std::span<const CaseResult> cases, const HtmlReportInfo& info) : m_cases{cases}, m_info{info} {}

    std::string write()
    {
        put("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
            "content=\"width=device-width, "
            "initial-scale=1\">\n<title>{}</title>\n<style>{}{}{}</style>\n</head>\n<body>\n<main>\n",
            escapeXml(m_info.title), emulator::reportStyle(), htmlReportStyle(), paneRules());
        head();
        if (m_cases.size() > 1)
            summary();
        for (std::size_t i = 0; i < m_cases.size(); ++i)
            scenario(m_cases[i], i);
        put("</main>\n<script>{}</script>\n</body>\n</html>\n", emulator::reportScript());
        return std::move(m_out);
    }

private:
    template <class... Values>
    void put(fmt::format_string<Values...> form, Values&&... values)
    {
        fmt::format_to(std::back_inserter(m_out), form, std::forward<Values>(values)...);
    }

    // The k-th choice shows the k-th ladder; no script needed.
    static std::string paneRules()
    {
        std::string rules;
        for (std::size_t k = 1; k <= maxLadderPhones; ++k)
            rules += fmt::format(".phones > input:nth-of-type({0}):checked ~ .panes > .pane:nth-child({0}) "
                                 "{{ display: block; }}\n",
                                 k);
        return rules;
    }

    std::size_t count(Verdict verdict) const
    {
        return static_cast<std::size_t>(std::count_if(
            m_cases.begin(), m_cases.end(), [&](const CaseResult& one) { return one.verdict == verdict; }));
    }

    // What all cases have in common is said once, at the top.
    template <class Value>
    std::string common(std::string_view what, Value CaseResult::*member) const
    {
        const auto differs = [&](const CaseResult& one) { return one.*member != m_cases.front().*member; };
        if (m_cases.empty() || std::any_of(m_cases.begin(), m_cases.end(), differs))
            return {};
        return fmt::format("; {} {}", what, m_cases.front().*member);
    }

    void head()
    {
        emulator::Duration took{};
        Expectations all;
        for (const CaseResult& one : m_cases) {
            took += one.wallTook;
            all += expectations(one);
        }
        put("<h1>{}</h1>\n<p class=\"about\">{} in {}; expectations: {}", escapeXml(m_info.title),
            plural(m_cases.size(), "scenario"), tookText(took), all.text());
        if (!m_cases.empty() && m_cases.front().target == "net")
            put("; begun {}", emulator::printWallTime(m_cases.front().wall));
        m_out += escapeXml(common("on", &CaseResult::target)) + common("seed", &CaseResult::seed);
        if (!m_info.version.empty())
            put("; phonerig {}", escapeXml(m_info.version));
        m_out += "</p>\n<div class=\"counts\">\n";
        for (const Verdict verdict : {Verdict::Passed, Verdict::Failed, Verdict::Invalid, Verdict::Skipped})
            if (const std::size_t n = count(verdict); n > 0 || verdict == Verdict::Passed)
                put("<div class=\"count {0}\"><b>{1}</b>{0}</div>\n", name(verdict), n);
        m_out += "</div>\n";
    }

    void summary()
    {
        m_out += "<div class=\"card scroll\"><table>\n<thead><tr><th>Verdict</th><th>Scenario</th><th>On</th>"
                 "<th class=\"number\">Phones</th><th>Expectations</th><th "
                 "class=\"number\">Took</th></tr></thead>\n<tbody>\n";
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            const CaseResult& one = m_cases[i];
            put("<tr><td class=\"verdict {0}\">{1} {0}</td><td><a "
                "href=\"#case{2}\">{3}</a></td><td>{4}</td><td class=\"number\">{5}</td>"
                "<td>{6}</td><td class=\"number\">{7}</td></tr>\n",
                name(one.verdict), signOf(one.verdict), i + 1, escapeXml(one.title), escapeXml(one.target),
                one.phones.size(), expectations(one).text(), tookText(one.took));
        }
        m_out += "</tbody></table></div>\n";
    }

    void scenario(const CaseResult& one, std::size_t number)
    {
        const bool open =
            one.verdict == Verdict::Failed || one.verdict == Verdict::Invalid || m_cases.size() == 1;
        put("<details class=\"card case\" id=\"case{}\"{}>\n<summary><span class=\"verdict {}\">{} "
            "{}</span><h2>{}</h2>"
            "<span class=\"side\">{}, {}</span></summary>\n<div class=\"inside\">\n",
            number + 1, open ? " open" : "", name(one.verdict), signOf(one.verdict), name(one.verdict),
            escapeXml(one.title), escapeXml(one.target), tookText(one.took));
        facts(one);
        // Invalid outranks failed, and both causes are shown: the rig's own come first.
        for (const std::string& cause : one.causes)
            put("<p class=\"cause {}\">{}</p>\n", name(one.verdict), escapeXml(cause));
        for (const std::string& notice : one.notices)
            put("<p class=\"cause notice\">{}</p>\n", escapeXml(notice));
        if (!one.steps.empty())
            steps(one);
        if (!one.phones.empty() && one.events.total() > 0)
            ladders(one, number);
        m_out += "</div>\n</details>\n";
    }

    void facts(const CaseResult& one)
    {
        put("<p class=\"facts\"><code>{}</code> &middot; seed {}", escapeXml(one.file), one.seed);
        if (!one.phones.empty()) {
            put(" &middot; {} ({})", plural(one.phones.size(), "phone"), escapeXml(one.phones.front().model));
            for (const ServerAt& server : one.servers)
                put(" &middot; {} at {}", escapeXml(server.name), server.endpoint.text());
        }
        m_out += "</p>\n";
        if (!one.covers.empty()) {
            m_out += "<p class=\"facts\">";
            for (const std::string& id : one.covers)
                put("<span class=\"tag\">{}</span>", escapeXml(id));
            m_out += "</p>\n";
        }
    }

    void steps(const CaseResult& one)
    {
        m_out += "<h3>Steps</h3>\n<div class=\"scroll\"><table class=\"steps\">\n<thead><tr><th "
                 "class=\"number\">Line</th><th>Result</th>"
                 "<th>Step</th><th class=\"number\">Phones</th><th class=\"number\">At</th><th "
                 "class=\"number\">Took</th></tr></thead>\n<tbody>\n";
        for (const StepResult& step : one.steps) {
            put("<tr class=\"{}\"><td class=\"number\">{}</td><td class=\"verdict {}\">{}{}</td><td "
                "class=\"what\">{}{}",
                step.expectation ? "expectation" : "action", step.place.line, cssName(step.status),
                signOf(step.status), name(step.status), step.finally ? "finally: " : "",
                escapeXml(step.text));
            seen(one, step);
            m_out += "</td>";
            if (step.status == StepStatus::NotRun || step.status == StepStatus::Unobserved ||
                step.phones == 0)
                m_out += "<td class=\"number\"></td>";
            else
                put("<td class=\"number\">{} of {}</td>", step.met, step.phones);
            if (step.status == StepStatus::NotRun)
                m_out += "<td class=\"number\"></td><td class=\"number\"></td></tr>\n";
            else
                put("<td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n", clockText(step.began),
                    printDuration(std::chrono::round<std::chrono::milliseconds>(step.ended - step.began)));
        }
        m_out += "</tbody></table></div>\n";
    }

    // What there was instead, phone by phone.
    void seen(const CaseResult& one, const StepResult& step)
    {
        if (step.status != StepStatus::Failed && step.status != StepStatus::Unobserved)
            return;
        put("<div class=\"seen {}\">", cssName(step.status));
        if (step.outcomes.empty()) {
            m_out += escapeXml(step.note);
        } else {
            m_out += "<ul>";
            for (const PhoneOutcome& outcome : step.outcomes)
                put("<li>{}: {}</li>", escapeXml(one.phones[static_cast<std::size_t>(outcome.phone)].name),
                    escapeXml(outcome.seen));
            const std::size_t shown = step.met + step.outcomes.size();
            if (shown < step.phones)
                put("<li>and {} more</li>", plural(step.phones - shown, "phone"));
            m_out += "</ul>";
        }
        m_out += "</div>";
    }

    // Those that failed something first, then the others in their order.
    static std::vector<std::pair<PhoneNumber, bool>> shownPhones(const CaseResult& one)
    {
        std::vector<std::pair<PhoneNumber, bool>> shown;
        const auto add = [&](PhoneNumber phone, bool failed) {
            const bool there =
                std::any_of(shown.begin(), shown.end(), [&](const auto& s) { return s.first == phone; });
            if (!there && shown.size() < maxLadderPhones)
                shown.emplace_back(phone, failed);
        };
        for (const StepResult& step : one.steps)
            if (step.status == StepStatus::Failed)
                for (const PhoneOutcome& outcome : step.outcomes)
                    add(outcome.phone, true);
        for (std::size_t i = 0; i < one.phones.size() && shown.size() < maxLadderPhones; ++i)
            add(PhoneNumber{static_cast<std::uint32_t>(i)}, false);
        return shown;
    }

    void ladders(const CaseResult& one, std::size_t number)
    {
        const auto shown = shownPhones(one);
        m_out += "<h3>Messages</h3>\n<p class=\"legend key\"><i style=\"color:var(--tftp)\"></i>TFTP<i "
                 "style=\"color:var(--http)\"></i>HTTP"
                 "<i style=\"color:var(--syslog)\"></i>syslog<i style=\"color:var(--failed)\"></i>error"
                 "<i class=\"light\" style=\"background:var(--slow)\"></i>LED slow blink<i class=\"light\" "
                 "style=\"background:var(--fast)\"></i>LED fast blink</p>\n"
                 "<div class=\"phones\">\n";
        for (std::size_t k = 0; k < shown.size(); ++k) {
            const auto& [phone, failed] = shown[k];
            const StagePhone& who = one.phones[static_cast<std::size_t>(phone)];
            put("<input type=\"radio\" name=\"phones{0}\" id=\"phone{0}-{1}\"{2}><label for=\"phone{0}-{1}\" "
                "class=\"{3}\" title=\"{4}\">{5}</label>\n",
                number + 1, k + 1, k == 0 ? " checked" : "", failed ? "failed" : "",
                escapeXml(fmt::format("{} {} {}", who.model, who.mac.colons(), who.address.text())),
                escapeXml(who.name));
        }
        if (shown.size() < one.phones.size())
            put("<span class=\"legend\">{} of {} phones are shown</span>\n", shown.size(), one.phones.size());
        m_out += "<div class=\"panes\">\n";
        for (const auto& [phone, failed] : shown) {
            const Ladder ladder = ladderOf(one, phone);
            m_out += "<div class=\"pane\"><div class=\"scroll\">" + ladderSvg(ladder) + "</div>";
            if (ladder.left > 0)
                put("<p class=\"legend\">{} are left out; the events file has them all.</p>",
                    plural(ladder.left, "line"));
            if (one.events.dropped() > 0)
                put("<p class=\"legend\">{} of {} events in the middle of the run were not kept for this "
                    "report.</p>",
                    one.events.dropped(), one.events.total());
            m_out += "</div>\n";
        }
        m_out += "</div>\n</div>\n";
    }

    std::span<const CaseResult> m_cases;
    const HtmlReportInfo& m_info;
    std::string m_out;
};

}  // namespace

std::string htmlReport(std::span<const CaseResult> cases, const HtmlReportInfo& info)
{
    return Page{cases, info}.write();
}

}  // namespace scenarios
