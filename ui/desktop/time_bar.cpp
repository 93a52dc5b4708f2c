#include "ui/desktop/time_bar.hpp"

#include <QHBoxLayout>
#include <QVariant>

namespace ui {

TimeBar::TimeBar(QWidget* parent)
    : QWidget{parent},
      m_pause{new QPushButton{tr("Pa&use")}},
      m_step{new QPushButton{tr("S&tep")}},
      m_speed{new QComboBox},
      m_time{new QLabel}
{
    m_pause->setObjectName(QStringLiteral("pause"));
    m_pause->setCheckable(true);
    m_pause->setToolTip(
        tr("F9: holds virtual time, or lets it go on; before a run: it waits before its first event"));
    m_step->setObjectName(QStringLiteral("step"));
    m_step->setToolTip(tr("Shift+F9: to the next event"));
    m_speed->setObjectName(QStringLiteral("speed"));
    m_speed->setAccessibleName(tr("Speed of virtual time"));
    m_speed->addItem(tr("as fast as it goes"));
    m_speed->addItem(tr("× 60"), QVariant::fromValue(qulonglong{60}));
    m_speed->addItem(tr("× 1"), QVariant::fromValue(qulonglong{1}));
    m_time->setObjectName(QStringLiteral("virtual time"));
    m_time->setAccessibleName(tr("Virtual time"));
    auto* const row = new QHBoxLayout{this};
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(new QLabel{tr("Time")});
    row->addWidget(m_pause);
    row->addWidget(m_step);
    row->addWidget(m_speed);
    row->addWidget(m_time, 1);
    connect(m_pause, &QPushButton::clicked, this, &TimeBar::order);
    connect(m_speed, &QComboBox::activated, this, &TimeBar::order);
    connect(m_step, &QPushButton::clicked, this, [this] {
        m_pause->setChecked(true);  // as it is behind a step
        if (m_run)
            m_run->step();
        emit heldBack();
    });
    m_step->setEnabled(false);
}

std::optional<std::uint64_t> TimeBar::factor() const
{
    const QVariant chosen = m_speed->currentData();
    return chosen.isValid() ? std::optional<std::uint64_t>{chosen.toULongLong()} : std::nullopt;
}

void TimeBar::order()
{
    if (!m_run)
        return;
    if (isPaused())
        m_run->pause();
    else
        m_run->go(factor());
    if (isPaused() || factor())
        emit heldBack();
}

void TimeBar::govern(RunWatch& run)
{
    m_run = &run;
    m_step->setEnabled(true);
    connect(&run, &RunWatch::clockChanged, this, &TimeBar::showClock);
    connect(&run, &QObject::destroyed, m_step, [this] { m_step->setEnabled(false); });
}

// As the run says, whichever window decided it.
void TimeBar::showClock()
{
    constexpr double perSecond = 1e6;
    const RunWatch::Clock& clock = m_run->clock();
    m_time->setText(
        tr("%1 s").arg(static_cast<double>(clock.now.time_since_epoch().count()) / perSecond, 0, 'f', 6));
    if (!m_run->isSettled() || clock.over)
        return;
    m_pause->setChecked(clock.paused);
    const int speed = clock.factor ? m_speed->findData(QVariant::fromValue(qulonglong{*clock.factor})) : 0;
    if (!clock.paused && speed >= 0)
        m_speed->setCurrentIndex(speed);
}

}  // namespace ui
