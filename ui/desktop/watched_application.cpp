#include "ui/desktop/watched_application.hpp"

#ifndef NDEBUG

#include <QEvent>
#include <QThread>

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

namespace ui {

bool WatchedApplication::notify(QObject* receiver, QEvent* event)
{
    constexpr std::chrono::milliseconds frame{16};
    if (QThread::currentThread() != thread() || m_depth > 0)
        return QApplication::notify(receiver, event);
    const char* const receiverClass = receiver->metaObject()->className();  // it may be gone afterwards
    const int kind = event->type();
    const auto began = std::chrono::steady_clock::now();
    ++m_depth;
    const bool result = QApplication::notify(receiver, event);
    --m_depth;
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    if (took > frame)
        fmt::print(stderr, "phonerig-desktop: {} event {} kept the window busy for {} ms\n", receiverClass,
                   kind, took.count());
    return result;
}

}  // namespace ui

#endif
