#include "ui/desktop/scenario_editor.hpp"

#include "scenarios/engine/vocabulary.hpp"

#include <QFontDatabase>
#include <QHelpEvent>
#include <QPainter>
#include <QTextBlock>
#include <QToolTip>

#include <algorithm>

namespace ui {

namespace {

constexpr int indentStep = 2;
constexpr int numberMargin = 6;

// How many letters from there on are wrong: what the sentence quotes, else the word; 0: nothing stands there.
int lengthAt(const QString& line, int column, const QString& sentence)
{
    const QString found = sentence.section(u'"', 1, 1);
    for (const QString& written : {found, u'"' + found + u'"'})
        if (!found.isEmpty() && QStringView{line}.mid(column).startsWith(written))
            return static_cast<int>(written.size());
    int end = column;
    while (end < line.size() && line[end].isLetterOrNumber())
        ++end;
    return end - column;
}

// The margin with line numbers: the editor draws it.
class NumbersView : public QWidget {
public:
    NumbersView(QWidget* editor, std::function<void(QPaintEvent&)> paint)
        : QWidget{editor},
          m_paint{std::move(paint)}
    {}

protected:
    void paintEvent(QPaintEvent* event) override { m_paint(*event); }

private:
    std::function<void(QPaintEvent&)> m_paint;
};

}  // namespace

ScenarioEditor::ScenarioEditor(QWidget* parent) : QPlainTextEdit{parent}
{
    setObjectName(QStringLiteral("scenario text"));
    setAccessibleName(tr("Text of the scenario"));
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTabStopDistance(indentStep * fontMetrics().horizontalAdvance(u' '));
    m_highlighter = new ScenarioHighlighter{document(), palette()};
    m_numbers = new NumbersView{this, [this](QPaintEvent& event) { paintNumbers(event); }};
    m_numbers->setFont(font());
    connect(this, &QPlainTextEdit::blockCountChanged, this, &ScenarioEditor::placeNumbers);
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, &ScenarioEditor::showMarks);
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& area, int dy) {
        if (dy != 0)
            m_numbers->scroll(0, dy);
        else
            m_numbers->update(0, area.y(), m_numbers->width(), area.height());
    });
    placeNumbers();
    showMarks();
}

void ScenarioEditor::showProblems(std::vector<CheckedScenario::Problem> problems)
{
    m_problems = std::move(problems);
    showMarks();
    m_numbers->update();
}

void ScenarioEditor::goTo(std::size_t line, std::size_t column)
{
    const QTextBlock found = document()->findBlockByNumber(static_cast<int>(line) - 1);
    const QTextBlock block = found.isValid() ? found : document()->lastBlock();
    QTextCursor cursor{block};
    cursor.setPosition(block.position() + std::min(static_cast<int>(column) - 1, block.length() - 1));
    setTextCursor(cursor);
    centerCursor();
}

// Underlines what is wrong at each problem, or the line when nothing stands there; tints the cursor's line.
void ScenarioEditor::showMarks()
{
    QList<QTextEdit::ExtraSelection> marks;
    QTextEdit::ExtraSelection current;
    QColor tint = palette().color(QPalette::Highlight);
    tint.setAlpha(28);
    current.format.setBackground(tint);
    current.format.setProperty(QTextFormat::FullWidthSelection, true);
    current.cursor = textCursor();
    current.cursor.clearSelection();
    marks << current;
    for (const CheckedScenario::Problem& problem : m_problems) {
        const QTextBlock block = document()->findBlockByNumber(static_cast<int>(problem.line) - 1);
        if (!block.isValid())
            continue;
        QTextEdit::ExtraSelection mark;
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(ScenarioColours{palette()}.problem);
        const QString line = block.text();
        const int column = std::min(static_cast<int>(problem.column) - 1, static_cast<int>(line.size()));
        const int length = lengthAt(line, column, QString::fromStdString(problem.text));
        mark.cursor = QTextCursor{block};
        mark.cursor.setPosition(block.position() + (length > 0 ? column : 0));
        mark.cursor.movePosition(QTextCursor::NextCharacter, QTextCursor::KeepAnchor,
                                 length > 0 ? length : static_cast<int>(line.size()));
        marks << mark;
    }
    setExtraSelections(marks);
}

// --- help where the mouse rests ---

QString ScenarioEditor::helpAt(const QPoint& point) const
{
    QTextCursor cursor = cursorForPosition(viewport()->mapFrom(this, point));
    for (const CheckedScenario::Problem& problem : m_problems)
        if (static_cast<int>(problem.line) - 1 == cursor.blockNumber())
            return QString::fromStdString(problem.text);
    cursor.select(QTextCursor::WordUnderCursor);
    const scenarios::Word* const word = scenarios::findWord(cursor.selectedText().toStdString());
    return word == nullptr ? QString{} : QString::fromStdString(scenarios::explain(word->name).text);
}

bool ScenarioEditor::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QPlainTextEdit::event(event);
    const auto* const help = static_cast<QHelpEvent*>(event);
    const QString text = helpAt(help->pos());
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(),
                           QStringLiteral("<pre>%1</pre>").arg(text.trimmed().toHtmlEscaped()), this);
    return true;
}

void ScenarioEditor::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() != QEvent::PaletteChange || m_highlighter == nullptr)
        return;
    m_highlighter->setColours(ScenarioColours{palette()});
    showMarks();
}

// --- keys ---

// Tab indents by two blanks, as YAML wants it; Return keeps the indent of the line.
void ScenarioEditor::keyPressEvent(QKeyEvent* event)
{
    if (isReadOnly() || event->modifiers() != Qt::NoModifier)
        return QPlainTextEdit::keyPressEvent(event);
    if (event->key() == Qt::Key_Tab)
        return insertPlainText(QString{indentStep - textCursor().positionInBlock() % indentStep, u' '});
    if (event->key() != Qt::Key_Return)
        return QPlainTextEdit::keyPressEvent(event);
    const QString before = textCursor().block().text().left(textCursor().positionInBlock());
    const auto end = std::find_if(before.begin(), before.end(), [](QChar letter) { return letter != u' '; });
    insertPlainText(u'\n' + QString{end - before.begin(), u' '});
    ensureCursorVisible();
}

// --- line numbers ---

void ScenarioEditor::placeNumbers()
{
    const int digits = std::max(3, static_cast<int>(QString::number(blockCount()).size()));
    const int width = digits * fontMetrics().horizontalAdvance(u'0') + 2 * numberMargin;
    setViewportMargins(width, 0, 0, 0);
    const QRect area = contentsRect();
    m_numbers->setGeometry(area.left(), area.top(), width, area.height());
}

void ScenarioEditor::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    placeNumbers();
}

void ScenarioEditor::paintNumbers(QPaintEvent& event)
{
    QPainter painter{m_numbers};
    painter.fillRect(event.rect(), palette().color(QPalette::AlternateBase));
    const ScenarioColours colours{palette()};
    const int height = fontMetrics().height();
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const QRectF place = blockBoundingGeometry(block).translated(contentOffset());
        if (place.top() > event.rect().bottom())
            break;
        const std::size_t line = static_cast<std::size_t>(block.blockNumber()) + 1;
        const bool wrong = std::any_of(m_problems.begin(), m_problems.end(),
                                       [line](const auto& problem) { return problem.line == line; });
        painter.setPen(wrong ? colours.problem : colours.comment);
        painter.drawText(0, static_cast<int>(place.top()), m_numbers->width() - numberMargin, height,
                         Qt::AlignRight, QString::number(line));
    }
}

}  // namespace ui
