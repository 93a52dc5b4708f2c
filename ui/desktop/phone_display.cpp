#include "ui/desktop/phone_display.hpp"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace ui {

namespace {

// The grey of a monochrome display and its ink, whatever the window's colours are.
const QColor lightGround{0xd5, 0xdd, 0xcf};
const QColor darkGround{0x55, 0x5c, 0x52};
const QColor ink{0x1c, 0x22, 0x1a};

}  // namespace

PhoneDisplay::PhoneDisplay(QWidget* parent) : QWidget{parent}
{
    setAccessibleName(tr("Display"));
}

QSize PhoneDisplay::sizeHint() const
{
    constexpr int width = 396;
    return {width, std::max(130, width * m_pixels.height() / std::max(1, m_pixels.width()))};
}

void PhoneDisplay::show(const scenarios::control::ShownDisplay& display)
{
    if (display == m_shown)
        return;
    m_shown = display;
    m_chosen = display.items.empty() ? -1 : 0;
    QStringList said{isDark() ? tr("dark") : QString::fromStdString(display.title)};
    for (const std::string& item : display.items)
        said << QString::fromStdString(item);
    setAccessibleDescription(said.join(QStringLiteral(", ")));
    update();
}

void PhoneDisplay::choose(int item)
{
    if (m_shown.items.empty())
        return;
    m_chosen = std::clamp(item, 0, static_cast<int>(m_shown.items.size()) - 1);
    update();
}

int PhoneDisplay::lineHeight() const
{
    return fontMetrics().height() + 4;
}

QRect PhoneDisplay::itemRect(int item) const
{
    return {1, (item + 1) * lineHeight() + 4, width() - 2, lineHeight()};
}

QRect PhoneDisplay::entryRect() const
{
    return itemRect(0).adjusted(8, 0, -8, 6);
}

void PhoneDisplay::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(isDark() ? darkGround : lightGround);
    painter.setPen(ink);
    painter.drawRoundedRect(rect().adjusted(0, 0, -1, -1), 5, 5);
    if (isDark())
        return;
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.drawText(QRect{8, 2, width() - 16, lineHeight()}, Qt::AlignVCenter,
                     QString::fromStdString(m_shown.title));
    painter.drawLine(1, lineHeight() + 2, width() - 2, lineHeight() + 2);
    painter.setFont(font());
    for (std::size_t i = 0; i < m_shown.items.size(); ++i) {
        const int item = static_cast<int>(i);
        if (item == m_chosen)
            painter.fillRect(itemRect(item), ink);
        painter.setPen(item == m_chosen ? lightGround : ink);
        painter.drawText(itemRect(item).adjusted(8, 0, -8, 0), Qt::AlignVCenter,
                         tr("%1  %2").arg(item + 1).arg(QString::fromStdString(m_shown.items[i])));
    }
    painter.setPen(ink);
    constexpr int keys = 4;
    for (std::size_t i = 0; i < m_shown.softKeys.size() && i < keys; ++i) {
        const QRect place{static_cast<int>(i) * width() / keys, height() - lineHeight() - 2, width() / keys,
                          lineHeight()};
        painter.fillRect(place.adjusted(3, 1, -3, 0), ink);
        painter.setPen(lightGround);
        painter.drawText(place, Qt::AlignCenter, QString::fromStdString(m_shown.softKeys[i]));
        painter.setPen(ink);
    }
}

void PhoneDisplay::mousePressEvent(QMouseEvent* event)
{
    for (int item = 0; item < static_cast<int>(m_shown.items.size()); ++item)
        if (itemRect(item).contains(event->pos()))
            emit picked(item);
}

}  // namespace ui
