#pragma once

#include "ui/desktop/recorded_run.hpp"
#include "ui/desktop/time_bar.hpp"

#include <QWidget>

namespace ui {

// A run in virtual time that somebody else started: its time, and what it has recorded.
class RunView : public QWidget {
    Q_OBJECT
public:
    // `link` has been greeted by the run, and outlives this.
    explicit RunView(EngineLink& link, QWidget* parent = nullptr);

    TimeBar& time() { return *m_time; }
    RecordedRun& recording() { return *m_recording; }

signals:
    void said(const QString& text);  // for the status bar

private:
    TimeBar* m_time;
    RecordedRun* m_recording;
};

}  // namespace ui
