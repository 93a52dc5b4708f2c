// The menus and the tool bar of the window.

#include "ui/desktop/main_window.hpp"
#include "ui/desktop/theme.hpp"

#include <QMenuBar>
#include <QToolBar>

namespace ui {

using namespace scenarios::control;

void MainWindow::makeFileMenu()
{
    QMenu& file = *menuBar()->addMenu(tr("&File"));
    const auto action = [&](const QString& name, const QString& text, const QKeySequence& keys, auto work) {
        QAction* const made = file.addAction(text);
        made->setObjectName(name);
        made->setShortcut(keys);
        connect(made, &QAction::triggered, this, work);
    };
    action(QStringLiteral("open trace"), tr("&Open trace or capture…"), QKeySequence::Open, [this] {
        askForFile(tr("Open trace or capture"), [this](const QString& path) { openTrace(path); });
    });
    action(QStringLiteral("compare"), tr("Co&mpare two…"), QKeySequence{tr("Ctrl+Shift+C")}, [this] {
        askForFile(tr("Compare: A"), [this](const QString& a) {
            askForFile(tr("Compare: B"), [this, a](const QString& b) { compare(a, b); });
        });
    });
    file.addSeparator();
    action(QStringLiteral("close"), tr("&Close this tab"), QKeySequence{tr("Ctrl+W")},
           [this] { closeTab(m_tabs->currentIndex()); });
    action(QStringLiteral("quit"), tr("&Quit"), QKeySequence::Quit, [this] { close(); });
}

void MainWindow::makeActions()
{
    makeFileMenu();
    QMenu& phones = *menuBar()->addMenu(tr("&Phones"));
    m_phones = &phones;
    phones.setObjectName(QStringLiteral("phones"));
    const auto action = [&](QMenu& menu, const QString& name, const QString& text, const QKeySequence& keys,
                            auto work) {
        QAction* const made = menu.addAction(text);
        made->setObjectName(name);
        made->setShortcut(keys);
        connect(made, &QAction::triggered, this, work);
        addAction(made);
        return made;
    };
    const auto onPhones = [&](const QString& text, const QKeySequence& keys, PhoneAction what) {
        const std::string_view id = name(what);
        action(phones, QString::fromUtf8(id.data(), static_cast<qsizetype>(id.size())), text, keys,
               [this, what] { act(what); });
    };
    action(phones, QStringLiteral("open"), tr("&Open"), {}, [this] {
        if (m_fleet->current())
            openPhone(*m_fleet->current());
    });
    action(phones, QStringLiteral("open page"), tr("Open &web page"), QKeySequence{tr("Ctrl+B")},
           [this] { openPage(); });
    phones.addSeparator();
    onPhones(tr("Power o&n"), QKeySequence{tr("Ctrl+Shift+N")}, PhoneAction::PowerOn);
    onPhones(tr("Power o&ff"), QKeySequence{tr("Ctrl+Shift+F")}, PhoneAction::PowerOff);
    onPhones(tr("&Resync…"), QKeySequence{tr("Ctrl+R")}, PhoneAction::Resync);
    onPhones(tr("&Upgrade…"), QKeySequence{tr("Ctrl+U")}, PhoneAction::Upgrade);
    onPhones(tr("Re&boot"), QKeySequence{tr("Ctrl+Shift+B")}, PhoneAction::Reboot);
    onPhones(tr("&Submit parameters…"), QKeySequence{tr("Ctrl+P")}, PhoneAction::Submit);
    onPhones(tr("Factory rese&t…"), QKeySequence{tr("Ctrl+Shift+T")}, PhoneAction::FactoryReset);
    phones.addSeparator();
    action(phones, QStringLiteral("select all"), tr("Select &all"), QKeySequence{tr("Ctrl+Shift+A")},
           [this] { m_fleet->selectAll(); });
    m_fleet->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_fleet, &QWidget::customContextMenuRequested, this,
            [this, menu = &phones](const QPoint& at) { menu->popup(m_fleet->mapToGlobal(at)); });

    m_servers = menuBar()->addMenu(tr("&Servers"));
    m_servers->setObjectName(QStringLiteral("servers"));
    m_servers->setEnabled(false);

    makeScenarioMenu();
    makeBenchMenu();

    QMenu& view = *menuBar()->addMenu(tr("&View"));
    action(view, QStringLiteral("tiles"), tr("&Tiles"), QKeySequence{tr("Ctrl+1")},
           [this] { m_fleet->setMode(FleetView::Mode::Tiles); });
    action(view, QStringLiteral("list"), tr("&List"), QKeySequence{tr("Ctrl+2")},
           [this] { m_fleet->setMode(FleetView::Mode::List); });
    action(view, QStringLiteral("fleet"), tr("&Fleet"), QKeySequence{tr("Ctrl+0")}, [this] {
        m_tabs->setCurrentIndex(0);
        m_fleet->setFocus();
    });
    action(view, QStringLiteral("find"), tr("Fi&nd"), QKeySequence::Find, [this] {
        if (ScenarioView* const scenarios = openedScenarios())
            return scenarios->focusSearch();
        if (!m_tabs->isTabVisible(0))
            return;
        m_tabs->setCurrentIndex(0);
        m_filter->setFocus();
    });
    view.addSeparator();
    action(view, QStringLiteral("light"), tr("L&ight"), {}, [] { apply(Theme::Light); });
    action(view, QStringLiteral("dark"), tr("&Dark"), {}, [] { apply(Theme::Dark); });
}

void MainWindow::makeToolBar()
{
    QToolBar& bar = *addToolBar(tr("Fleet"));
    m_bar = &bar;
    bar.setMovable(false);
    m_filter = new QLineEdit;
    m_filter->setObjectName(QStringLiteral("filter"));
    m_filter->setPlaceholderText(tr("Filter: words, or state:idle model:7841 led:fast result:failed"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setClearButtonEnabled(true);
    bar.addWidget(m_filter);
    m_sort = new QComboBox;
    m_sort->setObjectName(QStringLiteral("sort"));
    m_sort->setAccessibleName(tr("Sort by"));
    m_group = new QComboBox;
    m_group->setObjectName(QStringLiteral("group"));
    m_group->setAccessibleName(tr("Group by"));
    m_group->addItem(tr("no groups"));
    for (std::size_t i = 0; i < columnCount; ++i) {
        const auto column = static_cast<Column>(i);
        m_sort->addItem(heading(column), static_cast<int>(i));
        if (column == Column::Model || column == Column::Firmware || column == Column::State ||
            column == Column::Led || column == Column::LastResult)
            m_group->addItem(heading(column), static_cast<int>(i));
    }
    bar.addSeparator();
    bar.addWidget(new QLabel{tr(" Sort ")});
    bar.addWidget(m_sort);
    m_descending = bar.addAction(tr("↓"));
    m_descending->setObjectName(QStringLiteral("descending"));
    m_descending->setToolTip(tr("Descending"));
    m_descending->setCheckable(true);
    bar.addSeparator();
    bar.addWidget(new QLabel{tr(" Group ")});
    bar.addWidget(m_group);
    bar.addSeparator();
    for (const char* const view : {"tiles", "list"})
        bar.addAction(findChild<QAction*>(QString::fromLatin1(view)));

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_rows.setFilter(text.toStdString());
        reorder();
    });
    const auto sort = [this] {
        setSort(static_cast<Column>(m_sort->currentData().toInt()), m_descending->isChecked());
    };
    connect(m_sort, &QComboBox::activated, this, sort);
    connect(m_descending, &QAction::toggled, this, sort);
    connect(m_group, &QComboBox::activated, this, [this] {
        const QVariant column = m_group->currentData();
        setGroup(column.isValid() ? std::optional{static_cast<Column>(column.toInt())} : std::nullopt);
    });
}

}  // namespace ui
