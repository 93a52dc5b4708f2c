#pragma once

#include "emulator/trace/ndjson_reader.hpp"
#include "ui/desktop/ladder_view.hpp"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTimer>
#include <QToolButton>
#include <QWidget>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace ui {

// A phone's ladder with a search, the whole of the event that is current, and export. Its rows come from a trace that has
// been read, or from lines of one as they happen; either way in slices, so that the window answers meanwhile.
class TimelineView : public QWidget {
    Q_OBJECT
public:
    static constexpr std::size_t mostKept =
        20'000;  // of events that happen; our choice; the oldest leave first

    // Where the current event is shown: beside the ladder (Horizontal) or below it.
    explicit TimelineView(Qt::Orientation details = Qt::Horizontal, QWidget* parent = nullptr);

    // Observers: who saw messages; the subject's own is shown first.
    void showTrace(std::shared_ptr<const hwbridge::TraceStore> trace, std::vector<std::uint32_t> events,
                   LadderSubject subject, const std::vector<emulator::Observer>& observers);
    // Lines of NDJSON to come are about this phone.
    void beginLive(LadderSubject subject);
    void add(const std::vector<std::string>& lines);

    LadderView& ladder() { return *m_ladder; }
    const LadderRows& rows() const { return m_rows; }
    bool isComplete() const { return !m_work.isActive(); }  // every event has been looked at
    // Writes what is shown, as SVG or, when the name does not end in .svg, as text.
    void save(const QString& path);
    // The event that is current, or this text.
    void showDetail(const QString& instead = {});

signals:
    void completed();
    void said(const QString& text);  // for the status bar

private:
    struct Lines;

    QWidget* makeBar();
    void setObservers(const std::vector<emulator::Observer>& observers, emulator::Observer chosen);
    void begin(LadderSubject subject);
    void refill();
    void work();
    void readLine();
    void forgetOldest();
    void showCount();
    void askWhereToSave();

    std::shared_ptr<const hwbridge::TraceStore> m_trace;
    std::shared_ptr<hwbridge::TraceStore> m_live;  // the same, when it grows
    std::vector<std::uint32_t> m_events;           // that may get rows
    std::size_t m_next = 0;                        // of them
    std::deque<std::string> m_lines;
    LadderRows m_rows;
    QTimer m_work;
    LadderView* m_ladder = nullptr;
    QPlainTextEdit* m_detail = nullptr;
    QLineEdit* m_search = nullptr;
    QCheckBox* m_syslog = nullptr;
    QComboBox* m_by = nullptr;
    QLabel* m_count = nullptr;
};

}  // namespace ui
