#include "ui/desktop/run_pane.hpp"

#include "hwbridge/bench/inventory.hpp"
#include "ui/desktop/background.hpp"
#include "ui/desktop/scenario_highlighter.hpp"
#include "ui/desktop/text_file.hpp"

#include <QDesktopServices>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QRegularExpressionValidator>
#include <QUrl>
#include <QVBoxLayout>

namespace ui {

namespace {

struct StepColumn {
    enum { Result, Line, At, What, Seen };
};
constexpr int decidedRole = Qt::UserRole;

// The phones of an inventory as targets; none when it cannot be read: a run says why.
QStringList targetsOf(const QString& inventory)
{
    const auto text = readTextFile(inventory, hwbridge::longestInventory);
    if (text.has_error())
        return {};
    QStringList targets;
    const auto reading = hwbridge::readInventory(inventory.toStdString(), *text);
    for (const char* const kind : {"bench:", "twin:"})
        if (reading.inventory)
            for (const hwbridge::BenchPhone& phone : reading.inventory->phones)
                targets << QString::fromLatin1(kind) + QString::fromStdString(phone.name);
    return targets;
}

}  // namespace

RunPane::RunPane(QWidget* parent) : QWidget{parent}
{
    m_steps = new QTreeWidget;
    m_steps->setObjectName(QStringLiteral("steps"));
    m_steps->setAccessibleName(tr("Steps of the run"));
    m_steps->setHeaderLabels({tr("Result"), tr("Line"), tr("At"), tr("Step"), tr("Seen instead")});
    m_steps->setRootIsDecorated(false);
    m_steps->setUniformRowHeights(true);
    const int letter = fontMetrics().averageCharWidth();
    int column = 0;
    for (const int letters : {13, 7, 12, 62})
        m_steps->setColumnWidth(column++, letters * letter);
    m_said = new QPlainTextEdit;
    m_said->setObjectName(QStringLiteral("said"));
    m_said->setAccessibleName(tr("What the run said"));
    m_said->setReadOnly(true);
    m_said->setTabChangesFocus(true);
    m_said->setMaximumHeight(5 * fontMetrics().lineSpacing());
    m_said->hide();
    auto* const rows = new QVBoxLayout{this};
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addLayout(makeControls());
    m_time = new TimeBar;
    m_recording = new RecordedRun;
    m_recording->hide();
    rows->addWidget(m_time);
    rows->addLayout(makeEnd());
    rows->addWidget(m_steps, 1);
    rows->addWidget(m_said);
    const auto choose = [this](QTreeWidgetItem* item) {
        emit lineChosen(item->data(StepColumn::Line, Qt::DisplayRole).toULongLong());
    };
    connect(m_steps, &QTreeWidget::itemClicked, this, choose);
    connect(m_steps, &QTreeWidget::itemActivated, this, choose);
    connect(&m_run, &ScenarioRun::stepBegan, this, &RunPane::begin);
    connect(&m_run, &ScenarioRun::stepDecided, this, &RunPane::decide);
    connect(&m_run, &ScenarioRun::caughtUp, this, [this] {
        if (m_running != nullptr)
            m_steps->scrollToItem(m_running);
    });
    connect(&m_run, &ScenarioRun::ended, this, &RunPane::finish);
    connect(&m_run, &ScenarioRun::governable, this, &RunPane::govern);
    connect(m_time, &TimeBar::heldBack, this, [this] { m_recordingShown->setChecked(true); });
    showState();
}

QLayout* RunPane::makeControls()
{
    const auto button = [](const QString& name, const QString& text, const QString& tip) {
        auto* const made = new QPushButton{text};
        made->setObjectName(name);
        made->setToolTip(tip);
        return made;
    };
    m_target = new QComboBox;
    m_target->setObjectName(QStringLiteral("target"));
    m_target->setAccessibleName(tr("Where it runs"));
    m_target->setEditable(true);
    m_target->addItems({QStringLiteral("sim"), QStringLiteral("net")});
    m_target->setToolTip(
        tr("sim: virtual time; net: real sockets; bench:NAME: a real phone; twin:NAME: it and its "
           "emulated twin"));
    m_target->setMinimumContentsLength(14);
    m_seed = new QLineEdit;
    m_seed->setObjectName(QStringLiteral("seed"));
    m_seed->setAccessibleName(tr("Seed"));
    m_seed->setPlaceholderText(tr("the scenario's"));
    m_seed->setMaximumWidth(16 * fontMetrics().averageCharWidth());
    m_seed->setValidator(
        new QRegularExpressionValidator{QRegularExpression{QStringLiteral("[0-9]{1,19}")}, m_seed});
    m_start = button(QStringLiteral("run"), tr("&Run"), tr("F5 or Ctrl+Return"));
    m_stop = button(QStringLiteral("stop"), tr("&Stop"), tr("Shift+F5: as Ctrl-C in a terminal"));
    m_progress = new QProgressBar;
    m_progress->setObjectName(QStringLiteral("run progress"));
    m_progress->setAccessibleName(tr("Progress of the run"));
    connect(m_target, &QComboBox::currentTextChanged, this, &RunPane::showState);
    connect(m_start, &QPushButton::clicked, this, &RunPane::startWanted);
    connect(m_stop, &QPushButton::clicked, this, &RunPane::stop);
    auto* const row = new QHBoxLayout;
    row->addWidget(new QLabel{tr("On")});
    row->addWidget(m_target);
    row->addWidget(new QLabel{tr("Seed")});
    row->addWidget(m_seed);
    row->addWidget(m_start);
    row->addWidget(m_stop);
    row->addWidget(m_progress, 1);
    return row;
}

QLayout* RunPane::makeEnd()
{
    const auto button = [](const QString& name, const QString& text) {
        auto* const made = new QPushButton{text};
        made->setObjectName(name);
        return made;
    };
    m_verdict = new QLabel;
    m_verdict->setObjectName(QStringLiteral("run verdict"));
    m_verdict->setTextFormat(Qt::PlainText);
    m_verdict->setWordWrap(true);
    QFont bold = font();
    bold.setBold(true);
    m_verdict->setFont(bold);
    m_recordingShown = button(QStringLiteral("recording shown"), tr("Recor&ding"));
    m_recordingShown->setCheckable(true);
    m_recordingShown->setToolTip(tr("What happened, beside the text, to go back through"));
    connect(m_recordingShown, &QPushButton::toggled, this, &RunPane::showRecording);
    m_report = button(QStringLiteral("report"), tr("R&eport"));
    m_report->setToolTip(tr("Opens the report in the browser"));
    m_ladder = button(QStringLiteral("ladder of run"), tr("&Ladder"));
    m_comparison = button(QStringLiteral("comparison of run"), tr("&Comparison"));
    connect(m_report, &QPushButton::clicked, this, &RunPane::openReport);
    connect(m_ladder, &QPushButton::clicked, this, [this] { emit traceWanted(m_run.events()); });
    connect(m_comparison, &QPushButton::clicked, this,
            [this] { emit comparisonWanted(m_run.twins().value(0), m_run.twins().value(1)); });
    auto* const row = new QHBoxLayout;
    row->addWidget(m_verdict, 1);
    row->addWidget(m_recordingShown);
    row->addWidget(m_comparison);
    row->addWidget(m_ladder);
    row->addWidget(m_report);
    return row;
}

void RunPane::setInventory(const QString& path)
{
    m_inventory = path;
    inBackground(
        this, [path] { return targetsOf(path); },
        [this](const QStringList& targets) { m_target->addItems(targets); });
}

// --- a run ---

void RunPane::start(const QString& scenario, const std::vector<CheckedScenario::Step>& steps)
{
    if (isRunning())
        return;
    listSteps(steps);
    m_stopping = false;
    m_said->hide();
    m_verdict->setText(tr("running …"));
    m_verdict->setPalette({});
    m_recording->clear();
    m_time->clearTime();
    const bool isHeldBack = m_time->isPaused() || m_time->factor();
    m_run.start(m_program,
                {scenario, m_target->currentText().trimmed(), m_seed->text(), m_inventory, isHeldBack});
    if (isOnSim() && isHeldBack)
        m_recordingShown->setChecked(true);
    showState();
}

void RunPane::stop()
{
    if (!isRunning())
        return;
    m_verdict->setText(m_stopping ? tr("stopping at once …") : tr("stopping …"));
    m_stopping = true;
    m_run.stop();
}

void RunPane::listSteps(const std::vector<CheckedScenario::Step>& steps)
{
    m_steps->clear();
    m_running = nullptr;
    QList<QTreeWidgetItem*> items;
    for (const CheckedScenario::Step& step : steps) {
        auto* const item = new QTreeWidgetItem;
        item->setData(StepColumn::Line, Qt::DisplayRole, QVariant::fromValue(qulonglong{step.line}));
        const QString text = QString::fromStdString(step.text);
        item->setText(StepColumn::What, step.finally ? tr("finally: %1").arg(text) : text);
        item->setToolTip(StepColumn::What, item->text(StepColumn::What));
        items << item;
    }
    m_steps->addTopLevelItems(items);
    m_progress->setRange(0, static_cast<int>(items.size()));
    m_progress->setValue(0);
}

QTreeWidgetItem* RunPane::nextAt(qint64 line) const
{
    for (int i = 0; i < m_steps->topLevelItemCount(); ++i) {
        QTreeWidgetItem* const item = m_steps->topLevelItem(i);
        if (!item->data(StepColumn::Result, decidedRole).toBool() &&
            item->data(StepColumn::Line, Qt::DisplayRole).toLongLong() == line)
            return item;
    }
    return nullptr;
}

// An action has no verdict of its own unless it is refused: the next step begins when it is done.
void RunPane::begin(qint64 line, double seconds)
{
    if (m_running != nullptr)
        mark(*m_running, tr("done"));
    m_running = nextAt(line);
    if (m_running == nullptr)
        return;
    m_running->setText(StepColumn::Result, tr("…"));
    m_running->setText(StepColumn::At, tr("%1 s").arg(seconds, 0, 'f', 3));
}

void RunPane::decide(qint64 line, double seconds, const QString& verdict, const QString& note)
{
    QTreeWidgetItem* const item = nextAt(line);
    if (item == nullptr)
        return;
    item->setText(StepColumn::At, tr("%1 s").arg(seconds, 0, 'f', 3));
    item->setText(StepColumn::Seen, note);
    item->setToolTip(StepColumn::Seen, note);
    mark(*item, verdict);
    m_running = nullptr;
}

void RunPane::mark(QTreeWidgetItem& item, const QString& verdict)
{
    const ScenarioColours colours{palette()};
    item.setText(StepColumn::Result, verdict);
    item.setData(StepColumn::Result, decidedRole, true);
    if (verdict == QStringLiteral("met"))
        item.setForeground(StepColumn::Result, colours.good);
    else if (verdict == QStringLiteral("failed"))
        item.setForeground(StepColumn::Result, colours.problem);
    else if (verdict == QStringLiteral("unobserved"))
        item.setForeground(StepColumn::Result, colours.doubtful);
    m_progress->setValue(m_progress->value() + 1);
}

// --- its time ---

bool RunPane::isOnSim() const
{
    return m_target->currentText().trimmed() == QStringLiteral("sim");
}

void RunPane::govern(const QString& socket, bool waits)
{
    m_link = std::make_unique<EngineLink>();
    if (waits)
        connect(m_link.get(), &EngineLink::ended, this, [this](const QString& why) {
            emit said(tr("The time of the run cannot be governed: %1").arg(why));
            stop();  // it would wait for ever
        });
    connect(m_link.get(), &EngineLink::greeted, this, [this] {
        disconnect(m_link.get(), &EngineLink::ended, this, nullptr);
        auto* const run = new RunWatch{*m_link, m_link.get()};
        if (m_time->isPaused())
            run->pause();
        else
            run->go(m_time->factor());
        m_time->govern(*run);
        connect(run, &RunWatch::recorded, m_recording, &RecordedRun::show);
    });
    m_link->open(socket);
}

void RunPane::showRecording(bool shown)
{
    m_recording->setVisible(shown);
    if (shown && !isRunning())
        readRecording();
}

// All of it, once the run has ended.
void RunPane::readRecording()
{
    constexpr qint64 most = 64 << 20;  // our choice: of more, Ladder shows a tab
    const QString path = m_run.events();
    if (path.isEmpty())
        return;
    if (QFileInfo{path}.size() > most)
        return emit said(tr("The recording is longer than what is shown here; Ladder shows it in a tab."));
    inBackground(
        m_recording, [path = path.toStdString()] { return OpenedTrace::open(path); },
        [this](const emulator::Result<std::shared_ptr<const OpenedTrace>>& opened) {
            if (opened.has_error())
                return emit said(QString::fromStdString(opened.error().detail));
            if (!isRunning())
                m_recording->show(*opened);
        });
}

// --- its end ---

void RunPane::finish(const ScenarioRun::Outcome& outcome)
{
    m_link.reset();
    if (m_running != nullptr)
        mark(*m_running, outcome.verdict.isEmpty() ? tr("cut off") : tr("done"));
    m_running = nullptr;
    for (int i = 0; i < m_steps->topLevelItemCount(); ++i)
        if (!m_steps->topLevelItem(i)->data(StepColumn::Result, decidedRole).toBool())
            m_steps->topLevelItem(i)->setText(StepColumn::Result, tr("not run"));
    m_verdict->setText(outcome.verdict.isEmpty() ? outcome.sentence : outcome.verdict);
    const ScenarioColours colours{palette()};
    QPalette shown;
    shown.setColor(QPalette::WindowText, outcome.verdict == QStringLiteral("passed")   ? colours.good
                                         : outcome.verdict == QStringLiteral("failed") ? colours.problem
                                                                                       : colours.doubtful);
    m_verdict->setPalette(shown);
    m_said->setPlainText(outcome.said);
    m_said->setVisible(outcome.verdict != QStringLiteral("passed") && !outcome.said.isEmpty());
    showState();
    if (m_recordingShown->isChecked())
        readRecording();
    emit ended();
}

void RunPane::showState()
{
    m_time->setVisible(isOnSim());
    m_target->setEnabled(!isRunning());
    m_recordingShown->setEnabled(isRunning() ? isOnSim() : !m_run.events().isEmpty());
    m_start->setEnabled(!isRunning());
    m_stop->setEnabled(isRunning());
    m_report->setEnabled(!isRunning() && !m_run.report().isEmpty());
    m_ladder->setEnabled(!isRunning() && !m_run.events().isEmpty());
    m_comparison->setVisible(!isRunning() && !m_run.twins().isEmpty());
}

void RunPane::openReport()
{
    if (isRunning() || m_run.report().isEmpty())
        return emit said(tr("There is no report before a run has ended."));
    if (!QDesktopServices::openUrl(QUrl::fromLocalFile(m_run.report())))
        emit said(tr("No browser opened; the report is %1").arg(m_run.report()));
}

}  // namespace ui
