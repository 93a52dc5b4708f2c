#pragma once

#include "ui/desktop/opened_trace.hpp"
#include "ui/desktop/timeline_view.hpp"

#include <QWidget>

#include <memory>

namespace ui {

// A trace or capture from a file: the ladder of each of its phones. The file is read on another thread.
class TraceView : public QWidget {
    Q_OBJECT
public:
    explicit TraceView(const QString& path, QWidget* parent = nullptr);

    TimelineView& timeline() { return *m_timeline; }

signals:
    void completed();                 // the first ladder is there
    void failed(const QString& why);  // nothing can be shown
    void said(const QString& text);   // for the status bar

private:
    void take(std::shared_ptr<const OpenedTrace> trace);
    void showPhone(std::size_t phone);

    std::shared_ptr<const OpenedTrace> m_trace;
    QLabel* m_about = nullptr;
    QComboBox* m_phones = nullptr;
    TimelineView* m_timeline = nullptr;
};

}  // namespace ui
