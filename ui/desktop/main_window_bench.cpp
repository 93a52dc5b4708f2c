// The window's bench: its tab and its menu.

#include "ui/desktop/main_window.hpp"

#include "ui/desktop/watched_inventory.hpp"

#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>

namespace ui {

// The one tab that a bench has; null: it has none.
BenchView* MainWindow::benchTab() const
{
    for (int i = 1; i < m_tabs->count(); ++i)
        if (auto* const view = qobject_cast<BenchView*>(m_tabs->widget(i)))
            return view;
    return nullptr;
}

BenchView* MainWindow::showBench()
{
    BenchView* const view = benchTab();
    if (view == nullptr)
        return openBench(usualInventoryPath());
    m_tabs->setCurrentWidget(view);
    view->table().setFocus();
    return view;
}

BenchView* MainWindow::openBench(const QString& inventory, const QString& socket)
{
    BenchView* view = benchTab();
    if (view == nullptr) {
        view = new BenchView{m_program};
        addFileTab(view, tr("Bench"), inventory);
    }
    m_tabs->setCurrentWidget(view);
    m_tabs->setTabToolTip(m_tabs->currentIndex(), QFileInfo{inventory}.absoluteFilePath());
    view->open(inventory, socket);
    view->table().setFocus();
    return view;
}

void MainWindow::makeBenchMenu()
{
    QMenu& menu = *menuBar()->addMenu(tr("&Bench"));
    menu.setObjectName(QStringLiteral("bench"));
    const auto action = [&](const char* name, const QString& text, const QKeySequence& keys, auto work) {
        QAction* const made = menu.addAction(text);
        made->setObjectName(QString::fromLatin1(name));
        made->setShortcut(keys);
        connect(made, &QAction::triggered, this, work);
    };
    const auto here = [&](const char* name, const QString& text, const QKeySequence& keys,
                          void (BenchView::*work)()) {
        action(name, text, keys, [this, work] {
            if (auto* const view = qobject_cast<BenchView*>(m_tabs->currentWidget()))
                return (view->*work)();
            say(tr("Open a bench first: Ctrl+4 shows it."));
        });
    };
    action("show bench", tr("&Show bench"), QKeySequence{tr("Ctrl+4")}, [this] { showBench(); });
    action("open inventory", tr("&Open inventory…"), {}, [this] {
        auto* const dialog = new QFileDialog{this, tr("Open inventory of a bench")};
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        dialog->setNameFilters({tr("Inventories (*.yaml *.yml)"), tr("All files (*)")});
        connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
            BenchView* const open = benchTab();
            openBench(path, open == nullptr ? QString{} : open->socket());  // the same daemon
        });
        dialog->open();
    });
    menu.addSeparator();
    here("check bench phones", tr("&Check phones"), QKeySequence{tr("Ctrl+K")}, &BenchView::checkSelected);
    here("stop bench check", tr("S&top check"), QKeySequence{tr("Ctrl+Shift+K")}, &BenchView::stopChecking);
    here("look at bench again", tr("&Look again"), QKeySequence{tr("Ctrl+L")}, &BenchView::lookAgain);
}

}  // namespace ui
