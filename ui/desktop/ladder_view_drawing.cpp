#include "emulator/trace/event_layer.hpp"
#include "ui/desktop/ladder_view.hpp"

#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace ui {

using emulator::Duration;
using Kind = LadderRows::Kind;

namespace {

// By layer, for light and dark grounds; those of the HTML report.
struct LayerColour {
    std::string_view layer;
    QRgb light;
    QRgb dark;
};
constexpr LayerColour layerColours[]{
    {"tftp", 0xff2457b0, 0xff83b1ff},   {"http", 0xff7a3fb0, 0xffcb9bff}, {"tls", 0xff7a3fb0, 0xffcb9bff},
    {"syslog", 0xff10707a, 0xff5fd0dc}, {"dns", 0xff8a5300, 0xfff2b45c},  {"dhcp", 0xff8a5300, 0xfff2b45c},
};

QString pauseText(Duration time)
{
    const double seconds = static_cast<double>(time.count()) / 1e6;
    if (seconds < 60)
        return LadderView::tr("%1 s").arg(seconds, 0, 'f', seconds < 1 ? 2 : 1);
    const auto whole = static_cast<qlonglong>(std::llround(seconds));
    return whole < 3600 ? LadderView::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60)
                        : LadderView::tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
}

}  // namespace

bool LadderView::isDark() const
{
    return palette().color(QPalette::Base).lightness() < 128;
}

QColor LadderView::colourOf(std::size_t row) const
{
    if (m_rows->row(row).bad)
        return QColor::fromRgba(isDark() ? 0xffff8a80 : 0xffb3261e);
    const std::string_view layer = emulator::layerOf(m_rows->eventOf(row).kind);
    for (const LayerColour& one : layerColours)
        if (one.layer == layer)
            return QColor::fromRgba(isDark() ? one.dark : one.light);
    return palette().color(QPalette::Text);
}

void LadderView::paintEvent(QPaintEvent* event)
{
    QPainter painter{viewport()};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(viewport()->font());
    if (m_rows == nullptr)
        return;
    const int top = std::max(event->rect().top(), m_headHeight);
    const auto first =
        static_cast<std::size_t>((top - m_headHeight + verticalScrollBar()->value()) / m_rowHeight);
    painter.save();
    painter.setClipRect(QRect{0, m_headHeight, viewport()->width(), viewport()->height() - m_headHeight});
    painter.setPen(palette().color(QPalette::Mid));
    for (std::size_t lane = 0; lane < m_rows->lanes().size(); ++lane)
        painter.drawLine(laneX(lane), m_headHeight, laneX(lane), viewport()->height());
    for (std::size_t row = first; row < m_rows->size(); ++row) {
        const QRect rect = rectOf(row);
        if (rect.top() > event->rect().bottom())
            break;
        drawRow(painter, row, rect);
    }
    painter.restore();
    drawHead(painter);
}

void LadderView::drawHead(QPainter& painter)
{
    painter.fillRect(QRect{0, 0, viewport()->width(), m_headHeight}, palette().color(QPalette::Window));
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawLine(0, m_headHeight - 1, viewport()->width(), m_headHeight - 1);
    painter.setPen(palette().color(QPalette::WindowText));
    const int scrolled = horizontalScrollBar()->value();
    const int gap = static_cast<int>(7 * m_zoom);
    painter.drawText(QRect{-scrolled, 0, m_timeWidth - gap, m_headHeight}, Qt::AlignVCenter | Qt::AlignRight,
                     tr("s"));
    if (m_displayWidth > 0)
        painter.drawText(QRect{m_timeWidth - scrolled, 0, m_displayWidth, m_headHeight},
                         Qt::AlignVCenter | Qt::AlignLeft, tr("Display"));
    const QFontMetrics metrics{painter.font()};
    for (std::size_t lane = 0; lane < m_rows->lanes().size(); ++lane) {
        const int half = lane == 0 ? static_cast<int>(70 * m_zoom) : m_laneGap / 2 - 4;
        const QString title = QString::fromStdString(m_rows->lanes()[lane]);
        const int width = std::min(metrics.horizontalAdvance(title) + 2 * gap, 2 * half);
        QRect box{laneX(lane) - width / 2, 4, width, m_headHeight - 9};
        painter.setBrush(palette().color(lane == 0 ? QPalette::Highlight : QPalette::Button));
        painter.setPen(palette().color(QPalette::Mid));
        painter.drawRoundedRect(box, 4, 4);
        painter.setPen(palette().color(lane == 0 ? QPalette::HighlightedText : QPalette::ButtonText));
        painter.drawText(box, Qt::AlignCenter, metrics.elidedText(title, Qt::ElideMiddle, width - gap));
    }
}

void LadderView::drawRow(QPainter& painter, std::size_t row, const QRect& rect)
{
    const LadderRows::Row& one = m_rows->row(row);
    const std::optional<std::size_t> chosen = currentRow();
    m_ground = palette().color(QPalette::Base);
    const auto tint = [&](QColor colour, int alpha) {
        colour.setAlpha(alpha);
        painter.fillRect(rect, colour);
        const auto mixed = [alpha](int below, int above) {
            return (below * (255 - alpha) + above * alpha) / 255;
        };
        m_ground = {mixed(m_ground.red(), colour.red()), mixed(m_ground.green(), colour.green()),
                    mixed(m_ground.blue(), colour.blue())};
    };
    if (one.kind == Kind::Step)
        tint(palette().color(QPalette::Mid), 70);
    if (const auto mark = m_marks.find(one.event); mark != m_marks.end() && one.kind != Kind::Pause) {
        tint(mark->second, 36);
        painter.fillRect(QRect{rect.left(), rect.top(), 5, rect.height()}, mark->second);
    }
    if (chosen == row)
        tint(palette().color(QPalette::Highlight), 80);
    else if (chosen && one.kind == Kind::Message && m_rows->eventOf(row).exchange != emulator::ExchangeId{} &&
             m_rows->eventOf(row).exchange == m_rows->eventOf(*chosen).exchange)
        tint(palette().color(QPalette::Highlight), 28);
    drawLed(painter, row, rect);
    painter.setPen(palette().color(QPalette::PlaceholderText));
    const QRect times{rect.left() - horizontalScrollBar()->value(), rect.top(),
                      m_timeWidth - static_cast<int>(7 * m_zoom), rect.height()};
    const auto timeText = [&](std::size_t of) { return clockText(m_rows->eventOf(of).at); };
    if (one.kind == Kind::Pause) {
        if (one.second == 0)
            painter.drawText(times, Qt::AlignVCenter | Qt::AlignRight, pauseText(m_rows->pause(row)));
        return;
    }
    if (row == 0 || m_rows->row(row - 1).kind == Kind::Pause || rect.top() <= m_headHeight ||
        timeText(row) != timeText(row - 1)) {
        painter.setPen(palette().color(QPalette::Text));
        painter.drawText(times, Qt::AlignVCenter | Qt::AlignRight, QString::fromStdString(timeText(row)));
    }
    switch (one.kind) {
    case Kind::Message:
        return drawMessage(painter, row, rect);
    case Kind::Display:
        return drawDisplay(painter, row, rect);
    default:
        return drawNote(painter, row, rect);
    }
}

// A bar left of the phone's lane: what the LED shows when the row's event comes, second by second in pauses.
void LadderView::drawLed(QPainter& painter, std::size_t row, const QRect& rect)
{
    const emulator::MuteLed led = m_rows->led(row);
    const auto [from, to] = m_rows->span(row);
    const int width = std::max(5, static_cast<int>(8 * m_zoom));
    const QRect bar{laneX(0) - static_cast<int>(18 * m_zoom), rect.top(), width, rect.height()};
    QColor dark = palette().color(QPalette::Mid);
    dark.setAlpha(led == emulator::MuteLed::Off ? 60 : 150);
    painter.fillRect(bar, dark);
    const QColor lit = QColor::fromRgba(led == emulator::MuteLed::FastBlink ? 0xffff2a2a : 0xffff8c1a);
    if (from == to) {
        if (m_rows->isLit(row, from))
            painter.fillRect(bar, lit);
        return;
    }
    // A row is a second at most, whatever part of it there is.
    for (int pixel = 0; pixel < bar.height(); ++pixel) {
        const Duration in{(to - from).count() * pixel / bar.height()};
        if (m_rows->isLit(row, from + in))
            painter.fillRect(QRect{bar.left(), bar.top() + pixel, bar.width(), 1}, lit);
    }
}

// On the ground of the rows, so that lanes do not cross it.
void LadderView::drawText(QPainter& painter, QRect rect, const std::string& text, const QColor& colour)
{
    const QString shown = painter.fontMetrics().elidedText(shownText(text), Qt::ElideRight, rect.width());
    rect.setWidth(painter.fontMetrics().horizontalAdvance(shown) + 4);
    painter.fillRect(rect.adjusted(0, 2, 0, -2), m_ground);
    painter.setPen(colour);
    painter.drawText(rect, Qt::AlignVCenter, shown);
}

void LadderView::drawMessage(QPainter& painter, std::size_t row, const QRect& rect)
{
    const LadderRows::Row& one = m_rows->row(row);
    const QColor colour = colourOf(row);
    const int phone = laneX(0);
    const int peer = laneX(one.lane);
    const int y = rect.bottom() - 3;
    const int inset = static_cast<int>(12 * m_zoom);
    drawText(painter,
             QRect{phone + inset, rect.top(), viewport()->width() - phone - inset - 4, rect.height() - 5},
             m_rows->text(row), colour);
    painter.setPen(QPen{colour, 1.4, one.lost ? Qt::DashLine : Qt::SolidLine});
    painter.drawLine(phone, y, peer, y);
    const int tip = one.toPeer ? peer : phone;
    const int back = one.toPeer ? -1 : 1;
    painter.setPen(QPen{colour, 1.4});
    if (one.lost) {
        const int x = tip + back * 9;
        painter.drawLine(x - 4, y - 4, x + 4, y + 4);
        painter.drawLine(x - 4, y + 4, x + 4, y - 4);
        return;
    }
    painter.setBrush(colour);
    const QPoint head[]{{tip, y}, {tip + back * 8, y - 4}, {tip + back * 8, y + 4}};
    painter.drawPolygon(head, 3);
}

void LadderView::drawNote(QPainter& painter, std::size_t row, const QRect& rect)
{
    const LadderRows::Row& one = m_rows->row(row);
    const QColor colour = colourOf(row);
    const int inset = static_cast<int>(12 * m_zoom);
    if (one.kind == Kind::Step)
        return drawText(painter, rect.adjusted(laneX(0) + inset, 0, -4, 0), m_rows->text(row), colour);
    const int x = laneX(one.lane);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(QPointF{x + 0.5, rect.center().y() + 0.5}, 3.5 * m_zoom, 3.5 * m_zoom);
    drawText(painter, rect.adjusted(x + inset, 0, -4, 0), m_rows->text(row), colour);
}

// The lines of the display one behind the other, in its own colours.
void LadderView::drawDisplay(QPainter& painter, std::size_t row, const QRect& rect)
{
    const QRect box{m_timeWidth - horizontalScrollBar()->value(), rect.top() + 2, m_displayWidth,
                    rect.height() - 4};
    painter.setPen(QColor{0x55, 0x5c, 0x52});
    painter.setBrush(QColor{0xd5, 0xdd, 0xcf});
    painter.drawRoundedRect(box, 2, 2);
    painter.setPen(QColor{0x1c, 0x22, 0x1a});
    painter.drawText(
        box.adjusted(4, 0, -4, 0), Qt::AlignVCenter,
        painter.fontMetrics().elidedText(shownText(m_rows->text(row)), Qt::ElideRight, box.width() - 8));
}

}  // namespace ui
