#pragma once

#include "ui/desktop/engine_link.hpp"
#include "ui/desktop/opened_trace.hpp"

#include <QObject>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ui {

// A run in virtual time that this window governs: its clock, and its trace as far as it has come. The trace is read while
// time is held back; of a run that goes as fast as it can there is nothing to see before its end.
class RunWatch : public QObject {
    Q_OBJECT
public:
    using Clock = scenarios::control::RunClock;
    using Trace = std::shared_ptr<const OpenedTrace>;
    static constexpr std::size_t mostEvents =
        50'000;  // our choice: of a run that has not ended; the later ones are left out

    // `link` has been greeted by a run, and outlives this.
    explicit RunWatch(EngineLink& link, QObject* parent = nullptr);

    void pause();
    void step();
    void go(std::optional<std::uint64_t> factor);  // of real time; empty: as fast as it goes
    const Clock& clock() const { return m_clock; }
    // Every order has its result: the clock says how time passes.
    bool isSettled() const { return m_orders == 0; }

signals:
    void clockChanged();
    void recorded(const ui::RunWatch::Trace& trace);

private:
    void awaitClock();
    template <class Order>
    void order(Order order);
    void take(const EngineLink::Answer& answer);
    void readEvents();
    void build();

    EngineLink& m_link;
    Clock m_clock;
    std::size_t m_orders = 0;  // without a result
    bool m_reading = false;
    bool m_building = false;
    std::uint64_t m_last = 0;          // event that was read
    std::vector<std::string> m_lines;  // that are not in m_file yet
    std::shared_ptr<const hwbridge::TraceFile> m_file;
};

}  // namespace ui
