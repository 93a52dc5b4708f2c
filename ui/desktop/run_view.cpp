#include "ui/desktop/run_view.hpp"

#include <QVBoxLayout>

namespace ui {

RunView::RunView(EngineLink& link, QWidget* parent)
    : QWidget{parent},
      m_time{new TimeBar},
      m_recording{new RecordedRun}
{
    auto* const run = new RunWatch{link, this};
    auto* const column = new QVBoxLayout{this};
    column->addWidget(m_time);
    column->addWidget(m_recording, 1);
    connect(run, &RunWatch::recorded, m_recording, &RecordedRun::show);
    connect(&m_recording->timeline(), &TimelineView::said, this, &RunView::said);
    m_time->govern(*run);
}

}  // namespace ui
