#pragma once

#include "scenarios/engine/run_result.hpp"
#include "scenarios/engine/runner.hpp"
#include "ui/cli/live_view.hpp"
#include "ui/cli/terminal.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace ui {

// What a run shows while it runs: on stdout a line per scenario that has ended, with what went wrong below it; on
// stderr where it is (one line that is rewritten on a terminal; a line per step with `verbose`); with `live` the
// phones of real sockets on stdout's terminal.
class RunProgress {
public:
    struct Wish {
        bool live = false;
        bool verbose = false;
    };
    RunProgress(const Wish& wish, std::size_t scenarios);

    void begins(std::size_t number, const std::string& title);  // from 1
    void step(const scenarios::Progress& progress);
    void attend(const emulator::NetFleet* fleet);  // time passes; null: nothing to show live
    void ends(const scenarios::CaseResult& result);
    void finish();  // gives the terminal back

private:
    std::string caseLines(const scenarios::CaseResult& result) const;
    void status(std::string_view text);

    TerminalLook m_out;
    TerminalLook m_err;
    bool m_verbose;
    std::size_t m_scenarios;
    std::string m_where;  // "[3/13] TITLE"
    std::string m_step;
    std::size_t m_shownStep = 0;
    bool m_statusShown = false;
    std::chrono::steady_clock::time_point m_nextStatus{};
    std::optional<LiveView> m_view;
};

// "passed", in its colour where there are colours.
std::string shownVerdict(scenarios::Verdict verdict, const TerminalLook& look);

}  // namespace ui
