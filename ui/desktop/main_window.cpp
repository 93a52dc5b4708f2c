#include "ui/desktop/main_window.hpp"

#include "ui/desktop/action_dialogs.hpp"

#include <QApplication>
#include <QDesktopServices>
#include <QDir>
#include <QMenu>
#include <QStatusBar>
#include <QToolBar>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace ui {

using namespace scenarios::control;

namespace {

constexpr int framesPerSecond = 30;
constexpr int messageMs = 8000;

}  // namespace

PhoneRanges rangesOf(const std::vector<std::uint32_t>& phones)
{
    PhoneRanges ranges;
    for (const std::uint32_t phone : phones)
        if (!ranges.empty() && ranges.back().second + 1 == phone)
            ranges.back().second = phone;
        else
            ranges.emplace_back(phone, phone);
    return ranges;
}

MainWindow::MainWindow()
{
    setWindowTitle(tr("phonerig"));
    m_program = QDir{QApplication::applicationDirPath()}.filePath(QStringLiteral("phonerig"));
    m_link = new EngineLink{this};
    m_tabs = new QTabWidget;
    m_tabs->setTabsClosable(true);
    m_tabs->setDocumentMode(true);
    m_fleet = new FleetView;
    m_tabs->addTab(m_fleet, tr("Fleet"));
    m_tabs->tabBar()->setTabButton(0, QTabBar::RightSide, nullptr);
    m_trouble = new QLabel;
    m_trouble->setObjectName(QStringLiteral("trouble"));
    m_trouble->setWordWrap(true);
    m_trouble->setMargin(8);
    m_trouble->setStyleSheet(QStringLiteral("background:#8c1d18;color:white"));
    m_trouble->hide();
    auto* const middle = new QWidget;
    auto* const column = new QVBoxLayout{middle};
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_trouble);
    column->addWidget(m_tabs);
    setCentralWidget(middle);
    m_counts = new QLabel;
    m_counts->setObjectName(QStringLiteral("counts"));
    m_connection = new QLabel{tr("waiting for an engine")};
    statusBar()->addWidget(m_counts);
    statusBar()->addPermanentWidget(m_connection);
    makeActions();
    makeToolBar();

    connect(m_link, &EngineLink::greeted, this, &MainWindow::greet);
    connect(m_link, &EngineLink::ended, this, [this](const QString& why) {
        m_connection->setText(tr("no engine"));
        showTrouble(why + u' ' + tr("What is shown is the last that was heard."));
    });
    connect(m_fleet, &FleetView::opened, this, &MainWindow::openPhone);
    connect(m_fleet, &FleetView::selectionChanged, this, &MainWindow::showCounts);
    connect(m_fleet, &FleetView::sortWanted, this, &MainWindow::setSort);
    connect(m_tabs, &QTabWidget::tabCloseRequested, this, &MainWindow::closeTab);
    connect(&m_timer, &QTimer::timeout, this, &MainWindow::tick);
    m_timer.start(1000 / framesPerSecond);
    resize(1200, 800);
}

MainWindow::~MainWindow() = default;

void MainWindow::startEngine(const QString& program, const QStringList& words, const QString& servedFolder)
{
    m_servedFolder = servedFolder;
    m_process = std::make_unique<EngineProcess>();
    connect(m_process.get(), &EngineProcess::ready, this, [this] { m_link->open(m_process->socket()); });
    connect(m_process.get(), &EngineProcess::ended, this, &MainWindow::showTrouble);
    m_process->start(program, words);
}

void MainWindow::attach(const QString& socket)
{
    setWindowTitle(tr("phonerig – %1").arg(socket));
    m_link->open(socket);
}

void MainWindow::beWithoutEngine()
{
    m_tabs->setTabVisible(0, false);
    m_bar->hide();
    m_bar->toggleViewAction()->setVisible(false);
    const auto remove = [](QAction* action) {
        action->setVisible(false);
        action->setEnabled(false);
    };
    for (QMenu* const menu : {m_phones, m_servers}) {
        remove(menu->menuAction());
        for (QAction* const action : menu->actions())
            remove(action);
    }
    for (const char* const name : {"tiles", "list", "fleet"})
        remove(findChild<QAction*>(QString::fromLatin1(name)));
    m_connection->setText(tr("no engine"));
}

// --- what the engine says ---

void MainWindow::greet(const EngineLink::Hello& hello)
{
    if (!hello.scenario.empty())
        return watchRun(hello);
    m_hello = hello;
    m_rows.begin(hello);  // keeps how it is ordered
    m_rows.update();
    m_fleet->setRows(&m_rows);
    m_connection->setText(QString::fromStdString(hello.program));
    showServers();
    showCounts();
    awaitChanges();
}

// Every one checked while somebody listens there, whichever window decided it.
void MainWindow::showServers()
{
    m_servers->clear();
    for (const std::string& url : m_hello.servers) {
        QAction* const server = m_servers->addAction(tr("%1 answers").arg(QString::fromStdString(url)));
        server->setObjectName(QString::fromStdString(url));
        server->setCheckable(true);
        server->setChecked(std::find(m_stopped.begin(), m_stopped.end(), url) == m_stopped.end());
        connect(server, &QAction::triggered, this, [this, url](bool answers) {
            m_link->ask(SetServer{url, answers}, this, [this](const EngineLink::Answer& answer) {
                if (!answer.error.empty())
                    statusBar()->showMessage(QString::fromStdString(answer.error), messageMs);
            });
        });
    }
    m_servers->setEnabled(!m_hello.servers.empty());
}

void MainWindow::awaitChanges()
{
    m_link->ask(AwaitChanges{}, this, [this](const EngineLink::Answer& answer) {
        if (const auto* const changes = std::get_if<Changes>(&answer.what))
            take(*changes);
        awaitChanges();
    });
}

void MainWindow::take(const Changes& changes)
{
    m_engineNow = changes.now;
    m_sinceNow.start();
    if (m_stopped != changes.stopped) {
        m_stopped = changes.stopped;
        showServers();
    }
    m_rows.take(changes.phones);
    m_heardOf += changes.phones.size();
    if (m_heardOf < m_rows.size())
        return;  // the first look at all phones comes in pieces
    m_fleet->rowsChanged(m_rows.update());
    showCounts();
    if (PhoneView* const open = openedPhone())
        for (const emulator::PhoneSnapshot& phone : changes.phones)
            if (static_cast<std::uint32_t>(phone.index) == open->phone())
                open->refresh();
    if (!std::exchange(m_allKnown, true))
        emit allKnown();
}

emulator::TimePoint MainWindow::now() const
{
    if (!m_sinceNow.isValid())
        return m_engineNow;
    return m_engineNow + std::chrono::duration_cast<emulator::Duration>(
                             std::chrono::nanoseconds{m_sinceNow.nsecsElapsed()});
}

void MainWindow::tick()
{
    if (!m_link->isOpen())
        return;  // time stands still: nobody knows what became of the phones
    if (PhoneView* const open = openedPhone())
        open->sampleLed(now());
    else
        m_fleet->sampleLeds(now());
}

void MainWindow::showTrouble(const QString& text)
{
    if (m_trouble->isHidden())
        m_trouble->setText(text);
    else
        m_trouble->setText(m_trouble->text() + u'\n' + text);
    m_trouble->show();
    emit troubled(text);
}

void MainWindow::showCounts()
{
    QString text = tr("%1 of %2 phones").arg(m_rows.order().size()).arg(m_rows.size());
    for (std::size_t i = 0; i < m_rows.inState().size(); ++i)
        if (m_rows.inState()[i] > 0) {
            const std::string_view state = name(static_cast<emulator::PhoneState>(i));
            text += QStringLiteral(", %1 %2")
                        .arg(m_rows.inState()[i])
                        .arg(QString::fromUtf8(state.data(), static_cast<qsizetype>(state.size())));
        }
    if (m_fleet->selectedCount() > 0)
        text += tr("; %1 selected").arg(m_fleet->selectedCount());
    if (m_counts->text() != text)
        m_counts->setText(text);
}

// --- what is done here ---

std::vector<std::uint32_t> MainWindow::subjects() const
{
    if (const PhoneView* const open = openedPhone())
        return {open->phone()};
    return m_tabs->currentWidget() == m_fleet ? m_fleet->selected() : std::vector<std::uint32_t>{};
}

void MainWindow::act(PhoneAction action)
{
    const std::vector<std::uint32_t> phones = subjects();
    if (phones.empty())
        return statusBar()->showMessage(tr("Select phones first."), messageMs);
    ActOnPhones order;
    order.action = action;
    order.phones = rangesOf(phones);
    if (action == PhoneAction::Resync || action == PhoneAction::Upgrade) {
        const std::optional<QString> rule =
            askRule(this, action == PhoneAction::Resync ? tr("Resync") : tr("Upgrade"), suggestions());
        if (!rule)
            return;
        order.rule = rule->toStdString();
    }
    if (action == PhoneAction::Submit) {
        std::optional<NamedValues> values = askParameters(this, tr("Submit parameters"));
        if (!values)
            return;
        order.parameters = std::move(*values);
    }
    if (action == PhoneAction::FactoryReset && !confirmFactoryReset(this, phones.size()))
        return;
    this->order(std::move(order));
}

void MainWindow::order(ActOnPhones order)
{
    if (!m_link->isOpen())
        return statusBar()->showMessage(tr("There is no engine that could do that."), messageMs);
    m_link->ask(std::move(order), this, [this](const EngineLink::Answer& answer) {
        const auto* const done = std::get_if<Done>(&answer.what);
        statusBar()->showMessage(answer.error.empty() && done != nullptr
                                     ? tr("Handed to %n phone(s).", nullptr, static_cast<int>(done->phones))
                                     : QString::fromStdString(answer.error),
                                 messageMs);
    });
}

void MainWindow::say(const QString& text)
{
    statusBar()->showMessage(text, messageMs);
}

LadderSubject MainWindow::subjectOf(std::uint32_t phone) const
{
    LadderSubject subject;
    subject.phone = m_rows.text(phone, Column::Address);
    if (const auto address = emulator::IpAddress::parse(subject.phone); address.has_value())
        subject.address = *address;
    for (const std::string& url : m_hello.servers) {
        const std::size_t slashes = url.find("://");
        const auto endpoint =
            emulator::Endpoint::parse(slashes == std::string::npos ? url : url.substr(slashes + 3), 0);
        if (slashes != std::string::npos && endpoint.has_value())
            subject.servers.emplace_back(*endpoint,
                                         url.substr(0, slashes) + " :" + std::to_string(endpoint->port));
    }
    return subject;
}

QUrl MainWindow::pageOf(std::uint32_t phone) const
{
    QUrl url;
    url.setScheme(QStringLiteral("http"));
    url.setHost(QString::fromStdString(m_rows.text(phone, Column::Address)));
    url.setPort(m_hello.webPort);
    url.setPath(QStringLiteral("/"));
    return url;
}

void MainWindow::openPage()
{
    const std::vector<std::uint32_t> phones = subjects();
    if (phones.size() != 1)
        return statusBar()->showMessage(tr("Select one phone, whose page is to be opened."), messageMs);
    if (!QDesktopServices::openUrl(pageOf(phones.front())))
        statusBar()->showMessage(
            tr("No browser opened; the page is at %1").arg(pageOf(phones.front()).toString()), messageMs);
}

// URLs of what the rig's servers serve: every file of the folder that this window's own engine was given.
QStringList MainWindow::suggestions() const
{
    constexpr qsizetype most = 50;
    QStringList urls;
    const QStringList files =
        m_servedFolder.isEmpty() ? QStringList{} : QDir{m_servedFolder}.entryList(QDir::Files, QDir::Name);
    for (const std::string& text : m_hello.servers) {
        const QString server = QString::fromStdString(text);
        if (!server.startsWith(QStringLiteral("tftp:")) && !server.startsWith(QStringLiteral("http:")))
            continue;
        for (const QString& file : files.mid(0, most))
            urls << server + u'/' + file;
        if (files.isEmpty())
            urls << server + u'/';
    }
    return urls;
}

void MainWindow::setSort(Column column, bool descending)
{
    const QSignalBlocker quiet{m_descending};
    m_sort->setCurrentIndex(static_cast<int>(column));
    m_descending->setChecked(descending);
    m_fleet->setSort(column, descending);
    m_rows.setSort(column, descending);
    reorder();
}

void MainWindow::setGroup(std::optional<Column> column)
{
    m_group->setCurrentIndex(column ? m_group->findData(static_cast<int>(*column)) : 0);
    m_rows.setGroup(column);
    reorder();
}

void MainWindow::reorder()
{
    m_rows.update();
    m_fleet->rowsChanged(true);
    showCounts();
}

}  // namespace ui
