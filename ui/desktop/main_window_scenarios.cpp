// The window's scenarios: their tab and their menu.

#include "ui/desktop/main_window.hpp"

#include <QCloseEvent>
#include <QFileDialog>
#include <QMenuBar>

namespace ui {

ScenarioView* MainWindow::openedScenarios() const
{
    return qobject_cast<ScenarioView*>(m_tabs->currentWidget());
}

// The one tab that scenarios have; made when it is first asked for.
ScenarioView* MainWindow::showScenarios()
{
    for (int i = 1; i < m_tabs->count(); ++i)
        if (auto* const view = qobject_cast<ScenarioView*>(m_tabs->widget(i))) {
            m_tabs->setCurrentIndex(i);
            return view;
        }
    auto* const view = new ScenarioView{m_program};
    addFileTab(view, tr("Scenarios"), tr("Scenarios"));
    connect(view, &ScenarioView::failed, this, &MainWindow::say);
    connect(view, &ScenarioView::titleChanged, this,
            [this, view](const QString& title) { m_tabs->setTabText(m_tabs->indexOf(view), title); });
    connect(view, &ScenarioView::traceWanted, this, &MainWindow::openTrace);
    connect(view, &ScenarioView::comparisonWanted, this, &MainWindow::compare);
    view->focusSearch();
    return view;
}

ScenarioView* MainWindow::openScenario(const QString& word)
{
    ScenarioView* const view = showScenarios();
    view->open(word);
    view->editor().setFocus();
    return view;
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    auto* const view = findChild<ScenarioView*>();
    if (view == nullptr || view->mayClose())
        return event->accept();
    event->ignore();
    m_tabs->setCurrentWidget(view);
    view->whenMayClose([this] { close(); });
}

void MainWindow::askForScenario(QFileDialog::FileMode mode)
{
    auto* const dialog = new QFileDialog{
        this, mode == QFileDialog::Directory ? tr("Open scenarios of a folder") : tr("Open scenario")};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(mode);
    if (mode != QFileDialog::Directory)
        dialog->setNameFilters({tr("Scenarios (*.yaml *.yml)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openScenario);
    dialog->open();
}

void MainWindow::makeScenarioMenu()
{
    QMenu& menu = *menuBar()->addMenu(tr("S&cenario"));
    menu.setObjectName(QStringLiteral("scenario"));
    const auto action = [&](const QString& name, const QString& text, const QList<QKeySequence>& keys,
                            auto work) {
        QAction* const made = menu.addAction(text);
        made->setObjectName(name);
        made->setShortcuts(keys);
        connect(made, &QAction::triggered, this, work);
    };
    const auto here = [&](const QString& name, const QString& text, const QList<QKeySequence>& keys,
                          auto work) {
        action(name, text, keys, [this, work] {
            if (ScenarioView* const view = openedScenarios())
                return work(*view);
            say(tr("Open a scenario first: Ctrl+3 shows those there are."));
        });
    };
    action(QStringLiteral("scenarios"), tr("&Show scenarios"), {QKeySequence{tr("Ctrl+3")}},
           [this] { showScenarios()->focusSearch(); });
    action(QStringLiteral("new scenario"), tr("&New"), {QKeySequence::New},
           [this] { showScenarios()->beginNew(); });
    action(QStringLiteral("open scenario"), tr("&Open…"), {QKeySequence{tr("Ctrl+Shift+O")}},
           [this] { askForScenario(QFileDialog::ExistingFile); });
    action(QStringLiteral("open scenario folder"), tr("Open &folder…"), {},
           [this] { askForScenario(QFileDialog::Directory); });
    here(QStringLiteral("save scenario"), tr("Sa&ve"), {QKeySequence::Save},
         [](ScenarioView& view) { view.save(); });
    here(QStringLiteral("save scenario as"), tr("Save &as…"), {QKeySequence{tr("Ctrl+Shift+S")}},
         [](ScenarioView& view) { view.saveAs(); });
    menu.addSeparator();
    here(QStringLiteral("run scenario"), tr("&Run"),
         {QKeySequence{tr("F5")}, QKeySequence{tr("Ctrl+Return")}, QKeySequence{tr("Ctrl+Enter")}},
         [](ScenarioView& view) { view.run(); });
    here(QStringLiteral("stop scenario"), tr("S&top"), {QKeySequence{tr("Shift+F5")}},
         [](ScenarioView& view) { view.stop(); });
    const auto onTime = [&](const QString& name, const QString& text, const QKeySequence& key, auto work) {
        action(name, text, {key}, [this, work] {
            if (auto* const time = m_tabs->currentWidget()->findChild<TimeBar*>())
                return work(*time);
            say(tr("Open a scenario first: Ctrl+3 shows those there are."));
        });
    };
    onTime(QStringLiteral("pause scenario"), tr("Pa&use or go on"), QKeySequence{tr("F9")},
           [](TimeBar& time) { time.togglePause(); });
    onTime(QStringLiteral("step scenario"), tr("To the next e&vent"), QKeySequence{tr("Shift+F9")},
           [](TimeBar& time) { time.step(); });
    here(QStringLiteral("report of scenario"), tr("R&eport"), {QKeySequence{tr("F7")}},
         [](ScenarioView& view) { view.openReport(); });
    menu.addSeparator();
    here(QStringLiteral("next problem"), tr("Next &problem"), {QKeySequence{tr("F8")}},
         [](ScenarioView& view) { view.goToProblem(true); });
    here(QStringLiteral("previous problem"), tr("Previo&us problem"), {QKeySequence{tr("Shift+F8")}},
         [](ScenarioView& view) { view.goToProblem(false); });
    here(QStringLiteral("next part"), tr("Ne&xt part"), {QKeySequence{tr("F6")}},
         [](ScenarioView& view) { view.focusNextPart(); });
}

}  // namespace ui
