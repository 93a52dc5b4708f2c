#include "ui/desktop/scenario_view.hpp"

#include "ui/desktop/background.hpp"
#include "ui/desktop/watched_inventory.hpp"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QMessageBox>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace ui {

using scenarios::ScenarioSource;

ScenarioView::ScenarioView(const QString& program, QWidget* parent) : QWidget{parent}
{
    m_tree = new ScenarioTree;
    m_run = new RunPane;
    m_run->setProgram(program);
    m_run->setInventory(usualInventoryPath());
    auto* const work = new QSplitter{Qt::Vertical};
    auto* const upper = new QSplitter;
    upper->addWidget(makeText());
    upper->addWidget(&m_run->recording());
    upper->setStretchFactor(0, 1);
    upper->setStretchFactor(1, 1);
    upper->setChildrenCollapsible(false);
    work->addWidget(upper);
    work->addWidget(m_run);
    work->setChildrenCollapsible(false);
    work->setSizes({420, 300});
    auto* const halves = new QSplitter;
    halves->addWidget(m_tree);
    halves->addWidget(work);
    halves->setStretchFactor(1, 1);
    halves->setSizes({300, 900});
    halves->setChildrenCollapsible(false);
    auto* const column = new QVBoxLayout{this};
    column->addWidget(halves);
    m_file = new EditedFile{*m_editor};
    connectParts();
    showFile();
}

QWidget* ScenarioView::makeText()
{
    m_editor = new ScenarioEditor;
    m_title = new QLabel;
    m_title->setObjectName(QStringLiteral("scenario title"));
    m_title->setTextFormat(Qt::PlainText);
    m_state = new QLabel;
    m_state->setObjectName(QStringLiteral("scenario state"));
    m_problems = new QListWidget;
    m_problems->setObjectName(QStringLiteral("problems"));
    m_problems->setAccessibleName(tr("Problems"));
    m_problems->setWordWrap(true);
    m_problems->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_problems->setMaximumHeight(5 * fontMetrics().lineSpacing());
    m_problems->hide();
    auto* const page = new QWidget;
    auto* const head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_state);
    auto* const column = new QVBoxLayout{page};
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(head);
    column->addWidget(m_editor, 1);
    column->addWidget(m_problems);
    return page;
}

void ScenarioView::connectParts()
{
    connect(m_tree, &ScenarioTree::chosen, this, &ScenarioView::openSource);
    connect(m_tree, &ScenarioTree::said, this, &ScenarioView::said);
    connect(m_editor, &QPlainTextEdit::textChanged, this, [this] {
        ++m_edits;
        check();
    });
    connect(m_editor->document(), &QTextDocument::modificationChanged, this, &ScenarioView::showFile);
    connect(m_file, &EditedFile::opened, this, &ScenarioView::showFile);
    connect(m_file, &EditedFile::saved, this, [this](const QString& path) {
        m_tree->add(path);
        showFile();
        ++m_edits;  // what its text names stands elsewhere now
        check();
    });
    connect(m_file, &EditedFile::said, this, &ScenarioView::said);
    connect(m_file, &EditedFile::failed, this, &ScenarioView::failed);
    const auto choose = [this](QListWidgetItem* item) { goToRow(m_problems->row(item)); };
    connect(m_problems, &QListWidget::itemClicked, this, choose);
    connect(m_problems, &QListWidget::itemActivated, this, choose);
    connect(m_run, &RunPane::startWanted, this, &ScenarioView::run);
    connect(m_run, &RunPane::lineChosen, m_editor, [this](std::size_t line) { m_editor->goTo(line); });
    connect(m_run, &RunPane::traceWanted, this, &ScenarioView::traceWanted);
    connect(m_run, &RunPane::comparisonWanted, this, &ScenarioView::comparisonWanted);
    connect(m_run, &RunPane::said, this, &ScenarioView::said);
    connect(m_run, &RunPane::ended, this, [this] {
        m_copy.reset();
        if (std::exchange(m_runCompletes, false))
            emit completed();
    });
}

// --- which one ---

void ScenarioView::open(const QString& word)
{
    using Found = emulator::Result<std::vector<ScenarioSource>>;
    inBackground(
        this, [word = word.toStdString()] { return scenarios::scenarioSources({word}); },
        [this, word](const Found& found) {
            if (found.has_error())
                return emit failed(QString::fromStdString(found.error().detail));
            if (!found->front().embedded)
                m_tree->add(QFileInfo{word}.absoluteFilePath());
            ScenarioSource first = found->front();
            if (!first.embedded)
                first.file = QFileInfo{QString::fromStdString(first.file)}.absoluteFilePath().toStdString();
            openSource(first);
        });
}

void ScenarioView::openSource(const ScenarioSource& source)
{
    if (source.file == m_file->source().file && !m_file->isUntitled())
        return m_editor->setFocus();
    m_file->whenKept([this, source] { m_file->open(source); });
}

void ScenarioView::beginNew()
{
    m_file->whenKept([this] { m_file->beginNew(); });
}

void ScenarioView::showFile()
{
    const QString mark = m_file->isModified() ? QStringLiteral("*") : QString{};
    QString where = m_file->isUntitled() ? m_file->name() : QString::fromStdString(m_file->source().file);
    if (const QString here = QDir::currentPath() + u'/'; where.startsWith(here))
        where.remove(0, here.size());
    m_title->setText(m_editor->isReadOnly() ? tr("%1 (to read; Save as makes a copy to change)").arg(where)
                                            : where + mark);
    m_tree->setCurrent(m_file->isUntitled() ? std::string{} : m_file->source().file);
    emit titleChanged(m_file->name() + mark);
}

// --- what is wrong with it ---

void ScenarioView::check()
{
    m_state->setText(tr("checking …"));
    if (std::exchange(m_checking, true))
        return;  // comes again when that is done
    inBackground(
        this,
        [text = m_editor->toPlainText().toStdString(), source = m_file->source(), edits = m_edits] {
            return std::pair{CheckedScenario::check(text, source), edits};
        },
        [this](std::pair<CheckedScenario, int> done) {
            m_checking = false;
            m_checkedEdits = done.second;
            if (!isChecked())
                return check();
            take(std::move(done.first));
        });
}

void ScenarioView::take(CheckedScenario checked)
{
    m_checked = std::move(checked);
    const std::vector<CheckedScenario::Problem>& problems = m_checked.problems;
    m_editor->showProblems(problems);
    m_problems->clear();
    for (const CheckedScenario::Problem& problem : problems)
        m_problems->addItem(QStringLiteral("%1:%2: %3")
                                .arg(problem.line)
                                .arg(problem.column)
                                .arg(QString::fromStdString(problem.text)));
    m_problems->setVisible(!problems.empty());
    m_state->setText(problems.empty() ? tr("valid, steps: %1").arg(m_checked.steps.size())
                                      : tr("problems: %1, F8 goes there").arg(problems.size()));
    m_state->setAccessibleName(m_state->text());
    if (std::exchange(m_runWanted, false))
        run();
    if (!m_runCompletes)
        emit completed();
}

void ScenarioView::goToRow(int row)
{
    if (row < 0 || static_cast<std::size_t>(row) >= m_checked.problems.size())
        return;
    const CheckedScenario::Problem& problem = m_checked.problems[static_cast<std::size_t>(row)];
    m_problems->setCurrentRow(row);
    m_editor->goTo(problem.line, problem.column);
    m_editor->setFocus();
}

void ScenarioView::goToProblem(bool forwards)
{
    if (m_checked.problems.empty())
        return emit said(tr("There is no problem."));
    const auto count = static_cast<int>(m_checked.problems.size());
    const int from = m_problems->currentRow();
    goToRow(from < 0 ? (forwards ? 0 : count - 1) : (from + (forwards ? 1 : count - 1)) % count);
}

void ScenarioView::focusNextPart()
{
    const std::array<QWidget*, 3> parts{&m_tree->tree(), m_editor, &m_run->steps()};
    const auto here = std::find(parts.begin(), parts.end(), QApplication::focusWidget());
    const auto next = here == parts.end() ? parts.begin() + 1 : here + 1;
    (next == parts.end() ? parts.front() : *next)->setFocus(Qt::TabFocusReason);
}

// --- its run ---

void ScenarioView::runWhenOpened(const QString& target)
{
    m_run->setTarget(target);
    m_runCompletes = true;
    connect(m_file, &EditedFile::opened, this, &ScenarioView::run, Qt::SingleShotConnection);
}

void ScenarioView::run()
{
    if (m_run->isRunning())
        return emit said(tr("It is running; stop it first."));
    if (!isChecked()) {
        m_runWanted = true;
        return;
    }
    if (!m_checked.problems.empty()) {
        goToRow(0);
        m_runCompletes = false;
        return emit said(tr("It does not run with problems."));
    }
    if (const QString scenario = runnable(); !scenario.isEmpty())
        m_run->start(scenario, m_checked.steps);
}

QString ScenarioView::runnable()
{
    const ScenarioSource& source = m_file->source();
    if (source.embedded)
        return QString::fromStdString(sourceName(source));
    const QString path = QString::fromStdString(source.file);
    if (!m_file->isModified() && !m_file->isUntitled())
        return path;
    // Beside its file, so that what it names is found; not called *.yaml, so that nobody takes it for one more.
    const QFileInfo about{path};
    m_copy = std::make_unique<QTemporaryFile>(
        about.dir().filePath(QStringLiteral(".%1.XXXXXX").arg(about.fileName())));
    const QByteArray text = m_editor->toPlainText().toUtf8();
    if (m_copy->open() && m_copy->write(text) == text.size() && m_copy->flush())
        return m_copy->fileName();
    emit said(tr("%1: %2; save the scenario elsewhere to run it.").arg(about.path(), m_copy->errorString()));
    m_copy.reset();
    return {};
}

void ScenarioView::whenStopped(const std::function<void()>& then)
{
    if (!m_run->isRunning())
        return then();
    auto* const box = new QMessageBox{QMessageBox::Question, tr("A run goes on"),
                                      tr("%1 is running.").arg(m_file->name()), QMessageBox::Cancel, this};
    box->setAttribute(Qt::WA_DeleteOnClose);
    auto* const stop = box->addButton(tr("&Stop it and close"), QMessageBox::AcceptRole);
    connect(stop, &QPushButton::clicked, this, [this, then] {
        if (!m_run->isRunning())
            return then();
        connect(m_run, &RunPane::ended, this, then, Qt::SingleShotConnection);
        m_run->stop();
    });
    box->open();
}

void ScenarioView::whenMayClose(const std::function<void()>& then)
{
    m_file->whenKept([this, then] { whenStopped(then); });
}

}  // namespace ui
