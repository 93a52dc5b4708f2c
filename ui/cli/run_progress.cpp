#include "ui/cli/run_progress.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <filesystem>
#include <iterator>

namespace ui {

namespace {

using namespace std::chrono_literals;
using scenarios::CaseResult;
using scenarios::StepStatus;
using scenarios::Verdict;

std::string coloured(std::string_view code, std::string_view text, const TerminalLook& look)
{
    return look.colours ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string{text};
}

}  // namespace

std::string shownVerdict(Verdict verdict, const TerminalLook& look)
{
    const std::string_view colour = verdict == Verdict::Passed    ? "32"
                                    : verdict == Verdict::Failed  ? "31"
                                    : verdict == Verdict::Invalid ? "35"
                                                                  : "33";
    return coloured(colour, fmt::format("{:<7}", name(verdict)), look);
}

RunProgress::RunProgress(const Wish& wish, std::size_t scenarios)
    : m_out{lookOf(STDOUT_FILENO)},
      m_err{lookOf(STDERR_FILENO)},
      m_verbose{wish.verbose},
      m_scenarios{scenarios}
{
    if (wish.live && m_out.isTerminal)
        m_view.emplace(STDOUT_FILENO);
}

void RunProgress::begins(std::size_t number, const std::string& title)
{
    m_where = fmt::format("[{}/{}] {}", number, m_scenarios, title);
    m_step.clear();
    m_shownStep = 0;
    m_nextStatus = {};
    if (m_verbose && !m_view)
        writeAll(STDERR_FILENO, m_where + '\n');
}

void RunProgress::step(const scenarios::Progress& progress)
{
    const std::string text = fmt::format("{}/{} {}", progress.step, progress.steps, progress.text);
    const std::string decided = progress.phones > 1
                                    ? fmt::format("  ({} of {} phones)", progress.decided, progress.phones)
                                    : std::string{};
    m_step = text + decided;
    if (m_view)
        return;
    if (m_verbose) {
        if (progress.step != m_shownStep)
            writeAll(STDERR_FILENO, fmt::format("  {}\n", text));
        m_shownStep = progress.step;
    } else if (m_err.isTerminal) {
        status(fmt::format("{}  {}", m_where, m_step));
    }
}

void RunProgress::status(std::string_view text)
{
    const auto now = std::chrono::steady_clock::now();
    if (now < m_nextStatus)
        return;
    m_nextStatus = now + 100ms;
    m_statusShown = true;
    writeAll(STDERR_FILENO, fmt::format("\r{}\x1b[K", cutToWidth(text, m_err.columns - 1)));
}

void RunProgress::attend(const emulator::NetFleet* fleet)
{
    if (!m_view || fleet == nullptr || !m_view->due(LiveView::Clock::now()))
        return;
    m_view->show(frameOf(*fleet, m_where, m_step, m_view->look()));
}

void RunProgress::ends(const CaseResult& result)
{
    if (m_statusShown)
        writeAll(STDERR_FILENO, "\r\x1b[K");
    m_statusShown = false;
    const std::string lines = caseLines(result);
    if (m_view)
        m_view->replace(lines);
    else
        writeAll(STDOUT_FILENO, lines);
}

std::string RunProgress::caseLines(const CaseResult& result) const
{
    const double seconds = std::chrono::duration<double>{result.took}.count();
    std::string text = fmt::format("{}  {}  {}", shownVerdict(result.verdict, m_out), result.title,
                                   coloured("2", fmt::format("{:.1f} s", seconds), m_out));
    if (result.phones.size() > 1)
        text += coloured("2", fmt::format(", {} phones", result.phones.size()), m_out);
    text += '\n';
    for (const std::string& cause : result.causes)
        fmt::format_to(std::back_inserter(text), "         {}\n", cause);
    for (const scenarios::StepResult& step : result.steps)
        if (step.status == StepStatus::Unobserved)
            fmt::format_to(std::back_inserter(text), "         unobserved: {}: {}\n", step.text, step.note);
    for (const std::string& notice : result.notices)
        fmt::format_to(std::back_inserter(text), "         note: {}\n", notice);
    return text;
}

void RunProgress::finish()
{
    if (m_view)
        m_view->end();
    m_view.reset();
}

}  // namespace ui
