#pragma once

#include "ui/desktop/checked_scenario.hpp"
#include "ui/desktop/edited_file.hpp"
#include "ui/desktop/run_pane.hpp"
#include "ui/desktop/scenario_editor.hpp"
#include "ui/desktop/scenario_tree.hpp"

#include <QListWidget>
#include <QTemporaryFile>
#include <QWidget>

#include <functional>
#include <memory>

namespace ui {

// Scenarios: those there are, the text of one with what is wrong in it, and its run. Checks on another thread.
class ScenarioView : public QWidget {
    Q_OBJECT
public:
    // `program`: phonerig, which runs them.
    explicit ScenarioView(const QString& program, QWidget* parent = nullptr);

    // A file, a folder, or a scenario of the library by its name or by a requirement that it covers.
    void open(const QString& word);
    // Runs the scenario that is opened first, as soon as it is checked.
    void runWhenOpened(const QString& target);
    void beginNew();
    void save() { m_file->save(); }
    void saveAs() { m_file->saveAs(); }
    void run();
    void stop() { m_run->stop(); }
    void goToProblem(bool forwards);
    void openReport() { m_run->openReport(); }
    void focusSearch() { m_tree->focusSearch(); }
    void focusNextPart();

    // Nothing would be lost now: neither changes nor a run.
    bool mayClose() const { return !m_file->isModified() && !m_run->isRunning(); }
    // Asks what is to become of them, then calls `then`; not when the user thinks better of it.
    void whenMayClose(const std::function<void()>& then);

    ScenarioEditor& editor() { return *m_editor; }
    ScenarioTree& tree() { return *m_tree; }
    RunPane& runPane() { return *m_run; }
    const CheckedScenario& checked() const { return m_checked; }
    bool isChecked() const { return m_edits == m_checkedEdits; }

signals:
    void completed();                 // the text is checked; its run is over when one was wanted
    void failed(const QString& why);  // nothing can be shown
    void said(const QString& text);   // for the status bar
    void titleChanged(const QString& title);
    void traceWanted(const QString& path);
    void comparisonWanted(const QString& a, const QString& b);

private:
    QWidget* makeText();
    void connectParts();
    void openSource(const scenarios::ScenarioSource& source);
    void showFile();
    void check();
    void take(CheckedScenario checked);
    void goToRow(int problem);
    QString runnable();  // what `phonerig run` is to be given; empty: said why not
    void whenStopped(const std::function<void()>& then);

    ScenarioTree* m_tree;
    ScenarioEditor* m_editor;
    EditedFile* m_file;
    RunPane* m_run;
    QLabel* m_title = nullptr;
    QLabel* m_state = nullptr;
    QListWidget* m_problems = nullptr;
    CheckedScenario m_checked;
    int m_edits = 1;  // of the text, and as far as it is checked
    int m_checkedEdits = 0;
    bool m_checking = false;
    bool m_runWanted = false;
    bool m_runCompletes = false;
    std::unique_ptr<QTemporaryFile> m_copy;  // of a text with changes, while it runs
};

}  // namespace ui
