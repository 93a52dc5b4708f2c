#include "ui/desktop/timeline_view.hpp"

#include "scenarios/report/ladder_file.hpp"
#include "scenarios/report/ladder_text.hpp"
#include "ui/desktop/background.hpp"
#include "ui/desktop/text_file.hpp"

#include <QElapsedTimer>
#include <QFileDialog>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QMenu>
#include <QSplitter>
#include <QVBoxLayout>

#include <numeric>

namespace ui {

using emulator::Observer;

namespace {

constexpr int sliceMs = 6;

QString observerText(Observer by)
{
    switch (by) {
    case Observer::Phone:
        return TimelineView::tr("as the phone saw it");
    case Observer::Server:
        return TimelineView::tr("as servers saw it");
    case Observer::Wire:
        return TimelineView::tr("as captured");
    case Observer::Rig:
        break;
    }
    return {};
}

}  // namespace

// Puts lines into the trace that grows.
struct TimelineView::Lines : emulator::TraceSink {
    explicit Lines(hwbridge::TraceStore& kept) : store{kept} {}
    bool wants(emulator::EventKind) const override { return true; }
    void seen(const emulator::TraceEvent& event) override { store.add(event, 0); }
    hwbridge::TraceStore& store;
};

TimelineView::TimelineView(Qt::Orientation details, QWidget* parent) : QWidget{parent}
{
    m_ladder = new LadderView;
    m_ladder->setObjectName(QStringLiteral("ladder"));
    m_detail = new QPlainTextEdit;
    m_detail->setObjectName(QStringLiteral("detail"));
    m_detail->setAccessibleName(tr("Event"));
    m_detail->setPlaceholderText(tr("Click a row to see all of it."));
    m_detail->setReadOnly(true);
    m_detail->setTabChangesFocus(true);
    m_detail->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    auto* const halves = new QSplitter{details};
    halves->addWidget(m_ladder);
    halves->addWidget(m_detail);
    halves->setStretchFactor(0, 1);
    halves->setSizes(details == Qt::Horizontal ? QList{700, 300} : QList{420, 90});
    halves->setChildrenCollapsible(false);
    auto* const column = new QVBoxLayout{this};
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(makeBar());
    column->addWidget(halves, 1);
    m_ladder->setRows(&m_rows);
    connect(m_ladder, &LadderView::currentChanged, this, [this] { showDetail(); });
    connect(&m_work, &QTimer::timeout, this, &TimelineView::work);
}

QWidget* TimelineView::makeBar()
{
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("search events"));
    m_search->setPlaceholderText(tr("Search events: words, -word for without it"));
    m_search->setAccessibleName(tr("Search events"));
    m_search->setClearButtonEnabled(true);
    m_syslog = new QCheckBox{tr("S&yslog only")};
    m_syslog->setObjectName(QStringLiteral("syslog only"));
    m_by = new QComboBox;
    m_by->setObjectName(QStringLiteral("seen by"));
    m_by->setAccessibleName(tr("Seen by"));
    m_by->hide();
    m_count = new QLabel;
    m_count->setObjectName(QStringLiteral("event count"));
    const auto button = [](const QString& text, const QString& tip) {
        auto* const made = new QToolButton;
        made->setText(text);
        made->setToolTip(tip);
        made->setAccessibleName(tip);
        made->setFocusPolicy(Qt::TabFocus);
        return made;
    };
    QToolButton* const smaller = button(tr("−"), tr("Smaller (-)"));
    QToolButton* const larger = button(tr("+"), tr("Larger (+)"));
    QToolButton* const save = button(tr("Save…"), tr("Save what is shown as SVG or text"));
    save->setObjectName(QStringLiteral("save ladder"));
    connect(smaller, &QToolButton::clicked, this, [this] { m_ladder->zoom(m_ladder->zoomed() / 1.15); });
    connect(larger, &QToolButton::clicked, this, [this] { m_ladder->zoom(m_ladder->zoomed() * 1.15); });
    connect(save, &QToolButton::clicked, this, &TimelineView::askWhereToSave);
    connect(m_search, &QLineEdit::textChanged, this, &TimelineView::refill);
    connect(m_syslog, &QCheckBox::toggled, this, &TimelineView::refill);
    connect(m_by, &QComboBox::activated, this, [this] {
        LadderSubject subject = m_rows.subject();
        subject.by = static_cast<Observer>(m_by->currentData().toInt());
        begin(std::move(subject));
    });
    auto* const bar = new QWidget;
    auto* const row = new QHBoxLayout{bar};
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_search, 1);
    row->addWidget(m_syslog);
    row->addWidget(m_by);
    row->addWidget(m_count);
    row->addWidget(smaller);
    row->addWidget(larger);
    row->addWidget(save);
    return bar;
}

void TimelineView::setObservers(const std::vector<Observer>& observers, Observer chosen)
{
    m_by->clear();
    for (const Observer by : observers)
        m_by->addItem(observerText(by), static_cast<int>(by));
    m_by->setCurrentIndex(m_by->findData(static_cast<int>(chosen)));
    m_by->setVisible(observers.size() > 1);
}

void TimelineView::showTrace(std::shared_ptr<const hwbridge::TraceStore> trace,
                             std::vector<std::uint32_t> events, LadderSubject subject,
                             const std::vector<Observer>& observers)
{
    m_live.reset();
    m_trace = std::move(trace);
    m_events = std::move(events);
    m_ladder->setCurrent(std::nullopt);
    setObservers(observers, subject.by);
    begin(std::move(subject));
}

void TimelineView::beginLive(LadderSubject subject)
{
    m_live = std::make_shared<hwbridge::TraceStore>();
    m_trace = m_live;
    m_events.clear();
    setObservers({Observer::Phone, Observer::Server}, subject.by);
    begin(std::move(subject));
}

void TimelineView::begin(LadderSubject subject)
{
    m_rows.begin(m_trace, std::move(subject));
    refill();
}

// Looks at every event anew.
void TimelineView::refill()
{
    m_rows.setFilter(m_search->text().toStdString(), m_syslog->isChecked());
    m_rows.beginAnew();
    m_next = 0;
    m_ladder->rowsChanged();
    m_work.start(0);
}

void TimelineView::add(const std::vector<std::string>& lines)
{
    if (lines.empty())
        return;
    m_lines.insert(m_lines.end(), lines.begin(), lines.end());
    m_work.start(0);
}

void TimelineView::readLine()
{
    if (m_live->events().size() >= mostKept)
        forgetOldest();
    const std::size_t before = m_live->events().size();
    Lines sink{*m_live};
    emulator::NdjsonReader reader{sink};
    // What this version does not understand is not shown.
    (void)(reader.read(m_lines.front()).has_value() && reader.finish().has_value());
    m_lines.pop_front();
    for (std::size_t event = before; event < m_live->events().size(); ++event)
        m_events.push_back(static_cast<std::uint32_t>(event));
}

void TimelineView::forgetOldest()
{
    const auto kept = std::make_shared<hwbridge::TraceStore>();
    const std::size_t gone = m_live->events().size() - mostKept / 2;
    for (std::size_t i = gone; i < m_live->events().size(); ++i)
        kept->add(m_live->event(m_live->events()[i]), 0);
    m_live = kept;
    m_trace = kept;
    m_events.resize(kept->events().size());
    std::iota(m_events.begin(), m_events.end(), 0u);
    const auto current = m_ladder->current();
    m_rows.begin(m_trace, LadderSubject{m_rows.subject()});
    m_next = 0;
    m_ladder->setCurrent(current && *current >= gone
                             ? std::optional{*current - static_cast<std::uint32_t>(gone)}
                             : std::nullopt);
}

void TimelineView::work()
{
    QElapsedTimer since;
    since.start();
    const bool atEnd = m_live != nullptr && m_ladder->isAtEnd();
    while (since.elapsed() < sliceMs && (m_next < m_events.size() || !m_lines.empty()))
        if (m_next < m_events.size())
            m_rows.add(m_events[m_next++]);
        else
            readLine();
    const bool done = m_next == m_events.size() && m_lines.empty();
    if (done)
        m_work.stop();
    m_ladder->rowsChanged();
    if (atEnd)
        m_ladder->scrollToEnd();
    showCount();
    if (done)
        emit completed();
}

void TimelineView::showCount()
{
    m_count->setText(isComplete() ? tr("%L1 events").arg(m_events.size())
                                  : tr("%L1 of %L2 events").arg(m_next).arg(m_events.size()));
}

void TimelineView::showDetail(const QString& instead)
{
    const auto event = m_ladder->current();
    if (!event || m_trace == nullptr)
        return m_detail->setPlainText(instead);
    constexpr qsizetype most = 20'000;  // our choice: what a person reads
    m_detail->setPlainText(QString::fromStdString(detailOf(*m_trace, *event)).left(most));
}

void TimelineView::askWhereToSave()
{
    auto* const dialog = new QFileDialog{this, tr("Save ladder")};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Drawing (*.svg)"), tr("Text (*.txt)")});
    dialog->setDefaultSuffix(QStringLiteral("svg"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.contains(QStringLiteral("svg")) ? QStringLiteral("svg")
                                                                        : QStringLiteral("txt"));
    });
    connect(dialog, &QFileDialog::fileSelected, this, &TimelineView::save);
    dialog->open();
}

void TimelineView::save(const QString& path)
{
    // A trace that grows is not for two threads.
    const auto trace = m_live == nullptr ? m_trace : std::make_shared<const hwbridge::TraceStore>(*m_live);
    inBackground(
        this,
        [path, rows = m_rows.over(trace)] {
            const scenarios::Ladder ladder = rows.ladder();
            const bool svg = path.endsWith(QStringLiteral(".svg"), Qt::CaseInsensitive);
            return writeTextFile(path,
                                 svg ? scenarios::ladderSvgFile(ladder) : scenarios::ladderText(ladder));
        },
        [this, path](const QString& error) {
            emit said(error.isEmpty() ? tr("Saved %1.").arg(path) : error);
        });
}

}  // namespace ui
