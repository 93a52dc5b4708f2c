#pragma once

#include <QApplication>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace ui {

// An application that notices when a handler keeps the window from answering for longer than a frame lasts.
class WatchedApplication : public QApplication {
public:
    using QApplication::QApplication;

    static constexpr std::chrono::milliseconds frame{16};
    struct Slow {
        std::string handler;  // class of the receiver, and the event's number
        std::chrono::milliseconds took{};
    };
    // Of the outermost handlers: what runs inside one counts for it. Debug builds also say each on stderr.
    const std::vector<Slow>& slowHandlers() const { return m_slow; }
    void forgetSlowHandlers() { m_slow.clear(); }

    bool notify(QObject* receiver, QEvent* event) override;

private:
    static constexpr std::size_t mostKept = 1000;
    int m_depth = 0;
    std::vector<Slow> m_slow;
};

}  // namespace ui
