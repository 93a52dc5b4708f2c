#pragma once

#include "ui/desktop/engine_link.hpp"
#include "ui/desktop/fleet_rows.hpp"
#include "ui/desktop/phone_front.hpp"
#include "ui/desktop/phone_tables.hpp"
#include "ui/desktop/timeline_view.hpp"

#include <QSortFilterProxyModel>
#include <QTabWidget>
#include <QTableView>
#include <QUrl>

namespace ui {

// One phone, opened: its front, its parameters, what happened, and what happens next.
class PhoneView : public QWidget {
    Q_OBJECT
public:
    // `subject`: of its ladder.
    PhoneView(EngineLink& link, const FleetRows& rows, std::uint32_t phone, QUrl page, LadderSubject subject,
              QWidget* parent = nullptr);

    std::uint32_t phone() const { return m_phone; }
    PhoneFront& front() { return *m_front; }
    void setSuggestions(const QStringList& rules) { m_front->setSuggestions(rules); }
    // "parameters", "timeline" or "schedules".
    static QStringList tabNames();
    void showTab(const QString& name) { m_tabs->setCurrentIndex(static_cast<int>(tabNames().indexOf(name))); }
    void sampleLed(emulator::TimePoint now);
    void refresh();  // something may have happened to it

signals:
    void said(const QString& text);  // for the status bar

private:
    QWidget* makeHead(const QUrl& page);
    QWidget* makeParameters();
    QWidget* makeSchedules();
    void showDetails(const scenarios::control::Details& details);
    void readEvents();
    void readParameters();
    void report(const EngineLink::Answer& answer);

    EngineLink& m_link;
    const FleetRows& m_rows;
    std::uint32_t m_phone;
    PhoneFront* m_front = nullptr;
    QTabWidget* m_tabs = nullptr;
    ParameterModel m_parameters;
    QSortFilterProxyModel* m_foundParameters = nullptr;
    TimelineView* m_timeline = nullptr;
    QTableView* m_schedules = nullptr;
    QTableView* m_status = nullptr;
    std::uint64_t m_lastEvent = 0;
    bool m_asksDetails = false;
    bool m_asksEvents = false;
    bool m_asksParameters = false;
};

}  // namespace ui
