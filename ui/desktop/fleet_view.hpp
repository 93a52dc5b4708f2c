#pragma once

#include "ui/desktop/fleet_rows.hpp"

#include <QAbstractScrollArea>
#include <QHeaderView>
#include <QStandardItemModel>

#include <vector>

namespace ui {

// All phones of a fleet as tiles or as a list. Draws what is in sight only; what is selected and which phone has the
// cursor go with the phones, wherever sorting puts them.
//
// Keys: arrows, Page Up and Down, Home, End move; with Shift they select up to there, with Ctrl they leave the selection;
// Space selects or not, Ctrl+A all, Escape none; Return opens the phone.
class FleetView : public QAbstractScrollArea {
    Q_OBJECT
public:
    enum class Mode { Tiles, List };

    explicit FleetView(QWidget* parent = nullptr);

    void setRows(const FleetRows* rows);
    void setMode(Mode mode);
    Mode mode() const { return m_mode; }
    void setSort(Column column, bool descending);  // as the list's head shows it

    void rowsChanged(bool otherOrder);         // after FleetRows::update
    void sampleLeds(emulator::TimePoint now);  // repaints the LEDs that are lit otherwise than before

    std::vector<std::uint32_t> selected() const;  // rising
    std::size_t selectedCount() const { return m_selectedCount; }
    bool isSelected(std::uint32_t phone) const { return m_isSelected[phone]; }
    std::optional<std::uint32_t> current() const { return m_current; }
    void selectAll();
    void clearSelection();
    // Where a phone's tile or line is on the viewport; empty when it is not in the order.
    QRect rectOf(std::uint32_t phone) const;

    QSize sizeHint() const override { return {1000, 640}; }

signals:
    void selectionChanged();
    void opened(quint32 phone);
    void sortWanted(ui::Column column, bool descending);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    // A section where it is drawn: its title, then lines of `columns` phones each. In pixels from the top of all.
    struct Band {
        int top = 0;
        int itemsTop = 0;
        std::size_t section = 0;
    };
    struct Drawn {
        std::uint32_t phone = 0;
        QRect led;
        bool lit = false;
    };

    void layOut();
    QSize itemSize() const;
    int columns() const { return m_columns; }
    QRect itemRect(const Band& band, std::size_t position) const;  // on the viewport
    std::optional<std::size_t> positionAt(QPoint point) const;
    std::optional<std::size_t> positionOf(std::uint32_t phone) const;
    const Band& bandOf(std::size_t position) const;
    void moveTo(std::size_t position, Qt::KeyboardModifiers modifiers);
    void select(std::size_t from, std::size_t to);
    void setSelected(std::uint32_t phone, bool selected);
    void show(std::size_t position);
    void tellScreenReader();
    void drawItem(QPainter& painter, const QRect& rect, std::uint32_t phone);
    void drawTile(QPainter& painter, const QRect& rect, std::uint32_t phone);
    void drawLine(QPainter& painter, const QRect& rect, std::uint32_t phone);
    void drawLed(QPainter& painter, const QRect& rect, std::uint32_t phone);
    QString textOf(std::uint32_t phone, Column column) const;

    const FleetRows* m_rows = nullptr;
    QHeaderView m_head;
    QStandardItemModel m_headings;
    std::vector<Band> m_bands;
    std::vector<Drawn> m_drawn;  // in sight
    std::vector<bool> m_isSelected;
    std::size_t m_selectedCount = 0;
    std::optional<std::uint32_t> m_current;
    std::optional<std::uint32_t> m_anchor;  // where a selection with Shift began
    emulator::TimePoint m_now{};
    Mode m_mode = Mode::Tiles;
    int m_columns = 1;
    int m_height = 0;  // of all
};

// For people: "Address", "Next resync", …
QString heading(Column column);

}  // namespace ui
