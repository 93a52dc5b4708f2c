#include "ui/desktop/ladder_view.hpp"

#include <QAccessible>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace ui {

using Kind = LadderRows::Kind;

namespace {

constexpr double leastZoom = 0.5;
constexpr double mostZoom = 3;
constexpr double zoomStep = 1.15;

}  // namespace

LadderView::LadderView(QWidget* parent) : QAbstractScrollArea{parent}
{
    setAccessibleName(tr("Ladder"));
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setBackgroundRole(QPalette::Base);
    viewport()->setAutoFillBackground(true);
    layOut();
}

void LadderView::setRows(const LadderRows* rows)
{
    m_rows = rows;
    rowsChanged();
}

void LadderView::rowsChanged()
{
    layOut();
    viewport()->update();
}

void LadderView::setMarks(std::unordered_map<std::uint32_t, QColor> marks)
{
    m_marks = std::move(marks);
    viewport()->update();
}

// --- geometry ---

void LadderView::layOut()
{
    QFont scaled = font();
    scaled.setPointSizeF(font().pointSizeF() * m_zoom);
    viewport()->setFont(scaled);
    const QFontMetrics metrics{scaled};
    m_rowHeight = metrics.height() + std::max(5, static_cast<int>(10 * m_zoom));
    m_headHeight = metrics.height() + static_cast<int>(14 * m_zoom);
    m_timeWidth = metrics.horizontalAdvance(QStringLiteral("00000.000")) + static_cast<int>(14 * m_zoom);
    m_displayWidth = m_rows == nullptr || !m_rows->hasDisplay()
                         ? 0
                         : metrics.horizontalAdvance(QStringLiteral("Device administration"));
    const int lanes = m_rows == nullptr ? 1 : static_cast<int>(m_rows->lanes().size());
    const int least =
        metrics.horizontalAdvance(QStringLiteral("127.127.127.1")) + static_cast<int>(18 * m_zoom);
    m_laneGap = least;
    const int first = laneX(0);
    const int behind = least / 2 + 6;  // half the head of the last lane
    if (lanes > 1)
        m_laneGap = std::clamp((viewport()->width() - first - behind) / (lanes - 1), least, 2 * least);
    const int width = first + (lanes - 1) * m_laneGap + behind;
    horizontalScrollBar()->setRange(0, std::max(0, width - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(20);
    const int rows = m_rows == nullptr ? 0 : static_cast<int>(m_rows->size());
    const int sight = viewport()->height() - m_headHeight;
    verticalScrollBar()->setRange(0, std::max(0, rows * m_rowHeight - sight));
    verticalScrollBar()->setPageStep(std::max(m_rowHeight, sight));
    verticalScrollBar()->setSingleStep(m_rowHeight);
}

// Of lane 0, the phone: behind time, display and half of the phone's own head.
int LadderView::laneX(std::size_t lane) const
{
    const int phone = m_timeWidth + m_displayWidth + static_cast<int>(96 * m_zoom);
    return phone + static_cast<int>(lane) * m_laneGap - horizontalScrollBar()->value();
}

QRect LadderView::rectOf(std::size_t row) const
{
    return {0, m_headHeight + static_cast<int>(row) * m_rowHeight - verticalScrollBar()->value(),
            viewport()->width(), m_rowHeight};
}

bool LadderView::isAtEnd() const
{
    return verticalScrollBar()->value() == verticalScrollBar()->maximum();
}

void LadderView::scrollToEnd()
{
    verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void LadderView::zoom(double factor)
{
    const double top = static_cast<double>(verticalScrollBar()->value()) / m_rowHeight;
    m_zoom = std::clamp(factor, leastZoom, mostZoom);
    layOut();
    verticalScrollBar()->setValue(static_cast<int>(top * m_rowHeight));
    viewport()->update();
}

// --- what is current ---

std::optional<std::size_t> LadderView::currentRow() const
{
    if (!m_current || m_rows == nullptr)
        return std::nullopt;
    const std::optional<std::size_t> row = m_rows->rowOf(*m_current);
    return row && m_rows->row(*row).event == *m_current ? row : std::nullopt;
}

void LadderView::setCurrent(std::optional<std::uint32_t> event)
{
    if (event == m_current)
        return;
    m_current = event;
    viewport()->update();
    if (const auto row = currentRow())
        tellScreenReader(*row);
    emit currentChanged();
}

void LadderView::moveTo(std::size_t row)
{
    const QRect rect = rectOf(row);
    if (rect.top() < m_headHeight)
        verticalScrollBar()->setValue(verticalScrollBar()->value() + rect.top() - m_headHeight);
    else if (rect.bottom() > viewport()->height())
        verticalScrollBar()->setValue(verticalScrollBar()->value() + rect.bottom() - viewport()->height() +
                                      1);
    setCurrent(m_rows->row(row).event);
}

void LadderView::scrollTo(std::uint32_t event)
{
    if (m_rows == nullptr || m_rows->size() == 0)
        return;
    const std::size_t row = m_rows->rowOf(event).value_or(m_rows->size() - 1);
    verticalScrollBar()->setValue(static_cast<int>(row) * m_rowHeight -
                                  (viewport()->height() - m_headHeight - m_rowHeight) / 2);
}

std::optional<std::size_t> LadderView::ofSameExchange(std::size_t row, int step) const
{
    constexpr std::size_t farthest = 10'000;  // our choice
    const emulator::ExchangeId exchange = m_rows->eventOf(row).exchange;
    if (exchange == emulator::ExchangeId{})
        return std::nullopt;
    for (std::size_t i = 0; i < farthest; ++i) {
        if (step < 0 ? row == 0 : row + 1 == m_rows->size())
            break;
        row = step < 0 ? row - 1 : row + 1;
        if (m_rows->row(row).kind == Kind::Message && m_rows->eventOf(row).exchange == exchange)
            return row;
    }
    return std::nullopt;
}

void LadderView::mousePressEvent(QMouseEvent* event)
{
    const int y = event->position().toPoint().y();
    if (m_rows == nullptr || y < m_headHeight)
        return;
    const auto row =
        static_cast<std::size_t>((y - m_headHeight + verticalScrollBar()->value()) / m_rowHeight);
    if (row < m_rows->size())
        moveTo(m_rows->row(row).kind == Kind::Pause ? row - m_rows->row(row).second - 1 : row);
}

void LadderView::wheelEvent(QWheelEvent* event)
{
    if ((event->modifiers() & Qt::ControlModifier) == 0)
        return QAbstractScrollArea::wheelEvent(event);
    zoom(m_zoom * std::pow(zoomStep, event->angleDelta().y() / 120.0));
    event->accept();
}

void LadderView::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(m_zoom * zoomStep);
    case Qt::Key_Minus:
        return zoom(m_zoom / zoomStep);
    case Qt::Key_0:
        return zoom(1);
    default:
        break;
    }
    if (m_rows == nullptr || m_rows->size() == 0)
        return QAbstractScrollArea::keyPressEvent(event);
    const auto last = static_cast<std::ptrdiff_t>(m_rows->size()) - 1;
    const std::optional<std::size_t> known = currentRow();
    const auto at = static_cast<std::ptrdiff_t>(known.value_or(0));
    const std::ptrdiff_t page = std::max(1, (viewport()->height() - m_headHeight) / m_rowHeight - 1);
    std::ptrdiff_t to = at;
    int over = -1;  // which way a pause is passed
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (const auto other =
                known ? ofSameExchange(*known, event->key() == Qt::Key_Left ? -1 : 1) : std::nullopt)
            moveTo(*other);
        return;
    case Qt::Key_Up:
        to = at - 1;
        break;
    case Qt::Key_Down:
        to = known ? at + 1 : 0;
        over = 1;
        break;
    case Qt::Key_PageUp:
        to = at - page;
        break;
    case Qt::Key_PageDown:
        to = at + page;
        over = 1;
        break;
    case Qt::Key_Home:
        to = 0;
        break;
    case Qt::Key_End:
        to = last;
        break;
    default:
        return QAbstractScrollArea::keyPressEvent(event);
    }
    to = std::clamp<std::ptrdiff_t>(to, 0, last);
    while (m_rows->row(static_cast<std::size_t>(to)).kind == Kind::Pause)
        to += over;  // there is an event on both sides of a pause
    moveTo(static_cast<std::size_t>(to));
}

// One line, as long as a row is wide at most; all of it is in the details.
QString LadderView::shownText(const std::string& text)
{
    constexpr qsizetype mostLetters = 300;
    QString shown =
        QString::fromUtf8(text.data(), std::min<qsizetype>(static_cast<qsizetype>(text.size()), mostLetters));
    for (QChar& letter : shown)
        if (letter.category() == QChar::Other_Control)
            letter = u' ';
    return shown;
}

void LadderView::tellScreenReader(std::size_t row)
{
    const LadderRows::Row& one = m_rows->row(row);
    const QString text = shownText(m_rows->text(row));
    const QString time = QString::fromStdString(clockText(m_rows->eventOf(row).at));
    const QString lane = QString::fromStdString(m_rows->lanes()[one.lane]);
    setAccessibleDescription(one.kind != Kind::Message ? tr("%1, %2").arg(time, text)
                             : one.toPeer              ? tr("%1, to %2: %3").arg(time, lane, text)
                                                       : tr("%1, from %2: %3").arg(time, lane, text));
    QAccessibleEvent told{this, QAccessible::DescriptionChanged};
    QAccessible::updateAccessibility(&told);
}

void LadderView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void LadderView::scrollContentsBy(int, int)
{
    viewport()->update();
}

void LadderView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        layOut();
    viewport()->update();
}

}  // namespace ui
