#pragma once

#include <QFile>
#include <QTest>
#include <QWidget>

// What tests of the window share.

namespace ui {

constexpr int limitMs = 60'000;

// Lets the window work until something is so.
template <class Condition>
bool comesTrue(Condition condition)
{
    return QTest::qWaitFor(condition, limitMs);
}

// The widget of that name and kind; ends the test where there is none.
template <class Widget>
Widget* part(const QWidget& window, const char* name)
{
    auto* const found = window.findChild<Widget*>(QString::fromLatin1(name));
    if (found == nullptr)
        qFatal("the window has no %s", name);
    return found;
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
