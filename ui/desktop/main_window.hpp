#pragma once

#include "ui/desktop/bench_view.hpp"
#include "ui/desktop/compare_view.hpp"
#include "ui/desktop/engine_link.hpp"
#include "ui/desktop/engine_process.hpp"
#include "ui/desktop/fleet_rows.hpp"
#include "ui/desktop/fleet_view.hpp"
#include "ui/desktop/phone_view.hpp"
#include "ui/desktop/scenario_view.hpp"
#include "ui/desktop/trace_view.hpp"

#include <QComboBox>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QTabWidget>
#include <QTimer>

#include <functional>
#include <memory>

namespace ui {

// The window: the fleet in its first tab, opened phones in the others. What it shows is what an engine told it; what is
// done in it goes to the engine as commands.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    MainWindow();
    ~MainWindow() override;

    // Starts an engine of its own, which ends with the window, or looks at one that runs, which does not notice.
    void startEngine(const QString& program, const QStringList& words, const QString& servedFolder);
    void attach(const QString& socket);
    // For looking at files only: no fleet, no actions on phones.
    void beWithoutEngine();
    // Opens a trace or a capture in a tab of its own.
    TraceView* openTrace(const QString& path);
    // Compares two of them in a tab of its own.
    CompareView* compare(const QString& a, const QString& b);

    // The tab of scenarios, with a file, a folder's first, or one of the library in it.
    ScenarioView* openScenario(const QString& word);
    ScenarioView* showScenarios();
    // The tab of the bench, with this inventory or that of the current folder. `socket`: of its daemon; empty: the usual one.
    BenchView* openBench(const QString& inventory, const QString& socket = {});
    BenchView* showBench();
    // What runs scenarios and checks phones; phonerig beside this program unless told otherwise.
    void setProgram(const QString& path) { m_program = path; }

    FleetView& fleet() { return *m_fleet; }
    const FleetRows& rows() const { return m_rows; }
    void setGroup(std::optional<Column> column);
    PhoneView* openPhone(std::uint32_t phone);
    PhoneView* openedPhone() const { return qobject_cast<PhoneView*>(m_tabs->currentWidget()); }
    // Starts an action on the selection, as the menu does; actions that need more ask for it in a dialog.
    void act(scenarios::control::PhoneAction action);

signals:
    void allKnown();                    // every phone has been heard of once
    void fileShown();                   // what a file's tab has to show is there
    void troubled(const QString& why);  // there is no engine (any more)

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void makeActions();
    void makeToolBar();
    void greet(const EngineLink::Hello& hello);
    void watchRun(const EngineLink::Hello& hello);
    void awaitChanges();
    void showServers();
    void take(const scenarios::control::Changes& changes);
    void tick();
    void order(scenarios::control::ActOnPhones order);
    void openPage();
    void addTab(QWidget* view, const QString& title);
    template <class View>
    void addFileTab(View* view, const QString& title, const QString& tip)
    {
        connect(view, &View::said, this, &MainWindow::say);
        connect(view, &View::failed, this, &MainWindow::troubled);
        connect(view, &View::completed, this, &MainWindow::fileShown);
        addTab(view, title);
        m_tabs->setTabToolTip(m_tabs->currentIndex(), tip);
    }
    void say(const QString& text);
    void closeTab(int index);
    void makeFileMenu();
    void makeScenarioMenu();
    void makeBenchMenu();
    BenchView* benchTab() const;
    ScenarioView* openedScenarios() const;
    void askForScenario(QFileDialog::FileMode mode);
    void askForFile(const QString& title, std::function<void(const QString& path)> then);
    LadderSubject subjectOf(std::uint32_t phone) const;
    void showCounts();
    void showTrouble(const QString& text);
    void setSort(Column column, bool descending);
    void reorder();
    std::vector<std::uint32_t> subjects() const;  // the selection, or the phone that is open
    QUrl pageOf(std::uint32_t phone) const;
    QStringList suggestions() const;
    emulator::TimePoint now() const;

    QString m_program;
    FleetRows m_rows;
    EngineLink::Hello m_hello;
    std::unique_ptr<EngineProcess> m_process;
    EngineLink* m_link = nullptr;
    QString m_servedFolder;
    std::vector<std::string> m_stopped;  // servers
    QMenu* m_phones = nullptr;
    QMenu* m_servers = nullptr;
    QToolBar* m_bar = nullptr;
    QTabWidget* m_tabs = nullptr;
    FleetView* m_fleet = nullptr;
    QLabel* m_trouble = nullptr;
    QLabel* m_counts = nullptr;
    QLabel* m_connection = nullptr;
    QLineEdit* m_filter = nullptr;
    QComboBox* m_sort = nullptr;
    QComboBox* m_group = nullptr;
    QAction* m_descending = nullptr;
    QTimer m_timer;            // the one for all LEDs in the window
    QElapsedTimer m_sinceNow;  // since the engine said what time it is
    emulator::TimePoint m_engineNow{};
    std::size_t m_heardOf = 0;
    bool m_allKnown = false;
};

// Rising phone numbers as ranges.
scenarios::control::PhoneRanges rangesOf(const std::vector<std::uint32_t>& phones);

}  // namespace ui
