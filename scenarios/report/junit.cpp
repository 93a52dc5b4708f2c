#include "scenarios/report/junit.hpp"

#include "emulator/base/xml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <vector>

namespace scenarios {

namespace {

using emulator::escapeXml;

std::string seconds(emulator::Duration time)
{
    return fmt::format("{:.3f}", static_cast<double>(time.count()) / 1e6);
}

struct Counts {
    std::size_t tests = 0;
    std::size_t failures = 0;
    std::size_t errors = 0;
    std::size_t skipped = 0;
    emulator::Duration time{};

    void add(const CaseResult& one)
    {
        ++tests;
        failures += one.verdict == Verdict::Failed ? 1u : 0u;
        errors += one.verdict == Verdict::Invalid ? 1u : 0u;
        skipped += one.verdict == Verdict::Skipped ? 1u : 0u;
        time += one.wallTook;
    }
    std::string attributes() const
    {
        return fmt::format(R"(tests="{}" failures="{}" errors="{}" skipped="{}" time="{}")", tests, failures,
                           errors, skipped, seconds(time));
    }
};

std::string stepLines(const CaseResult& one)
{
    std::string text;
    for (const StepResult& step : one.steps)
        fmt::format_to(std::back_inserter(text), "{:>10}  {:<10}  {}{}{}\n",
                       seconds(step.began.time_since_epoch()), name(step.status), step.text,
                       step.note.empty() ? "" : ": ", step.note);
    for (const std::string& notice : one.notices)
        fmt::format_to(std::back_inserter(text), "note: {}\n", notice);
    return text;
}

void appendCase(std::string& out, const CaseResult& one)
{
    const std::string file = std::filesystem::path{one.file}.stem().string();
    fmt::format_to(std::back_inserter(out),
                   "    <testcase classname=\"{}.{}\" name=\"{}\" file=\"{}\" time=\"{}\">\n",
                   escapeXml(one.target), escapeXml(file), escapeXml(one.title), escapeXml(one.file),
                   seconds(one.wallTook));
    fmt::format_to(std::back_inserter(out),
                   "      <properties>\n        <property name=\"seed\" value=\"{}\"/>\n", one.seed);
    for (const std::string& id : one.covers)
        fmt::format_to(std::back_inserter(out), "        <property name=\"covers\" value=\"{}\"/>\n",
                       escapeXml(id));
    out += "      </properties>\n";
    std::string causes;
    for (const std::string& cause : one.causes)
        causes += cause + '\n';
    const std::string first = one.causes.empty() ? std::string{} : one.causes.front();
    const auto element = [&](std::string_view tag) {
        fmt::format_to(std::back_inserter(out), "      <{} message=\"{}\">{}</{}>\n", tag, escapeXml(first),
                       escapeXml(causes), tag);
    };
    switch (one.verdict) {
    case Verdict::Passed:
        break;
    case Verdict::Failed:
        element("failure");
        break;
    case Verdict::Invalid:
        element("error");
        break;
    case Verdict::Skipped:
        fmt::format_to(std::back_inserter(out), "      <skipped message=\"{}\"/>\n", escapeXml(first));
        break;
    }
    fmt::format_to(std::back_inserter(out), "      <system-out>{}</system-out>\n    </testcase>\n",
                   escapeXml(stepLines(one)));
}

}  // namespace

std::string junitXml(std::span<const CaseResult> cases)
{
    std::vector<std::string_view> targets;
    Counts all;
    for (const CaseResult& one : cases) {
        all.add(one);
        if (std::find(targets.begin(), targets.end(), one.target) == targets.end())
            targets.push_back(one.target);
    }
    std::string out = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"phonerig\" {}>\n", all.attributes());
    for (const std::string_view target : targets) {
        Counts counts;
        std::string suite;
        for (const CaseResult& one : cases) {
            if (one.target != target)
                continue;
            counts.add(one);
            appendCase(suite, one);
        }
        fmt::format_to(std::back_inserter(out), "  <testsuite name=\"{}\" {}>\n{}  </testsuite>\n",
                       escapeXml(target), counts.attributes(), suite);
    }
    return out + "</testsuites>\n";
}

}  // namespace scenarios
