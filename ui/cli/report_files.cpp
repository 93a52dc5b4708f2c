#include "ui/cli/report_files.hpp"

#include "emulator/trace/ndjson.hpp"
#include "scenarios/report/html_report.hpp"
#include "scenarios/report/junit.hpp"

#include <fmt/format.h>

#include <tuple>

namespace ui {

using emulator::Result;
using scenarios::CaseResult;

namespace {

// [{"scenario", "name", "target", "covers": [...], "verdict"}], what tests/support/coverage.py reads.
std::string resultsJson(std::span<const CaseResult> cases)
{
    std::string text = "[";
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const CaseResult& one = cases[i];
        text += i == 0 ? "\n {" : ",\n {";
        const auto member = [&](std::string_view key, std::string_view value) {
            emulator::appendJsonString(text, key);
            text += ": ";
            emulator::appendJsonString(text, value);
            text += ", ";
        };
        member("scenario", one.file);
        member("name", one.title);
        member("target", one.target);
        text += "\"covers\": [";
        for (std::size_t c = 0; c < one.covers.size(); ++c) {
            text += c == 0 ? "" : ", ";
            emulator::appendJsonString(text, one.covers[c]);
        }
        text += "], \"verdict\": ";
        emulator::appendJsonString(text, name(one.verdict));
        text += '}';
    }
    return text + "\n]\n";
}

}  // namespace

Result<void> ReportFiles::open()
{
    const auto html = [](std::span<const CaseResult> cases) {
        scenarios::HtmlReportInfo info;
        info.version = PHONERIG_VERSION;
        return scenarios::htmlReport(cases, info);
    };
    for (auto& [what, path, form] : {std::tuple<std::string_view, const std::string&, Form>{
                                         "JUnit XML", m_options.junit, scenarios::junitXml},
                                     {"HTML report", m_options.html, html},
                                     {"results", m_options.results, resultsJson}})
        if (const auto added = add(what, path, form); !added.has_value())
            return added;
    if (!m_options.pcap.empty()) {
        Result<WholeFile> file = WholeFile::open(m_options.pcap, WholeFile::Readers::OwnerOnly);
        if (!file.has_value())
            return emulator::fail(file.error());
        m_packetFile.emplace(std::move(*file));
    }
    return openEvents();
}

Result<void> ReportFiles::openEvents()
{
    const auto open = [](const std::string& path, std::optional<WholeFile>& file,
                         auto& lines) -> Result<void> {
        if (path.empty())
            return {};
        Result<WholeFile> opened = WholeFile::open(path);
        if (opened.has_error())
            return opened.error();
        file.emplace(std::move(*opened));
        lines.emplace(file->descriptor());
        return {};
    };
    if (const auto opened = open(m_options.events, m_eventFile, m_events); opened.has_error())
        return opened;
    if (const auto opened = open(m_options.steps, m_stepFile, m_steps); opened.has_error())
        return opened;
    if (m_events && m_steps)
        m_both.emplace(*m_events, *m_steps);
    return {};
}

Result<void> ReportFiles::add(std::string_view what, const std::string& path, Form form)
{
    if (path.empty())
        return {};
    Result<WholeFile> file = WholeFile::open(path);
    if (!file.has_value())
        return emulator::fail(file.error());
    m_reports.push_back({what, std::move(*file), std::move(form)});
    return {};
}

emulator::TraceSink* ReportFiles::events()
{
    if (m_both)
        return &*m_both;
    if (m_steps)
        return &*m_steps;
    return m_events ? &*m_events : nullptr;
}

void ReportFiles::writePackets(std::string_view bytes)
{
    if (m_packetError)
        return;  // said once, at the end
    if (const auto written = m_packetFile->write(bytes); !written.has_value())
        m_packetError = written.error();
}

Result<std::vector<std::string>> ReportFiles::write(std::span<const CaseResult> cases)
{
    std::vector<std::string> lines;
    for (Report& report : m_reports) {
        if (const auto written = report.file.write(report.form(cases)); !written.has_value())
            return emulator::fail(written.error());
        if (const auto finished = report.file.finish(); !finished.has_value())
            return emulator::fail(finished.error());
        lines.push_back(fmt::format("{}: {}", report.what, report.file.path().string()));
    }
    if (m_packetFile) {
        if (m_packetError)
            return emulator::fail(*m_packetError);
        if (const auto finished = m_packetFile->finish(); !finished.has_value())
            return emulator::fail(finished.error());
        lines.push_back(fmt::format("packets: {}", m_packetFile->path().string()));
    }
    const auto finish = [&](std::string_view what, WholeFile& file, bool isOpen) -> Result<void> {
        if (!isOpen)
            return emulator::fail(
                emulator::ErrorKind::Refused,
                fmt::format("cannot write {}: no space is left, or the file is gone", file.path().string()));
        lines.push_back(fmt::format("{}: {}", what, file.path().string()));
        return file.finish();
    };
    if (m_events) {
        m_events->flush();
        if (const auto finished = finish("events", *m_eventFile, m_events->isOpen()); finished.has_error())
            return finished.error();
    }
    if (m_steps)
        if (const auto finished = finish("steps", *m_stepFile, m_steps->isOpen()); finished.has_error())
            return finished.error();
    return lines;
}

}  // namespace ui
