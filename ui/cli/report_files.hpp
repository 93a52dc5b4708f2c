#pragma once

#include "emulator/base/result.hpp"
#include "scenarios/engine/run_result.hpp"
#include "ui/cli/both_sinks.hpp"
#include "ui/cli/event_lines.hpp"
#include "ui/cli/run_command.hpp"
#include "ui/cli/step_lines.hpp"
#include "ui/cli/whole_file.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ui {

// The files that `run` was asked to write. All are opened before anything runs: a run of an hour does not end with
// "permission denied".
class ReportFiles {
public:
    explicit ReportFiles(const RunOptions& options) : m_options{options} {}

    emulator::Result<void> open();
    emulator::TraceSink* events();  // null: nobody wants them
    bool wantsPackets() const { return m_packetFile.has_value(); }
    void writePackets(std::string_view bytes);
    // Writes what has been run; returns a line for each file. Errors: Refused.
    emulator::Result<std::vector<std::string>> write(std::span<const scenarios::CaseResult> cases);

private:
    using Form = std::function<std::string(std::span<const scenarios::CaseResult>)>;
    struct Report {
        std::string_view what;
        WholeFile file;
        Form form;
    };
    emulator::Result<void> openEvents();
    emulator::Result<void> add(std::string_view what, const std::string& path, Form form);

    const RunOptions& m_options;
    std::vector<Report> m_reports;
    std::optional<WholeFile> m_packetFile;
    std::optional<emulator::Error> m_packetError;
    std::optional<WholeFile> m_eventFile;
    std::optional<EventLines> m_events;
    std::optional<WholeFile> m_stepFile;
    std::optional<StepLines> m_steps;
    std::optional<BothSinks> m_both;
};

}  // namespace ui
