#pragma once

#include "ui/desktop/ladder_rows.hpp"

#include <QAbstractScrollArea>

#include <cstdint>
#include <optional>
#include <unordered_map>

namespace ui {

// The ladder of one phone: a row per event from top to bottom, lanes for its display, its mute LED, itself, and each server.
// Draws what is in sight only.
//
// Keys: Up, Down, Page Up and Down, Home, End move; Left and Right go to the message before and after it of the same
// exchange; + and - zoom, as Ctrl with the wheel does, 0 takes that back.
class LadderView : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit LadderView(QWidget* parent = nullptr);

    void setRows(const LadderRows* rows);
    const LadderRows* rows() const { return m_rows; }
    void rowsChanged();  // some came or all are others; what is current stays as far as it is there

    std::optional<std::uint32_t> current() const { return m_current; }  // an event of the trace
    void setCurrent(std::optional<std::uint32_t> event);
    // Brings the row of an event into the middle, or the one behind where it would be.
    void scrollTo(std::uint32_t event);
    // Colours for rows of these events.
    void setMarks(std::unordered_map<std::uint32_t, QColor> marks);

    void zoom(double factor);  // of 1; between 0.5 and 3
    double zoomed() const { return m_zoom; }
    bool isAtEnd() const;
    void scrollToEnd();
    QRect rectOf(std::size_t row) const;  // on the viewport

    QSize sizeHint() const override { return {700, 400}; }

signals:
    void currentChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void layOut();
    int laneX(std::size_t lane) const;
    std::optional<std::size_t> currentRow() const;
    void moveTo(std::size_t row);
    std::optional<std::size_t> ofSameExchange(std::size_t row, int step) const;
    void tellScreenReader(std::size_t row);
    void drawHead(QPainter& painter);
    void drawRow(QPainter& painter, std::size_t row, const QRect& rect);
    void drawLed(QPainter& painter, std::size_t row, const QRect& rect);
    void drawMessage(QPainter& painter, std::size_t row, const QRect& rect);
    void drawNote(QPainter& painter, std::size_t row, const QRect& rect);
    void drawDisplay(QPainter& painter, std::size_t row, const QRect& rect);
    void drawText(QPainter& painter, QRect rect, const std::string& text, const QColor& colour);
    static QString shownText(const std::string& text);
    QColor colourOf(std::size_t row) const;
    bool isDark() const;

    const LadderRows* m_rows = nullptr;
    std::optional<std::uint32_t> m_current;
    std::unordered_map<std::uint32_t, QColor> m_marks;
    QColor m_ground;  // of the row that is being drawn
    double m_zoom = 1;
    // In pixels, of the zoom.
    int m_rowHeight = 0;
    int m_headHeight = 0;
    int m_timeWidth = 0;
    int m_displayWidth = 0;
    int m_laneGap = 0;
};

}  // namespace ui
