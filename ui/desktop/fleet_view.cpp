#include "ui/desktop/fleet_view.hpp"

#include <QAccessible>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace ui {

namespace {

constexpr int gap = 6;
constexpr int ledSize = 12;

QColor colourOf(emulator::PhoneState state, const QPalette& palette)
{
    using emulator::PhoneState;
    switch (state) {
    case PhoneState::Idle:
        return {0x3c, 0xa0, 0x55};
    case PhoneState::Contacting:
    case PhoneState::Upgrading:
        return {0x2f, 0x7d, 0xd1};
    case PhoneState::Booting:
    case PhoneState::Waiting:
    case PhoneState::Onboarding:
        return {0xc9, 0x8a, 0x1b};
    case PhoneState::Off:
        break;
    }
    return palette.color(QPalette::Disabled, QPalette::WindowText);
}

}  // namespace

QString heading(Column column)
{
    switch (column) {
    case Column::Address:
        return FleetView::tr("Address");
    case Column::Mac:
        return FleetView::tr("MAC");
    case Column::Model:
        return FleetView::tr("Model");
    case Column::Firmware:
        return FleetView::tr("Firmware");
    case Column::State:
        return FleetView::tr("State");
    case Column::Led:
        return FleetView::tr("Mute LED");
    case Column::NextResync:
        return FleetView::tr("Next resync");
    case Column::LastResult:
        return FleetView::tr("Last result");
    }
    return {};
}

FleetView::FleetView(QWidget* parent) : QAbstractScrollArea{parent}, m_head{Qt::Horizontal, this}
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Phones"));
    viewport()->setAutoFillBackground(true);
    viewport()->setBackgroundRole(QPalette::Base);
    for (std::size_t i = 0; i < columnCount; ++i)
        m_headings.setHorizontalHeaderItem(static_cast<int>(i),
                                           new QStandardItem{heading(static_cast<Column>(i))});
    m_head.setModel(&m_headings);
    m_head.setSectionsClickable(true);
    m_head.setSortIndicatorShown(true);
    m_head.setSortIndicator(0, Qt::AscendingOrder);
    m_head.setStretchLastSection(true);
    const int letter = fontMetrics().averageCharWidth();
    for (const auto& [column, letters] :
         {std::pair{Column::Address, 18}, std::pair{Column::Mac, 20}, std::pair{Column::Model, 16},
          std::pair{Column::Firmware, 26}, std::pair{Column::State, 14}, std::pair{Column::Led, 15},
          std::pair{Column::NextResync, 16}})
        m_head.resizeSection(static_cast<int>(column), letters * letter);
    m_head.hide();
    connect(&m_head, &QHeaderView::sortIndicatorChanged, this, [this](int section, Qt::SortOrder order) {
        emit sortWanted(static_cast<Column>(section), order == Qt::DescendingOrder);
    });
    connect(&m_head, &QHeaderView::sectionResized, this, [this] { viewport()->update(); });
}

void FleetView::setRows(const FleetRows* rows)
{
    m_rows = rows;
    m_isSelected.assign(rows->size(), false);
    m_selectedCount = 0;
    m_current.reset();
    m_anchor.reset();
    rowsChanged(true);
}

void FleetView::setMode(Mode mode)
{
    m_mode = mode;
    m_head.setVisible(mode == Mode::List);
    setViewportMargins(0, mode == Mode::List ? m_head.sizeHint().height() : 0, 0, 0);
    layOut();
    if (m_current)
        if (const auto position = positionOf(*m_current))
            show(*position);
    viewport()->update();
}

void FleetView::setSort(Column column, bool descending)
{
    const QSignalBlocker quiet{m_head};
    m_head.setSortIndicator(static_cast<int>(column), descending ? Qt::DescendingOrder : Qt::AscendingOrder);
    m_head.update();
}

void FleetView::rowsChanged(bool otherOrder)
{
    if (otherOrder)
        layOut();
    viewport()->update();
}

// --- where things are ---

QSize FleetView::itemSize() const
{
    const QFontMetrics metrics = fontMetrics();
    if (m_mode == Mode::List)
        return {viewport()->width(), metrics.height() + gap};
    return {metrics.averageCharWidth() * 27 + 2 * gap, metrics.height() * 4 + 3 * gap};
}

void FleetView::layOut()
{
    m_bands.clear();
    m_height = 0;
    m_columns =
        m_mode == Mode::List ? 1 : std::max(1, (viewport()->width() - gap) / (itemSize().width() + gap));
    if (m_rows == nullptr)
        return;
    const int step = itemSize().height() + (m_mode == Mode::Tiles ? gap : 0);
    const std::vector<FleetRows::Section>& sections = m_rows->sections();
    for (std::size_t i = 0; i < sections.size(); ++i) {
        Band band{m_height, m_height, i};
        if (!sections[i].title.empty() || sections.size() > 1)
            band.itemsTop += fontMetrics().height() + 2 * gap;
        const std::size_t lines =
            (sections[i].end - sections[i].begin + static_cast<std::size_t>(m_columns) - 1) /
            static_cast<std::size_t>(m_columns);
        m_bands.push_back(band);
        m_height = band.itemsTop + static_cast<int>(lines) * step + (m_mode == Mode::Tiles ? gap : 0);
    }
    verticalScrollBar()->setSingleStep(step);
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setRange(0, std::max(0, m_height - viewport()->height()));
    m_head.setGeometry(viewport()->x(), viewport()->y() - m_head.sizeHint().height(), viewport()->width(),
                       m_head.sizeHint().height());
}

QRect FleetView::itemRect(const Band& band, std::size_t position) const
{
    const auto index = static_cast<int>(position - m_rows->sections()[band.section].begin);
    const QSize size = itemSize();
    const int scrolled = verticalScrollBar()->value();
    if (m_mode == Mode::List)
        return {0, band.itemsTop + index * size.height() - scrolled, size.width(), size.height()};
    return {gap + index % m_columns * (size.width() + gap),
            band.itemsTop + gap + index / m_columns * (size.height() + gap) - scrolled, size.width(),
            size.height()};
}

const FleetView::Band& FleetView::bandOf(std::size_t position) const
{
    const auto after = std::partition_point(m_bands.begin(), m_bands.end(), [&](const Band& band) {
        return m_rows->sections()[band.section].begin <= position;
    });
    return *std::prev(after);
}

std::optional<std::size_t> FleetView::positionOf(std::uint32_t phone) const
{
    const auto order = m_rows->order();
    const auto at = std::find(order.begin(), order.end(), phone);
    return at == order.end() ? std::nullopt : std::optional{static_cast<std::size_t>(at - order.begin())};
}

std::optional<std::size_t> FleetView::positionAt(QPoint point) const
{
    if (m_rows == nullptr)
        return std::nullopt;
    const int y = point.y() + verticalScrollBar()->value();
    const int step = itemSize().height() + (m_mode == Mode::Tiles ? gap : 0);
    for (const Band& band : m_bands) {
        const FleetRows::Section& section = m_rows->sections()[band.section];
        if (y < band.itemsTop)
            continue;
        const auto line = static_cast<std::size_t>((y - band.itemsTop) / step);
        for (int column = 0; column < m_columns; ++column) {
            const std::size_t position =
                section.begin + line * static_cast<std::size_t>(m_columns) + static_cast<std::size_t>(column);
            if (position < section.end && itemRect(band, position).contains(point))
                return position;
        }
    }
    return std::nullopt;
}

QRect FleetView::rectOf(std::uint32_t phone) const
{
    const auto position = positionOf(phone);
    return position ? itemRect(bandOf(*position), *position) : QRect{};
}

void FleetView::show(std::size_t position)
{
    const QRect rect = itemRect(bandOf(position), position);
    QScrollBar& bar = *verticalScrollBar();
    if (rect.top() < 0)
        bar.setValue(bar.value() + rect.top() - gap);
    else if (rect.bottom() > viewport()->height())
        bar.setValue(bar.value() + rect.bottom() - viewport()->height() + gap);
}

// --- selecting ---

void FleetView::setSelected(std::uint32_t phone, bool selected)
{
    if (m_isSelected[phone] == selected)
        return;
    m_isSelected[phone] = selected;
    m_selectedCount = selected ? m_selectedCount + 1 : m_selectedCount - 1;
}

void FleetView::select(std::size_t from, std::size_t to)
{
    m_isSelected.assign(m_isSelected.size(), false);
    m_selectedCount = 0;
    for (std::size_t i = std::min(from, to); i <= std::max(from, to); ++i)
        setSelected(m_rows->order()[i], true);
}

std::vector<std::uint32_t> FleetView::selected() const
{
    std::vector<std::uint32_t> phones;
    for (std::uint32_t phone = 0; phone < m_isSelected.size(); ++phone)
        if (m_isSelected[phone])
            phones.push_back(phone);
    return phones;
}

void FleetView::selectAll()
{
    if (m_rows == nullptr || m_rows->order().empty())
        return;
    select(0, m_rows->order().size() - 1);
    viewport()->update();
    emit selectionChanged();
}

void FleetView::clearSelection()
{
    m_isSelected.assign(m_isSelected.size(), false);
    m_selectedCount = 0;
    viewport()->update();
    emit selectionChanged();
}

void FleetView::moveTo(std::size_t position, Qt::KeyboardModifiers modifiers)
{
    const std::uint32_t phone = m_rows->order()[position];
    const std::optional<std::size_t> anchor = m_anchor ? positionOf(*m_anchor) : std::nullopt;
    m_current = phone;
    if ((modifiers & Qt::ShiftModifier) != 0 && anchor)
        select(*anchor, position);
    else if ((modifiers & Qt::ControlModifier) == 0) {
        select(position, position);
        m_anchor = phone;
    }
    show(position);
    viewport()->update();
    tellScreenReader();
    emit selectionChanged();
}

void FleetView::mousePressEvent(QMouseEvent* event)
{
    const auto position = positionAt(event->pos());
    if (!position) {
        if (event->button() == Qt::LeftButton && m_rows != nullptr)
            clearSelection();
        return;
    }
    const std::uint32_t phone = m_rows->order()[*position];
    if (event->button() == Qt::RightButton && m_isSelected[phone])
        return;  // the menu is for all that are selected
    if ((event->modifiers() & Qt::ControlModifier) != 0) {
        setSelected(phone, !m_isSelected[phone]);
        m_anchor = phone;
    }
    moveTo(*position, event->modifiers());
}

void FleetView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (const auto position = positionAt(event->pos()))
        emit opened(m_rows->order()[*position]);
}

void FleetView::keyPressEvent(QKeyEvent* event)
{
    if (m_rows == nullptr || m_rows->order().empty())
        return QAbstractScrollArea::keyPressEvent(event);
    const auto last = static_cast<std::ptrdiff_t>(m_rows->order().size()) - 1;
    const std::optional<std::size_t> known = m_current ? positionOf(*m_current) : std::nullopt;
    const auto at = static_cast<std::ptrdiff_t>(known.value_or(0));
    const int line = itemSize().height() + (m_mode == Mode::Tiles ? gap : 0);
    const std::ptrdiff_t page = std::max(1, viewport()->height() / line) * m_columns;
    std::ptrdiff_t to = at;
    switch (event->key()) {
    case Qt::Key_Left:
        to = at - 1;
        break;
    case Qt::Key_Right:
        to = at + 1;
        break;
    case Qt::Key_Up:
        to = at >= m_columns ? at - m_columns : at;
        break;
    case Qt::Key_Down:
        to = at + m_columns <= last ? at + m_columns : at;
        break;
    case Qt::Key_PageUp:
        to = at - page;
        break;
    case Qt::Key_PageDown:
        to = at + page;
        break;
    case Qt::Key_Home:
        to = 0;
        break;
    case Qt::Key_End:
        to = last;
        break;
    case Qt::Key_A:
        return (event->modifiers() & Qt::ControlModifier) != 0 ? selectAll()
                                                               : QAbstractScrollArea::keyPressEvent(event);
    case Qt::Key_Escape:
        return clearSelection();
    case Qt::Key_Space:
        if (known) {
            setSelected(*m_current, !m_isSelected[*m_current]);
            m_anchor = m_current;
            viewport()->update();
            emit selectionChanged();
        }
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (known)
            emit opened(*m_current);
        return;
    default:
        return QAbstractScrollArea::keyPressEvent(event);
    }
    moveTo(static_cast<std::size_t>(known ? std::clamp<std::ptrdiff_t>(to, 0, last) : 0), event->modifiers());
}

void FleetView::tellScreenReader()
{
    const std::uint32_t phone = *m_current;
    setAccessibleDescription(tr("%1, %2, mute LED %3, %4")
                                 .arg(textOf(phone, Column::Address), textOf(phone, Column::State),
                                      textOf(phone, Column::Led),
                                      m_isSelected[phone] ? tr("selected") : tr("not selected")));
    QAccessibleEvent told{this, QAccessible::DescriptionChanged};
    QAccessible::updateAccessibility(&told);
}

// --- drawing ---

QString FleetView::textOf(std::uint32_t phone, Column column) const
{
    return QString::fromStdString(m_rows->text(phone, column));
}

void FleetView::sampleLeds(emulator::TimePoint now)
{
    m_now = now;
    for (Drawn& drawn : m_drawn) {
        const emulator::PhoneSnapshot& phone = m_rows->row(drawn.phone).phone;
        const bool lit = emulator::isLit(phone.led, phone.ledSince, now);
        if (lit != drawn.lit)
            viewport()->update(drawn.led.adjusted(-1, -1, 1, 1));
        drawn.lit = lit;
    }
}

void FleetView::paintEvent(QPaintEvent* event)
{
    QPainter painter{viewport()};
    painter.setRenderHint(QPainter::Antialiasing);
    // A repaint of LEDs alone leaves the notes about the others as they are.
    const bool whole = event->rect().contains(viewport()->rect());
    if (whole)
        m_drawn.clear();
    if (m_rows == nullptr)
        return;
    const int step = itemSize().height() + (m_mode == Mode::Tiles ? gap : 0);
    const int from = event->rect().top() + verticalScrollBar()->value();
    const int to = event->rect().bottom() + verticalScrollBar()->value();
    for (std::size_t i = 0; i < m_bands.size(); ++i) {
        const Band& band = m_bands[i];
        const FleetRows::Section& section = m_rows->sections()[band.section];
        if (band.top > to || (i + 1 < m_bands.size() && m_bands[i + 1].top < from))
            continue;
        if (band.itemsTop > band.top) {
            QFont bold = font();
            bold.setBold(true);
            painter.setFont(bold);
            painter.setPen(palette().color(QPalette::Text));
            const QString title =
                section.title.empty() ? tr("(none)") : QString::fromStdString(section.title);
            painter.drawText(QRect{gap, band.top - verticalScrollBar()->value(), viewport()->width(),
                                   band.itemsTop - band.top},
                             Qt::AlignVCenter, tr("%1  (%2)").arg(title).arg(section.end - section.begin));
            painter.setFont(font());
        }
        const auto line = static_cast<std::size_t>(std::max(0, (from - band.itemsTop) / step));
        for (std::size_t at = section.begin + line * static_cast<std::size_t>(m_columns); at < section.end;
             ++at) {
            const QRect rect = itemRect(band, at);
            if (rect.top() > event->rect().bottom())
                break;
            if (event->region().intersects(rect))
                drawItem(painter, rect, m_rows->order()[at]);
        }
    }
}

void FleetView::drawItem(QPainter& painter, const QRect& rect, std::uint32_t phone)
{
    const bool isSelected = m_isSelected[phone];
    const QPalette::ColorGroup group = hasFocus() ? QPalette::Active : QPalette::Inactive;
    const QRect inner = rect.adjusted(0, 0, -1, -1);
    painter.setPen(m_mode == Mode::Tiles ? palette().color(QPalette::Mid) : QColor{Qt::transparent});
    painter.setBrush(isSelected
                         ? palette().color(group, QPalette::Highlight)
                         : palette().color(m_mode == Mode::Tiles ? QPalette::AlternateBase : QPalette::Base));
    if (m_mode == Mode::Tiles)
        painter.drawRoundedRect(inner, 4, 4);
    else
        painter.fillRect(rect, painter.brush());
    painter.setPen(palette().color(group, isSelected ? QPalette::HighlightedText : QPalette::Text));
    if (m_mode == Mode::Tiles)
        drawTile(painter, rect, phone);
    else
        drawLine(painter, rect, phone);
    if (m_current == phone && hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen{palette().color(QPalette::Text), 1, Qt::DotLine});
        painter.drawRect(inner.adjusted(1, 1, -1, -1));
    }
}

void FleetView::drawTile(QPainter& painter, const QRect& rect, std::uint32_t phone)
{
    const emulator::PhoneSnapshot& seen = m_rows->row(phone).phone;
    const QFontMetrics metrics = fontMetrics();
    QRect line{rect.left() + gap, rect.top() + gap, rect.width() - 2 * gap, metrics.height()};
    const QPen pen = painter.pen();
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.drawText(line, Qt::AlignVCenter, textOf(phone, Column::Address));
    painter.setFont(font());
    drawLed(painter,
            QRect{line.right() - ledSize, line.top() + (line.height() - ledSize) / 2, ledSize, ledSize},
            phone);
    line.translate(0, metrics.height());
    painter.drawText(line, Qt::AlignVCenter, textOf(phone, Column::Mac));
    line.translate(0, metrics.height());
    painter.setPen(Qt::NoPen);
    painter.setBrush(colourOf(seen.state, palette()));
    painter.drawRoundedRect(QRect{line.left(), line.top() + 4, 8, line.height() - 8}, 2, 2);
    painter.setPen(pen);
    painter.drawText(line.adjusted(14, 0, 0, 0), Qt::AlignVCenter, textOf(phone, Column::State));
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, textOf(phone, Column::Model));
    line.translate(0, metrics.height());
    painter.drawText(line, Qt::AlignVCenter,
                     metrics.elidedText(textOf(phone, Column::LastResult), Qt::ElideRight, line.width()));
}

void FleetView::drawLine(QPainter& painter, const QRect& rect, std::uint32_t phone)
{
    const QPen pen = painter.pen();
    for (std::size_t i = 0; i < columnCount; ++i) {
        const auto column = static_cast<Column>(i);
        const int section = static_cast<int>(i);
        QRect cell{m_head.sectionViewportPosition(section) + gap, rect.top(),
                   m_head.sectionSize(section) - gap, rect.height()};
        if (column == Column::Led) {
            drawLed(painter, QRect{cell.left(), cell.top() + (cell.height() - ledSize) / 2, ledSize, ledSize},
                    phone);
            cell.adjust(ledSize + gap, 0, 0, 0);
        } else if (column == Column::State) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(colourOf(m_rows->row(phone).phone.state, palette()));
            painter.drawRoundedRect(QRect{cell.left(), cell.top() + 5, 8, cell.height() - 10}, 2, 2);
            cell.adjust(14, 0, 0, 0);
        }
        painter.setPen(pen);
        painter.drawText(cell, Qt::AlignVCenter,
                         fontMetrics().elidedText(textOf(phone, column), Qt::ElideRight, cell.width()));
    }
}

void FleetView::drawLed(QPainter& painter, const QRect& rect, std::uint32_t phone)
{
    const emulator::PhoneSnapshot& seen = m_rows->row(phone).phone;
    const bool lit = emulator::isLit(seen.led, seen.ledSince, m_now);
    const QPen pen = painter.pen();
    painter.setPen(QPen{
        seen.led == emulator::MuteLed::Off ? palette().color(QPalette::Mid) : QColor{0xc0, 0x20, 0x20}, 1.4});
    painter.setBrush(lit ? QColor{0xff, 0x2a, 0x2a} : QColor{Qt::transparent});
    painter.drawEllipse(rect);
    painter.setPen(pen);
    const auto known =
        std::find_if(m_drawn.begin(), m_drawn.end(), [&](const Drawn& one) { return one.phone == phone; });
    if (known == m_drawn.end())
        m_drawn.push_back({phone, rect, lit});
}

void FleetView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void FleetView::scrollContentsBy(int, int)
{
    viewport()->update();
}

void FleetView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void FleetView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

void FleetView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        layOut();
    viewport()->update();
}

}  // namespace ui
