#pragma once

#include "ui/desktop/opened_trace.hpp"
#include "ui/desktop/timeline_view.hpp"

#include <QComboBox>
#include <QLabel>
#include <QSlider>
#include <QWidget>

#include <memory>
#include <vector>

namespace ui {

// What a run has recorded so far: the ladder of one phone, and a slider over it that goes back to any instant and says what
// the phone was like then. Nothing is played again.
//
// A position of the slider is an event, not a time: a day of waiting would leave no room for what happened around it.
class RecordedRun : public QWidget {
    Q_OBJECT
public:
    explicit RecordedRun(QWidget* parent = nullptr);

    void clear();
    // The first recording of a run since clear(), or a longer one. Whoever looked at the end sees the new end.
    void show(std::shared_ptr<const OpenedTrace> trace);
    TimelineView& timeline() { return *m_timeline; }

private:
    void showPhone();
    void takePhone(std::size_t phone, LadderSubject subject, std::vector<std::uint32_t> events,
                   const std::vector<emulator::Observer>& observers);
    void goTo(int position);
    void followLadder();
    void showState(int position);

    std::shared_ptr<const OpenedTrace> m_trace;
    std::vector<std::uint32_t> m_events;  // of the phone that is shown
    std::size_t m_phone = 0;
    bool m_scrubbed = false;  // somebody looks at an earlier instant
    TimelineView* m_timeline;
    QComboBox* m_phones;
    QSlider* m_slider;
    QLabel* m_state;
};

}  // namespace ui
