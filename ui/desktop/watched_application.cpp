#include "ui/desktop/watched_application.hpp"

#include <QEvent>
#include <QThread>

#include <fmt/format.h>

#include <cstdio>

namespace ui {

bool WatchedApplication::notify(QObject* receiver, QEvent* event)
{
    if (QThread::currentThread() != thread() || m_depth > 0)
        return QApplication::notify(receiver, event);
    const std::string handler =
        fmt::format("{} event {}", receiver->metaObject()->className(), int{event->type()});
    const auto began = std::chrono::steady_clock::now();
    ++m_depth;
    const bool result = QApplication::notify(receiver, event);
    --m_depth;
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    if (took > frame && m_slow.size() < mostKept) {
        m_slow.push_back({handler, took});
#ifndef NDEBUG
        fmt::print(stderr, "phonerig-desktop: {} kept the window busy for {} ms\n", handler, took.count());
#endif
    }
    return result;
}

}  // namespace ui
