#include "ui/desktop/recorded_run.hpp"

#include "ui/desktop/background.hpp"
#include "ui/desktop/recorded_state.hpp"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <span>

namespace ui {

namespace {

QString shownLed(const RecordedState& then)
{
    switch (then.led) {
    case emulator::MuteLed::Off:
        return RecordedRun::tr("mute LED off");
    case emulator::MuteLed::SlowBlink:
        return then.isLit ? RecordedRun::tr("mute LED blinks slowly, lit")
                          : RecordedRun::tr("mute LED blinks slowly, dark");
    case emulator::MuteLed::FastBlink:
        return then.isLit ? RecordedRun::tr("mute LED blinks fast, lit")
                          : RecordedRun::tr("mute LED blinks fast, dark");
    }
    return {};
}

QString shown(const RecordedState& then)
{
    QStringList parts{RecordedRun::tr("%1 s").arg(QString::fromStdString(clockText(then.at)))};
    if (!then.state.empty())
        parts << QString::fromStdString(then.state);
    parts << shownLed(then);
    if (!then.display.empty())
        parts << RecordedRun::tr("display: %1")
                     .arg(QString::fromStdString(then.display).replace('\n', QStringLiteral(" | ")));
    return parts.join(QStringLiteral(" · "));
}

}  // namespace

RecordedRun::RecordedRun(QWidget* parent)
    : QWidget{parent},
      m_timeline{new TimelineView{Qt::Vertical}},
      m_phones{new QComboBox},
      m_slider{new QSlider{Qt::Horizontal}},
      m_state{new QLabel}
{
    m_phones->setObjectName(QStringLiteral("phones of run"));
    m_phones->setAccessibleName(tr("Phone"));
    m_phones->hide();
    m_slider->setObjectName(QStringLiteral("scrub"));
    m_slider->setAccessibleName(tr("Back through what was recorded"));
    m_slider->setToolTip(tr("An event per step: drag, or Left and Right, Home and End"));
    m_state->setObjectName(QStringLiteral("state then"));
    m_state->setTextFormat(Qt::PlainText);
    m_state->setWordWrap(true);
    auto* const foot = new QHBoxLayout;
    foot->addWidget(m_slider, 1);
    foot->addWidget(m_phones);
    auto* const column = new QVBoxLayout{this};
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_timeline, 1);
    column->addLayout(foot);
    column->addWidget(m_state);
    connect(m_phones, &QComboBox::activated, this, [this](int phone) {
        m_phone = static_cast<std::size_t>(phone);
        m_scrubbed = false;
        showPhone();
    });
    connect(m_slider, &QSlider::valueChanged, this, &RecordedRun::goTo);
    connect(&m_timeline->ladder(), &LadderView::currentChanged, this, &RecordedRun::followLadder);
    connect(m_timeline, &TimelineView::completed, this, [this] { goTo(m_slider->value()); });
    clear();
}

void RecordedRun::clear()
{
    m_trace.reset();
    m_events.clear();
    m_phone = 0;
    m_scrubbed = false;
    m_phones->clear();
    m_phones->hide();
    const QSignalBlocker quiet{m_slider};
    m_slider->setRange(0, 0);
    m_slider->setEnabled(false);
    m_state->setText(tr("Nothing is recorded yet."));
    m_timeline->beginLive({});
}

void RecordedRun::show(std::shared_ptr<const OpenedTrace> trace)
{
    m_trace = std::move(trace);
    constexpr std::size_t mostListed = 10'000;  // our choice: what a list is good for
    const std::size_t listed = std::min(m_trace->phones().size(), mostListed);
    for (std::size_t phone = static_cast<std::size_t>(m_phones->count()); phone < listed; ++phone)
        m_phones->addItem(QString::fromStdString(m_trace->phones()[phone].label()));
    m_phones->setVisible(m_phones->count() > 1);
    if (m_phone < m_trace->phones().size())
        showPhone();
}

void RecordedRun::showPhone()
{
    struct Found {
        LadderSubject subject;
        std::vector<emulator::Observer> observers;
        std::vector<std::uint32_t> events;
    };
    inBackground(
        this,
        [trace = m_trace, phone = m_phone] {
            return Found{trace->subject(phone), trace->observers(phone), trace->events(phone)};
        },
        [this, trace = m_trace, phone = m_phone](Found found) {
            if (trace == m_trace && phone == m_phone)  // nothing newer came meanwhile
                takePhone(phone, std::move(found.subject), std::move(found.events), found.observers);
        });
}

void RecordedRun::takePhone(std::size_t phone, LadderSubject subject, std::vector<std::uint32_t> events,
                            const std::vector<emulator::Observer>& observers)
{
    m_phones->setCurrentIndex(static_cast<int>(phone));
    m_events = std::move(events);
    const int last = std::max(0, static_cast<int>(m_events.size()) - 1);
    {
        const QSignalBlocker quiet{m_slider};
        m_slider->setRange(0, last);
        m_slider->setPageStep(std::max(1, last / 10));
        if (!m_scrubbed)
            m_slider->setValue(last);
    }
    m_slider->setEnabled(last > 0);
    showState(m_slider->value());
    const QSignalBlocker quiet{m_timeline->ladder()};
    m_timeline->showTrace(m_trace->store(), m_events, std::move(subject), observers);
}

// --- back through it ---

void RecordedRun::goTo(int position)
{
    m_scrubbed = position < m_slider->maximum();
    showState(position);
    LadderView& ladder = m_timeline->ladder();
    const LadderRows& rows = m_timeline->rows();
    if (static_cast<std::size_t>(position) >= m_events.size())
        return;
    // An event that has no row of its own belongs to the one before it.
    const std::uint32_t event = m_events[static_cast<std::size_t>(position)];
    std::size_t row = rows.rowOf(event).value_or(rows.size());
    if (row == rows.size() || rows.row(row).event > event) {
        if (row == 0)
            return;
        --row;
    }
    const QSignalBlocker quiet{ladder};
    ladder.setCurrent(rows.row(row).event);
    ladder.scrollTo(rows.row(row).event);
    m_timeline->showDetail();
}

void RecordedRun::followLadder()
{
    const auto current = m_timeline->ladder().current();
    if (!current)
        return;
    const auto at = std::lower_bound(m_events.begin(), m_events.end(), *current);
    const auto position = static_cast<int>(at - m_events.begin());
    const QSignalBlocker quiet{m_slider};
    m_slider->setValue(position);
    m_scrubbed = position < m_slider->maximum();
    showState(position);
}

void RecordedRun::showState(int position)
{
    if (m_events.empty())
        return;
    const std::size_t count = std::min(m_events.size(), static_cast<std::size_t>(position) + 1);
    const QString text = shown(stateAfter(*m_trace->store(), std::span{m_events}.first(count)));
    m_state->setText(text);
    m_slider->setAccessibleDescription(text);
}

}  // namespace ui
