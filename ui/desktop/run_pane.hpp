#pragma once

#include "ui/desktop/checked_scenario.hpp"
#include "ui/desktop/recorded_run.hpp"
#include "ui/desktop/run_watch.hpp"
#include "ui/desktop/scenario_run.hpp"
#include "ui/desktop/time_bar.hpp"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeWidget>
#include <QWidget>

#include <memory>
#include <vector>

namespace ui {

// Runs a scenario and shows its steps as they are decided; at the end the verdict, and what there is to read.
class RunPane : public QWidget {
    Q_OBJECT
public:
    explicit RunPane(QWidget* parent = nullptr);

    void setProgram(const QString& path) { m_program = path; }
    // The phones of this file are offered as targets; runs on benches and twins are given it.
    void setInventory(const QString& path);
    void setTarget(const QString& target) { m_target->setCurrentText(target); }
    // `scenario`: absolute path, or a name of the library.
    void start(const QString& scenario, const std::vector<CheckedScenario::Step>& steps);
    void stop();
    bool isRunning() const { return m_run.isRunning(); }
    void openReport();

    QTreeWidget& steps() { return *m_steps; }
    // What the run has recorded, for whoever gives it a place; shows itself when there is something to look at.
    RecordedRun& recording() { return *m_recording; }

signals:
    void startWanted();
    void lineChosen(std::size_t line);  // of a step
    void traceWanted(const QString& path);
    void comparisonWanted(const QString& twin, const QString& real);
    void ended();
    void said(const QString& text);

private:
    QLayout* makeControls();
    QLayout* makeEnd();
    bool isOnSim() const;
    void govern(const QString& socket, bool waits);
    void showRecording(bool shown);
    void readRecording();
    void listSteps(const std::vector<CheckedScenario::Step>& steps);
    QTreeWidgetItem* nextAt(qint64 line) const;  // of the steps that are not decided
    void begin(qint64 line, double seconds);
    void decide(qint64 line, double seconds, const QString& verdict, const QString& note);
    void mark(QTreeWidgetItem& item, const QString& verdict);
    void finish(const ScenarioRun::Outcome& outcome);
    void showState();

    ScenarioRun m_run{this};
    std::unique_ptr<EngineLink> m_link;  // to a run that can be governed
    QString m_program;
    QString m_inventory;
    QTreeWidgetItem* m_running = nullptr;  // the step
    bool m_stopping = false;
    TimeBar* m_time = nullptr;
    RecordedRun* m_recording = nullptr;
    QPushButton* m_recordingShown = nullptr;
    QComboBox* m_target = nullptr;
    QLineEdit* m_seed = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_stop = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel* m_verdict = nullptr;
    QPushButton* m_report = nullptr;
    QPushButton* m_ladder = nullptr;
    QPushButton* m_comparison = nullptr;
    QTreeWidget* m_steps = nullptr;
    QPlainTextEdit* m_said = nullptr;
};

}  // namespace ui
