#pragma once

#include "scenarios/control/control_message.hpp"

#include <QWidget>

namespace ui {

// The display of a phone: its title, the items of a menu with the chosen one marked, the names of the soft keys below.
class PhoneDisplay : public QWidget {
    Q_OBJECT
public:
    explicit PhoneDisplay(QWidget* parent = nullptr);

    void setPixels(QSize pixels) { m_pixels = pixels; }  // of the real one: gives the shape
    void show(const scenarios::control::ShownDisplay& display);
    const scenarios::control::ShownDisplay& shown() const { return m_shown; }
    bool isDark() const { return m_shown.title.empty(); }
    int chosen() const { return m_chosen; }  // an item; -1: there is none
    void choose(int item);
    QRect itemRect(int item) const;
    QRect entryRect() const;  // where typed text stands

    QSize sizeHint() const override;

signals:
    void picked(int item);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    int lineHeight() const;

    QSize m_pixels{396, 162};
    scenarios::control::ShownDisplay m_shown;
    int m_chosen = -1;
};

}  // namespace ui
