#pragma once

#include "scenarios/control/control_message.hpp"
#include "ui/desktop/phone_display.hpp"

#include <QComboBox>
#include <QPushButton>
#include <QToolButton>

#include <vector>

namespace ui {

// The front of a phone, from its model's data: display, soft keys, navigation, line keys, the mute key's LED, and the
// handset. Its keys are those that the emulated phone obeys; every one can be clicked, and reached with Tab.
//
// Keys of the keyboard: Up and Down move in a menu, Return selects, Escape goes back, F1 to F4 are the soft keys.
class PhoneFront : public QWidget {
    Q_OBJECT
public:
    PhoneFront(const scenarios::control::ControlGroup& group, QWidget* parent = nullptr);

    void showDetails(
        const scenarios::control::Details& details);  // at the phone's first display, and its busy lines
    void showDisplay(const scenarios::control::ShownDisplay& display);
    void setSuggestions(const QStringList& rules);  // offered where text is typed
    void setLed(bool lit, bool blinks);

    PhoneDisplay& display() { return m_display; }

signals:
    // Somebody pressed a key: what has been chosen since the first display, and what was typed.
    void pressed(const QStringList& path, const QString& entered);
    void hookChanged(int line, bool offHook);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void addKeys(const scenarios::control::ControlGroup& group);
    void selectItem(int item);
    void selectChosen();
    void back();
    void softKey(int key);
    void placeEntry();

    PhoneDisplay m_display;
    QComboBox m_entry;
    std::vector<QPushButton*> m_softKeys;
    std::vector<QPushButton*> m_lineKeys;
    QPushButton* m_hook = nullptr;
    QWidget* m_led = nullptr;
    QStringList m_path;
    bool m_isLit = false;
    bool m_blinks = false;
};

}  // namespace ui
