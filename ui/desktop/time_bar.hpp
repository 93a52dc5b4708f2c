#pragma once

#include "ui/desktop/run_watch.hpp"

#include <QComboBox>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QWidget>

#include <cstdint>
#include <optional>

namespace ui {

// How virtual time passes: paused, step by step, or at a speed. What is chosen before a run is what it begins with.
class TimeBar : public QWidget {
    Q_OBJECT
public:
    explicit TimeBar(QWidget* parent = nullptr);

    bool isPaused() const { return m_pause->isChecked(); }
    std::optional<std::uint64_t> factor() const;  // of real time; empty: as fast as it goes
    void togglePause() { m_pause->click(); }
    void step() { m_step->click(); }

    // A run obeys from now on, until it is gone.
    void govern(RunWatch& run);
    // A run begins, that is not governed yet.
    void clearTime() { m_time->clear(); }

signals:
    void heldBack();  // somebody wants to see what happens

private:
    void order();
    void showClock();

    QPointer<RunWatch> m_run;  // null: what is chosen is for the next run
    QPushButton* m_pause;
    QPushButton* m_step;
    QComboBox* m_speed;
    QLabel* m_time;
};

}  // namespace ui
