#pragma once

#include <QApplication>

namespace ui {

// An application that, in debug builds, says on stderr when a handler keeps the window from answering for longer than a
// frame lasts: class of the receiver, and the event's number. What runs inside a handler counts for it.
class WatchedApplication : public QApplication {
public:
    using QApplication::QApplication;

#ifndef NDEBUG
    bool notify(QObject* receiver, QEvent* event) override;

private:
    int m_depth = 0;
#endif
};

}  // namespace ui
