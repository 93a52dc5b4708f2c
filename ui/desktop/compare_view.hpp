#pragma once

#include "ui/desktop/compared_traces.hpp"
#include "ui/desktop/timeline_view.hpp"

#include <QProgressBar>
#include <QSplitter>
#include <QTableWidget>
#include <QTreeWidget>
#include <QWidget>

#include <memory>
#include <optional>
#include <unordered_map>

namespace ui {

// Two traces or captures side by side: twin ladders, where they differ, and how like they are. Reading and comparing are
// done on other threads.
class CompareView : public QWidget {
    Q_OBJECT
public:
    CompareView(const QString& a, const QString& b, QWidget* parent = nullptr);

    QTreeWidget& differences() { return *m_differences; }
    TimelineView& timeline(ComparedTraces::Side side) { return *half(side).timeline; }
    const ComparedTraces* compared() const { return m_compared.get(); }

signals:
    void completed();                 // everything is there
    void failed(const QString& why);  // nothing can be shown
    void said(const QString& text);   // for the status bar

private:
    using Side = ComparedTraces::Side;
    struct Half {
        TimelineView* timeline = nullptr;
        QLabel* title = nullptr;
        std::shared_ptr<const OpenedTrace> trace;
        std::unordered_map<std::uint32_t, ComparedTraces::Spot> spots;  // by event
        bool isShown = false;  // the ladder is of the pair that was asked for
    };

    Half& half(Side side) { return side == Side::A ? m_a : m_b; }
    QWidget* makeHalf(Side side);
    QWidget* makeFindings();
    void read(Side side, const QString& path);
    void compare();
    void fail(const emulator::Error& error);
    void take(std::shared_ptr<const ComparedTraces> compared);
    void fillDifferences();
    QTreeWidgetItem* itemOf(std::size_t finding, const QString& number) const;
    void fillFidelity();
    void showPair(const ComparedTraces::Pair& pair);
    void showHalf(Side side);
    void showSpot(const ComparedTraces::Spot& spot);
    void showPlace(Side side);
    void choose(Side side);  // the difference of the event that is current there

    std::shared_ptr<const ComparedTraces> m_compared;
    Half m_a;
    Half m_b;
    std::optional<ComparedTraces::Pair> m_pair;  // whose ladders are shown
    std::optional<ComparedTraces::Spot> m_spot;  // that is current
    QLabel* m_verdict = nullptr;
    QProgressBar* m_progress = nullptr;
    QTreeWidget* m_differences = nullptr;
    QTableWidget* m_fidelity = nullptr;
};

}  // namespace ui
