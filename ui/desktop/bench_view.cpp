#include "ui/desktop/bench_view.hpp"

#include <QDir>
#include <QFileInfo>
#include <QHeaderView>
#include <QRegularExpression>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace ui {

using namespace std::chrono_literals;

namespace {

constexpr int mostResults = 10'000;       // lines of checks that are kept
constexpr std::size_t mostProblems = 12;  // of an inventory that are shown at once

// As a shell takes it for one word.
QString shellWordOf(QString text)
{
    static const QRegularExpression special{QStringLiteral("[^A-Za-z0-9_./:@%+=,-]")};
    if (!text.isEmpty() && !text.contains(special))
        return text;
    return u'\'' + text.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

// As seen from the current folder, where it is in there.
QString shortPath(const QString& path)
{
    const QString here = QDir::currentPath() + u'/';
    return path.startsWith(here) ? path.sliced(here.size()) : path;
}

}  // namespace

BenchView::BenchView(const QString& program, QWidget* parent) : QWidget{parent}, m_program{program}
{
    m_leases = new BenchLeases{this};
    m_packets = new PacketWatch{this};
    m_packets->setProgram(QFileInfo{program}.dir().filePath(QStringLiteral("phonerig-capture")));
    m_check = new BenchCheck{this};
    m_model = new BenchModel{this};
    m_inventory = new WatchedInventory{this};
    makeTable();
    makeChecks();
    auto* const column = new QVBoxLayout{this};
    column->addLayout(makeHead());
    m_notices = new QLabel;
    m_notices->setObjectName(QStringLiteral("bench notices"));
    m_notices->setTextFormat(Qt::PlainText);
    m_notices->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_notices->setWordWrap(true);
    m_notices->hide();
    column->addWidget(m_notices);
    column->addWidget(m_table, 1);
    column->addWidget(m_current);
    column->addWidget(m_results);
    connect(m_leases, &BenchLeases::heard, this, [this] {
        m_model->setLeases(m_leases->bench() == m_bench ? m_leases->rows() : std::nullopt);
        showCurrent();
        showNotices();
        noteComplete();
    });
    connect(m_packets, &PacketWatch::begun, this, [this] {
        m_model->takePackets(*m_packets);
        showNotices();
        noteComplete();
    });
    connect(m_inventory, &WatchedInventory::changed, this, &BenchView::showInventory);
    connect(&m_second, &QTimer::timeout, this, &BenchView::tick);
    showState();
}

QLayout* BenchView::makeHead()
{
    m_title = new QLabel;
    m_title->setObjectName(QStringLiteral("bench title"));
    m_title->setTextFormat(Qt::PlainText);
    const auto button = [this](const char* name, const QString& text, const QString& tip, auto work) {
        auto* const made = new QPushButton{text};
        made->setObjectName(QString::fromLatin1(name));
        made->setToolTip(tip);
        connect(made, &QPushButton::clicked, this, work);
        return made;
    };
    m_start = button("check phones", tr("&Check"), tr("Ctrl+K: leases the selected phones and checks them"),
                     [this] { checkSelected(); });
    m_stop = button("stop check", tr("&Stop"), tr("Ctrl+Shift+K: as Ctrl-C in a terminal"),
                    [this] { stopChecking(); });
    auto* const row = new QHBoxLayout;
    row->addWidget(m_title, 1);
    row->addWidget(m_start);
    row->addWidget(m_stop);
    row->addWidget(button("look again", tr("&Look again"), tr("Ctrl+L: reads, asks and listens anew"),
                          [this] { lookAgain(); }));
    return row;
}

void BenchView::makeTable()
{
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("bench phones"));
    m_table->setAccessibleName(tr("Phones of the bench"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setTabKeyNavigation(false);
    m_table->setAlternatingRowColors(true);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(2 * fontMetrics().lineSpacing() + 8);
    m_table->horizontalHeader()->setHighlightSections(false);
    const int letter = fontMetrics().averageCharWidth();
    int column = 0;
    for (const int letters : {13, 26, 20, 13, 14, 34, 0, 11, 15})
        m_table->setColumnWidth(column++, letters * letter);
    m_table->horizontalHeader()->setSectionResizeMode(BenchModel::Health, QHeaderView::Stretch);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &BenchView::showState);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &BenchView::showCurrent);
    m_current = new QLabel;
    m_current->setObjectName(QStringLiteral("current phone"));
    m_current->setTextFormat(Qt::PlainText);
    m_current->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_current->setWordWrap(true);
}

void BenchView::makeChecks()
{
    m_results = new QPlainTextEdit;
    m_results->setObjectName(QStringLiteral("check results"));
    m_results->setAccessibleName(tr("What checks found"));
    m_results->setReadOnly(true);
    m_results->setTabChangesFocus(true);
    m_results->setMaximumBlockCount(mostResults);
    m_results->setMaximumHeight(12 * fontMetrics().lineSpacing());
    m_results->hide();
    connect(m_check, &BenchCheck::began, this, [this](const QString& phone) {
        m_model->setChecking(phone);
        showState();
    });
    connect(m_check, &BenchCheck::said, this, [this](const QString& text) {
        m_results->appendPlainText(text);
        m_results->show();
    });
    connect(m_check, &BenchCheck::ended, this, [this] {
        m_model->setChecking({});
        m_leases->look();
        showState();
    });
}

// --- the inventory ---

void BenchView::open(const QString& inventory, const QString& socket)
{
    m_socket = socket.isEmpty() ? socket : QFileInfo{socket}.absoluteFilePath();
    m_leases->setSocket(m_socket);
    m_isComplete = false;
    m_bench.clear();
    m_inventory->open(QFileInfo{inventory}.absoluteFilePath());
    m_title->setText(tr("Reading %1 …").arg(shortPath(m_inventory->path())));
    m_second.start(1s);
}

void BenchView::lookAgain()
{
    m_inventory->readAgain();
}

void BenchView::showInventory()
{
    const std::optional<hwbridge::Inventory>& inventory = m_inventory->inventory();
    const QString path = shortPath(m_inventory->path());
    m_bench = inventory ? QString::fromStdString(inventory->bench) : QString{};
    m_model->setPhones(inventory ? inventory->phones : std::vector<hwbridge::BenchPhone>{});
    m_title->setText(inventory ? tr("%1, phones: %2, from %3").arg(m_bench).arg(m_model->rowCount()).arg(path)
                               : tr("%1 is no inventory of a bench").arg(path));
    m_table->selectionModel()->setCurrentIndex(m_model->index(0, 0), QItemSelectionModel::NoUpdate);
    showState();
    showCurrent();
    m_packets->watch(m_model->phones());
    m_leases->look();
    showNotices();
    if (!inventory)
        emit failed(QString::fromStdString(m_inventory->problems().front()));
}

// --- what goes on ---

void BenchView::tick()
{
    m_leases->look();
    m_packets->look();
    m_model->takePackets(*m_packets);
    showNotices();
}

void BenchView::noteComplete()
{
    if (m_bench.isEmpty() || !m_leases->hasAnswered() || !m_packets->hasBegun())
        return;
    if (!std::exchange(m_isComplete, true))
        emit completed();
}

QString BenchView::serveCommand() const
{
    QString command = QStringLiteral("phonerig bench serve --inventory ") + shellWordOf(m_inventory->path());
    if (!m_socket.isEmpty())
        command += QStringLiteral(" --socket ") + shellWordOf(m_socket);
    return command;
}

void BenchView::showNotices()
{
    QStringList notices;
    const std::vector<std::string>& problems = m_inventory->problems();
    for (std::size_t i = 0; i < std::min(problems.size(), mostProblems); ++i)
        notices << QString::fromStdString(problems[i]);
    if (problems.size() > mostProblems)
        notices << tr("… and %1 more").arg(problems.size() - mostProblems);
    if (!m_bench.isEmpty() && m_leases->hasAnswered()) {
        if (!m_leases->rows())
            notices << tr("Who has the phones is not known: %1. This starts the daemon that knows:\n%2")
                           .arg(m_leases->trouble(), serveCommand());
        else if (m_leases->bench() != m_bench)
            notices << tr("Who has the phones is not known: the daemon that answers is that of the bench %1, "
                          "expected %2.")
                           .arg(m_leases->bench(), m_bench);
    }
    notices += m_packets->troubles();
    const QString text = notices.join(u'\n');
    if (m_notices->text() != text)
        m_notices->setText(text);
    m_notices->setVisible(!text.isEmpty());
}

// What is too long for the cells of the current phone.
void BenchView::showCurrent()
{
    const QModelIndex current = m_table->currentIndex();
    const auto cell = [&](BenchModel::Columns column) {
        return current.siblingAtColumn(column).data().toString().replace(u'\n', QStringLiteral(": "));
    };
    const QString text =
        current.isValid()
            ? tr("%1: %2; %3").arg(cell(BenchModel::Name), cell(BenchModel::Lease), cell(BenchModel::Health))
            : QString{};
    if (m_current->text() != text)
        m_current->setText(text);
}

void BenchView::showState()
{
    m_start->setEnabled(!m_check->isRunning() && m_table->selectionModel()->hasSelection());
    m_stop->setEnabled(m_check->isRunning());
}

// --- checks ---

void BenchView::checkSelected()
{
    if (m_check->isRunning())
        return emit said(tr("A check is running; stop it first."));
    QStringList phones;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        phones << index.data().toString();
    if (phones.isEmpty())
        return emit said(tr("Select phones first; Ctrl+A selects all."));
    m_results->clear();
    m_results->show();
    m_check->start({m_program, m_inventory->path(), m_socket}, phones);
}

void BenchView::stopChecking()
{
    m_check->stop();
}

}  // namespace ui
