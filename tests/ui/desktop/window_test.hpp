#pragma once

#include <QAction>
#include <QApplication>
#include <QFile>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QTest>
#include <QWindow>

// What tests of the window share.

namespace ui {

constexpr int limitMs = 60'000;

// Lets the window work until something is so.
template <class Condition>
bool comesTrue(Condition condition)
{
    return QTest::qWaitFor(condition, limitMs);
}

// The widget or action of that name and kind; ends the test where there is none.
template <class Part>
Part* part(const QWidget& window, const char* name)
{
    auto* const found = window.findChild<Part*>(QString::fromLatin1(name));
    if (found == nullptr)
        qFatal("the window has no %s", name);
    return found;
}

// Clicks an entry of a menu of the menu bar, both by their names. The pointer comes to the menu bar first, as a hand's does: Qt
// takes no click in a menu that no pointer has come to (since 6.8 at the press of the button).
inline void clickMenu(QMainWindow& window, const char* menuName, const char* actionName)
{
    QMenu& menu = *part<QMenu>(window, menuName);
    QMenuBar& bar = *window.menuBar();
    const QPoint head = bar.actionGeometry(menu.menuAction()).center();
    QTest::mouseMove(window.windowHandle(), bar.mapTo(&window, head));
    QTest::mouseClick(&bar, Qt::LeftButton, {}, head);
    QVERIFY(comesTrue([&] { return menu.isVisible(); }));
    QTest::mouseClick(&menu, Qt::LeftButton, {},
                      menu.actionGeometry(part<QAction>(window, actionName)).center());
    QVERIFY(comesTrue([&] { return !menu.isVisible() && QApplication::activePopupWidget() == nullptr; }));
}

inline QString program()
{
    return QString::fromLocal8Bit(qgetenv("PHONERIG_BIN"));
}

inline QByteArray contents(const QString& path)
{
    QFile file{path};
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
}

inline void write(const QString& path, const QByteArray& bytes)
{
    QFile file{path};
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

}  // namespace ui
