// The tabs of the window: phones, files, scenarios.

#include "ui/desktop/main_window.hpp"
#include "ui/desktop/run_view.hpp"

#include <QFileDialog>
#include <QFileInfo>

namespace ui {

PhoneView* MainWindow::openPhone(std::uint32_t phone)
{
    for (int i = 1; i < m_tabs->count(); ++i)
        if (auto* const open = qobject_cast<PhoneView*>(m_tabs->widget(i)); open->phone() == phone) {
            m_tabs->setCurrentIndex(i);
            return open;
        }
    auto* const view = new PhoneView{*m_link, m_rows, phone, pageOf(phone), subjectOf(phone)};
    view->setSuggestions(suggestions());
    connect(view, &PhoneView::said, this, &MainWindow::say);
    addTab(view, QString::fromStdString(m_rows.text(phone, Column::Address)));
    view->front().setFocus();
    return view;
}

// The engine runs a scenario in virtual time: there is no fleet to show.
void MainWindow::watchRun(const EngineLink::Hello& hello)
{
    beWithoutEngine();
    m_connection->setText(QString::fromStdString(hello.program));
    auto* const view = new RunView{*m_link};
    connect(view, &RunView::said, this, &MainWindow::say);
    addTab(view, QString::fromStdString(hello.scenario));
    view->setFocus();
    emit allKnown();
}

void MainWindow::addTab(QWidget* view, const QString& title)
{
    m_tabs->setCurrentIndex(m_tabs->addTab(view, title));
}

TraceView* MainWindow::openTrace(const QString& path)
{
    auto* const view = new TraceView{path};
    addFileTab(view, QFileInfo{path}.fileName(), path);
    view->timeline().ladder().setFocus();
    return view;
}

CompareView* MainWindow::compare(const QString& a, const QString& b)
{
    auto* const view = new CompareView{a, b};
    addFileTab(view, tr("%1 ↔ %2").arg(QFileInfo{a}.fileName(), QFileInfo{b}.fileName()),
               tr("%1 compared with %2").arg(a, b));
    view->differences().setFocus();
    return view;
}

void MainWindow::askForFile(const QString& title, std::function<void(const QString& path)> then)
{
    auto* const dialog = new QFileDialog{this, title};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters(
        {tr("Traces and captures (*.ndjson *.json *.pcap *.pcapng)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, std::move(then));
    dialog->open();
}

void MainWindow::closeTab(int index)
{
    if (index <= 0)
        return;
    QWidget* const view = m_tabs->widget(index);
    const auto close = [this, view] {
        m_tabs->removeTab(m_tabs->indexOf(view));
        view->deleteLater();
    };
    if (auto* const scenarios = qobject_cast<ScenarioView*>(view))
        scenarios->whenMayClose(close);
    else
        close();
}

}  // namespace ui
