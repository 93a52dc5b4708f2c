#include "ui/cli/twin_run.hpp"

#include "emulator/runtime/whole_input.hpp"
#include "hwbridge/capture/child_process.hpp"
#include "hwbridge/compare/html_report.hpp"
#include "hwbridge/compare/json_report.hpp"
#include "hwbridge/compare/rules_reader.hpp"
#include "hwbridge/compare/text_report.hpp"
#include "hwbridge/compare/trace_file.hpp"
#include "hwbridge/yaml/yaml_tree.hpp"
#include "ui/cli/exit_code.hpp"
#include "ui/cli/interruption.hpp"
#include "ui/cli/terminal.hpp"
#include "ui/cli/twin_identity_file.hpp"
#include "ui/cli/whole_file.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <map>
#include <utility>

namespace ui {

using emulator::ErrorKind;
using emulator::Result;
using hwbridge::ComparisonReport;
using scenarios::CaseResult;
using scenarios::Verdict;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t mostNamedRoots = 10;
constexpr int twinLook = 100;  // milliseconds between two looks at who interrupts

Result<void> writeWhole(const fs::path& path, const std::string& bytes, WholeFile::Readers readers)
{
    Result<WholeFile> file = WholeFile::open(path, readers);
    if (file.has_error())
        return file.error();
    if (const auto written = file->write(bytes); written.has_error())
        return written;
    return file->finish();
}

// What the process printed, until it ends or somebody interrupts.
std::string outputOf(hwbridge::ChildProcess& child)
{
    std::string text;
    std::array<char, 4096> in{};
    for (;;) {
        pollfd waiting{child.output(), POLLIN, 0};
        const int ready = ::poll(&waiting, 1, twinLook);
        if (interrupted())
            child.kill();
        if (ready <= 0)
            continue;
        const ssize_t got = ::read(child.output(), in.data(), in.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return text;
        text.append(in.data(), static_cast<std::size_t>(got));
    }
}

// The lines below a scenario's verdict say why.
std::vector<std::string> causesIn(std::string_view output)
{
    constexpr std::string_view indent = "         ";
    std::vector<std::string> causes;
    while (!output.empty()) {
        const std::size_t end = std::min(output.find('\n'), output.size());
        const std::string_view line = output.substr(0, end);
        if (line.starts_with(indent) && !line.substr(indent.size()).starts_with("note: ") &&
            !line.substr(indent.size()).starts_with("unobserved: "))
            causes.emplace_back(line.substr(indent.size()));
        output.remove_prefix(std::min(end + 1, output.size()));
    }
    return causes;
}

void spoil(CaseResult& result, Verdict verdict, std::string cause)
{
    if (verdict == Verdict::Invalid || result.verdict == Verdict::Passed)
        result.verdict = verdict;
    result.causes.push_back(std::move(cause));
}

// "ex-tftp-resync" of "scenarios/library/ex-tftp-resync.yaml".
std::string stemOf(const std::string& scenario)
{
    return fs::path{scenario}.stem().string();
}

// What the other process is to run: where there is no such file, this one found it in the library that it has in itself.
std::string scenarioWord(const std::string& scenario)
{
    std::error_code ignored;
    return fs::exists(scenario, ignored) ? scenario : stemOf(scenario);
}

Result<void> runTwinSide(const TwinWish& wish, const TwinFolder& folder, CaseResult& result)
{
    std::vector<std::string> command{fs::read_symlink("/proc/self/exe").string(),
                                     "run",
                                     scenarioWord(wish.scenario),
                                     "--on",
                                     "net",
                                     "--twin-of",
                                     folder.identity().string(),
                                     "--events",
                                     folder.twinEvents().string(),
                                     "--pcap",
                                     folder.twinPackets().string(),
                                     "--seed",
                                     std::to_string(wish.seed)};
    if (wish.strict)
        command.emplace_back("--strict");
    Result<hwbridge::ChildProcess> child =
        hwbridge::ChildProcess::start(command, hwbridge::ChildProcess::Group::Own);
    if (child.has_error())
        return child.error();
    const std::string output = outputOf(*child);
    const hwbridge::ChildEnd end = child->wait();
    if (interrupted())
        return emulator::fail(ErrorKind::Refused, "interrupted");
    const auto code = static_cast<ExitCode>(end.status);
    if (code == ExitCode::Passed)
        return {};
    if (code != ExitCode::Failed && code != ExitCode::Invalid)
        return emulator::fail(ErrorKind::Unsupported,
                              fmt::format("the twin: {}", end.said.empty() ? end.reason : end.said));
    const Verdict verdict = code == ExitCode::Failed ? Verdict::Failed : Verdict::Invalid;
    for (const std::string& cause : causesIn(output))
        spoil(result, verdict, fmt::format("the twin: {}", cause));
    return {};
}

void sayFidelity(const hwbridge::Comparison& comparison, CaseResult& result)
{
    std::string text;
    for (const hwbridge::LayerScore& score : comparison.scores)
        fmt::format_to(std::back_inserter(text), "{}{} {:.4g} %", text.empty() ? "fidelity: " : ", ",
                       score.layer, score.percent());
    if (!text.empty())
        result.notices.push_back(std::move(text));
    for (const hwbridge::NotCompared& left : comparison.notCompared)
        result.notices.push_back(fmt::format("not compared: {}: {} of the twin, {} of the real phone: {}",
                                             left.what, left.countA, left.countB, left.why));
}

std::string sentenceOf(const hwbridge::Finding& finding)
{
    const hwbridge::Difference& first = finding.first;
    const auto side = [](const hwbridge::DifferenceSide& one) {
        return one.present ? one.value : std::string{"none"};
    };
    return fmt::format("differs from its twin: {} in {}: twin {}, real {}{}", titleOf(first), first.where,
                       side(first.a), side(first.b),
                       finding.count > 1 ? fmt::format(", {} times", finding.count) : std::string{});
}

// Expected differences are notices, others are causes. Which roots were expected.
std::map<std::size_t, hwbridge::KnownReason> judge(const hwbridge::Comparison& comparison,
                                                   const scenarios::TwinIdentity& identity,
                                                   KnownDeviations* known, CaseResult& result)
{
    std::map<std::size_t, hwbridge::KnownReason> expected;
    if (comparison.isEmpty()) {
        spoil(result, Verdict::Invalid, "nothing of the two sides could be compared");
        return expected;
    }
    std::vector<std::size_t> roots = comparison.roots();
    if (known != nullptr) {
        const hwbridge::SortedRoots sorted =
            sortRoots(comparison, known->all(), identity.model, identity.firmware);
        known->note(sorted);
        for (const auto& [finding, number] : sorted.expected) {
            const hwbridge::KnownDeviation& one = known->all()[number];
            expected.emplace(finding, hwbridge::KnownReason{one.name, one.why});
            result.notices.push_back(fmt::format("as known ({}: {}): {}", one.name, one.why,
                                                 sentenceOf(comparison.findings[finding])));
        }
        roots = sorted.unexpected;
    }
    for (std::size_t i = 0; i < std::min(roots.size(), mostNamedRoots); ++i)
        spoil(result, Verdict::Failed, sentenceOf(comparison.findings[roots[i]]));
    if (roots.size() > mostNamedRoots)
        spoil(result, Verdict::Failed, fmt::format("{} more differences", roots.size() - mostNamedRoots));
    if (comparison.unlisted > 0)
        spoil(result, Verdict::Failed,
              fmt::format("{} differences that were not listed", comparison.unlisted));
    return expected;
}

Result<void> writeArtefacts(const TwinWish& wish, const TwinFolder& folder, const ComparisonReport& report)
{
    const auto beside = [&](std::string_view ending) {
        return fs::path{wish.artefacts + std::string{ending}};
    };
    for (const auto& [ending, text] :
         {std::pair{".twin.html", htmlReport(report)}, {".twin.json", jsonReport(report)}})
        if (const auto written = writeWhole(beside(ending), text, WholeFile::Readers::AsUmaskSays);
            written.has_error())
            return written;
    std::error_code error;
    fs::copy_file(folder.twinPackets(), beside(".twin.pcapng"), fs::copy_options::overwrite_existing, error);
    if (error)
        return emulator::fail(ErrorKind::Refused,
                              fmt::format("{}: {}", beside(".twin.pcapng").string(), error.message()));
    return {};
}

}  // namespace

Result<KnownDeviations> KnownDeviations::read(const std::string& path)
{
    const Result<std::string> text = emulator::readWholeInput(path, hwbridge::YamlLimits{}.bytes);
    if (text.has_error())
        return emulator::fail(text.error().kind,
                              fmt::format("{}: {}, expected known deviations", path, text.error().detail));
    hwbridge::KnownReading reading = hwbridge::readKnownDeviations(path, *text);
    for (const std::string& problem : reading.problems)
        say("run: " + problem);
    if (!reading.known)
        return emulator::fail(ErrorKind::Malformed, fmt::format("{} cannot be used", path));
    KnownDeviations known;
    known.m_all = *std::move(reading.known);
    known.m_seen.resize(known.m_all.size());
    return known;
}

void KnownDeviations::note(const hwbridge::SortedRoots& sorted)
{
    for (const auto& [finding, number] : sorted.expected)
        m_seen[number] = Seen::Shown;
    for (const std::size_t number : sorted.gone)
        m_seen[number] = std::max(m_seen[number], Seen::Gone);
}

std::vector<std::string> KnownDeviations::gone() const
{
    std::vector<std::string> sentences;
    for (std::size_t i = 0; i < m_all.size(); ++i)
        if (m_seen[i] == Seen::Gone)
            sentences.push_back(fmt::format("the known deviation {} did not show: it may be gone ({})",
                                            m_all[i].name, m_all[i].why));
    return sentences;
}

Result<TwinFolder> TwinFolder::make()
{
    std::error_code error;
    std::string path = (fs::temp_directory_path(error) / "phonerig-twin-XXXXXX").string();
    if (error || ::mkdtemp(path.data()) == nullptr)
        return emulator::fail(ErrorKind::Refused,
                              fmt::format("{}: no folder for the twin: {}", path, std::strerror(errno)));
    return TwinFolder{path};
}

TwinFolder::~TwinFolder()
{
    std::error_code ignored;
    if (!m_path.empty())
        fs::remove_all(m_path, ignored);
}

Result<void> playTwin(const TwinWish& wish, const scenarios::TwinIdentity& identity, const TwinFolder& folder,
                      CaseResult& result)
{
    const auto written =
        writeWhole(folder.identity(), printTwinIdentity(identity), WholeFile::Readers::OwnerOnly);
    if (written.has_error())
        return written;
    if (const auto played = runTwinSide(wish, folder, result); played.has_error())
        return played;
    const Result<hwbridge::TraceFile> twin = hwbridge::readWholeTraceFile(folder.twinEvents());
    if (twin.has_error())
        return twin.error();
    const Result<hwbridge::TraceFile> real = hwbridge::readWholeTraceFile(folder.realEvents());
    if (real.has_error())
        return real.error();
    const auto comparison = hwbridge::compareTraces(twin->store, real->store, hwbridge::defaultRules());
    if (comparison.has_error())
        return comparison.error();
    auto expected = judge(*comparison, identity, wish.known, result);
    sayFidelity(*comparison, result);
    if (wish.artefacts.empty())
        return {};
    return writeArtefacts(wish, folder, {*comparison, *twin, *real, std::move(expected)});
}

}  // namespace ui
