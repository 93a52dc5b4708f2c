#include "ui/desktop/compare_view.hpp"

#include "hwbridge/compare/text_report.hpp"
#include "ui/desktop/background.hpp"

#include <QHeaderView>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

using hwbridge::DifferenceKind;
using hwbridge::DifferenceSide;
using hwbridge::Finding;

namespace {

enum Columns { Number, Change, What, Where, ValueA, ValueB, Times };
constexpr int findingRole = Qt::UserRole;
constexpr qsizetype mostLetters = 200;  // of a value in the list; all of it is in the event

// Seen on light and dark grounds alike, as the others.
QColor colourOf(hwbridge::ComparisonVerdict verdict)
{
    using hwbridge::ComparisonVerdict;
    return verdict == ComparisonVerdict::Equal       ? QColor{0x3c, 0xa0, 0x55}
           : verdict == ComparisonVerdict::Different ? QColor{0xd6, 0x45, 0x3d}
                                                     : QColor{0xc9, 0x8a, 0x1b};
}

QColor colourOf(DifferenceKind kind)
{
    switch (kind) {
    case DifferenceKind::Missing:
        return {0xd6, 0x45, 0x3d};
    case DifferenceKind::Extra:
        return {0xc9, 0x7a, 0x1b};
    case DifferenceKind::Order:
        return {0x8e, 0x5c, 0xc4};
    case DifferenceKind::Field:
        return {0x2f, 0x7d, 0xd1};
    case DifferenceKind::Timing:
        return {0x1d, 0x93, 0x8a};
    }
    return {};
}

QString textOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString valueOf(const DifferenceSide& side)
{
    return side.present ? textOf(side.value).left(mostLetters).simplified() : CompareView::tr("none");
}

}  // namespace

CompareView::CompareView(const QString& a, const QString& b, QWidget* parent) : QWidget{parent}
{
    m_verdict = new QLabel{tr("Comparing …")};
    m_verdict->setObjectName(QStringLiteral("verdict"));
    QFont bold = font();
    bold.setBold(true);
    m_verdict->setFont(bold);
    m_progress = new QProgressBar;
    m_progress->setObjectName(QStringLiteral("progress"));
    m_progress->setAccessibleName(tr("Progress of the comparison"));
    m_progress->setRange(0, 3);
    m_progress->setFormat(tr("reading both files"));
    auto* const twins = new QSplitter;
    twins->addWidget(makeHalf(Side::A));
    twins->addWidget(makeHalf(Side::B));
    twins->setChildrenCollapsible(false);
    auto* const halves = new QSplitter{Qt::Vertical};
    halves->addWidget(twins);
    halves->addWidget(makeFindings());
    halves->setStretchFactor(0, 1);
    halves->setSizes({560, 180});
    halves->setChildrenCollapsible(false);
    auto* const head = new QHBoxLayout;
    head->addWidget(m_verdict, 1);
    head->addWidget(m_progress);
    auto* const column = new QVBoxLayout{this};
    column->addLayout(head);
    column->addWidget(halves, 1);
    read(Side::A, a);
    read(Side::B, b);
}

QWidget* CompareView::makeHalf(Side side)
{
    Half& made = half(side);
    made.title = new QLabel;
    made.title->setTextFormat(Qt::PlainText);
    made.timeline = new TimelineView{Qt::Vertical};
    made.timeline->setObjectName(side == Side::A ? QStringLiteral("twin A") : QStringLiteral("twin B"));
    made.timeline->ladder().setAccessibleName(side == Side::A ? tr("Ladder of A") : tr("Ladder of B"));
    connect(made.timeline, &TimelineView::said, this, &CompareView::said);
    connect(made.timeline, &TimelineView::completed, this, [this, side] {
        showPlace(side);
        if (m_a.isShown && m_b.isShown && m_a.timeline->isComplete() && m_b.timeline->isComplete())
            emit completed();
    });
    connect(&made.timeline->ladder(), &LadderView::currentChanged, this, [this, side] { choose(side); });
    auto* const page = new QWidget;
    auto* const column = new QVBoxLayout{page};
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(made.title);
    column->addWidget(made.timeline, 1);
    return page;
}

QWidget* CompareView::makeFindings()
{
    m_differences = new QTreeWidget;
    m_differences->setObjectName(QStringLiteral("differences"));
    m_differences->setAccessibleName(tr("Differences"));
    m_differences->setHeaderLabels(
        {tr("#"), tr("Change"), tr("What"), tr("Where"), tr("A"), tr("B"), tr("Times")});
    m_differences->setUniformRowHeights(true);
    const int letter = fontMetrics().averageCharWidth();
    int column = 0;
    for (const int letters : {9, 9, 25, 25, 22, 22})
        m_differences->setColumnWidth(column++, letters * letter);
    connect(m_differences, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        if (item != nullptr)
            showSpot({item->data(Number, findingRole).value<std::size_t>(), 0});
    });
    m_fidelity = new QTableWidget;
    m_fidelity->setObjectName(QStringLiteral("fidelity"));
    m_fidelity->setAccessibleName(tr("Fidelity"));
    m_fidelity->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_fidelity->setTabKeyNavigation(false);
    m_fidelity->verticalHeader()->hide();
    m_fidelity->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_fidelity->setColumnCount(6);
    m_fidelity->setHorizontalHeaderLabels(
        {tr("Exchange"), tr("Fidelity"), tr("Equal"), tr("Differ"), tr("Missing"), tr("Extra")});
    m_fidelity->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    auto* const halves = new QSplitter;
    halves->addWidget(m_differences);
    halves->addWidget(m_fidelity);
    halves->setStretchFactor(0, 1);
    halves->setSizes({800, 440});
    return halves;
}

// --- on other threads ---

void CompareView::read(Side side, const QString& path)
{
    half(side).title->setText(tr("%1: %2").arg(side == Side::A ? tr("A") : tr("B"), path));
    inBackground(
        this, [path = path.toStdString()] { return OpenedTrace::openWhole(path); },
        [this, side](emulator::Result<std::shared_ptr<const OpenedTrace>> opened) {
            if (opened.has_error())
                return fail(opened.error());
            half(side).trace = std::move(*opened);
            m_progress->setValue(m_progress->value() + 1);
            if (m_a.trace != nullptr && m_b.trace != nullptr)
                compare();
        });
}

void CompareView::compare()
{
    m_progress->setFormat(tr("comparing %L1 with %L2 events")
                              .arg(m_a.trace->file().store.events().size())
                              .arg(m_b.trace->file().store.events().size()));
    inBackground(
        this, [a = m_a.trace, b = m_b.trace] { return ComparedTraces::compare(a, b); },
        [this](emulator::Result<std::shared_ptr<const ComparedTraces>> compared) {
            if (compared.has_error())
                return fail(compared.error());
            take(std::move(*compared));
        });
}

void CompareView::fail(const emulator::Error& error)
{
    m_progress->hide();
    m_verdict->setText(QString::fromStdString(error.detail));
    emit failed(m_verdict->text());
}

// --- what came of it ---

void CompareView::take(std::shared_ptr<const ComparedTraces> compared)
{
    m_compared = std::move(compared);
    m_progress->hide();
    const hwbridge::ComparisonReport report{m_compared->comparison(),
                                            m_compared->trace(ComparedTraces::Side::A).file(),
                                            m_compared->trace(ComparedTraces::Side::B).file()};
    m_verdict->setText(QString::fromStdString(hwbridge::verdictText(report)));
    QPalette colours = m_verdict->palette();
    colours.setColor(QPalette::WindowText, colourOf(hwbridge::verdictOf(report)));
    m_verdict->setPalette(colours);
    fillFidelity();
    fillDifferences();
    if (m_differences->topLevelItemCount() > 0)
        m_differences->setCurrentItem(m_differences->topLevelItem(0));
    else
        showPair(m_compared->firstPair());
}

void CompareView::fillDifferences()
{
    const hwbridge::Comparison& comparison = m_compared->comparison();
    QList<QTreeWidgetItem*> items;
    for (const std::size_t root : comparison.roots()) {
        const QString number = QString::number(items.size() + 1);
        QTreeWidgetItem* const item = itemOf(root, number);
        for (const std::size_t follower : comparison.findings[root].followers)
            item->addChild(itemOf(follower, tr("follows")));
        items << item;
    }
    m_differences->addTopLevelItems(items);
    constexpr std::size_t few = 100;  // our choice: what is unfolded at first
    if (comparison.findings.size() <= few)
        m_differences->expandAll();
    m_differences->resizeColumnToContents(Number);
}

QTreeWidgetItem* CompareView::itemOf(std::size_t number, const QString& label) const
{
    const Finding& finding = m_compared->comparison().findings[number];
    auto* const item = new QTreeWidgetItem{{label, textOf(name(finding.first.what)),
                                            textOf(hwbridge::titleOf(finding.first)),
                                            textOf(finding.first.where), valueOf(finding.first.a),
                                            valueOf(finding.first.b), QString::number(finding.count)}};
    item->setData(Number, findingRole, QVariant::fromValue(number));
    item->setForeground(Change, colourOf(finding.first.what));
    return item;
}

void CompareView::fillFidelity()
{
    const std::vector<hwbridge::LayerScore>& scores = m_compared->comparison().scores;
    m_fidelity->setRowCount(static_cast<int>(scores.size()));
    for (std::size_t row = 0; row < scores.size(); ++row) {
        const hwbridge::LayerScore& score = scores[row];
        const double percent = score.equal == score.exchanges ? 100 : std::min(score.percent(), 99.9);
        const QStringList cells{
            textOf(score.layer),           tr("%1 %").arg(percent, 0, 'f', 1), QString::number(score.equal),
            QString::number(score.differ), QString::number(score.missing),     QString::number(score.extra)};
        for (int column = 0; column < cells.size(); ++column) {
            auto* const cell = new QTableWidgetItem{cells[column]};
            if (column > 0)
                cell->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_fidelity->setItem(static_cast<int>(row), column, cell);
        }
    }
}

// --- the ladders ---

void CompareView::showPair(const ComparedTraces::Pair& pair)
{
    m_pair = pair;
    for (const Side side : {Side::A, Side::B})
        showHalf(side);
}

void CompareView::showHalf(Side side)
{
    Half& shown = half(side);
    shown.spots = m_compared->spotsByEvent(*m_pair, side);
    std::unordered_map<std::uint32_t, QColor> marks;
    for (const auto& [event, spot] : shown.spots)
        marks.emplace(event, colourOf(m_compared->comparison().findings[spot.finding].first.what));
    shown.timeline->ladder().setMarks(std::move(marks));
    const std::optional<std::size_t> phone = m_compared->phoneOf(*m_pair, side);
    shown.isShown = !phone;
    if (!phone)
        return shown.timeline->showTrace(shown.trace->store(), {},
                                         {tr("no such phone").toStdString(), {}, {}, m_pair->by}, {});
    struct Found {
        LadderSubject subject;
        std::vector<std::uint32_t> events;
    };
    inBackground(
        this,
        [trace = shown.trace, phone = *phone] {
            return Found{trace->subject(phone), trace->events(phone)};
        },
        [this, side, pair = *m_pair](Found found) {
            if (m_pair != pair)
                return;  // others are shown meanwhile
            found.subject.by = pair.by;
            half(side).isShown = true;
            half(side).timeline->showTrace(half(side).trace->store(), std::move(found.events),
                                           std::move(found.subject), {});
        });
}

void CompareView::showSpot(const ComparedTraces::Spot& spot)
{
    m_spot = spot;
    const ComparedTraces::Pair pair = m_compared->pairOf(spot.finding);
    if (m_pair != pair)
        return showPair(pair);  // the ladders show the place once they are there
    for (const Side side : {Side::A, Side::B})
        showPlace(side);
}

void CompareView::showPlace(Side side)
{
    if (!m_spot)
        return;
    LadderView& ladder = half(side).timeline->ladder();
    const ComparedTraces::Place place = m_compared->placeOf(*m_spot, side);
    if (place.near)
        ladder.scrollTo(*place.near);
    const QSignalBlocker quiet{&ladder};  // it was chosen in the list
    ladder.setCurrent(place.event);
    half(side).timeline->showDetail(
        place.event ? QString{}
                    : tr("Nothing here: only %1 has it.").arg(side == Side::A ? tr("B") : tr("A")));
}

void CompareView::choose(Side side)
{
    const auto event = half(side).timeline->ladder().current();
    const auto spot = event ? half(side).spots.find(*event) : half(side).spots.end();
    if (spot == half(side).spots.end())
        return;
    for (QTreeWidgetItemIterator item{m_differences}; *item != nullptr; ++item)
        if ((*item)->data(Number, findingRole).value<std::size_t>() == spot->second.finding) {
            const QSignalBlocker quiet{m_differences};
            m_differences->setCurrentItem(*item);
            break;
        }
    showSpot(spot->second);
}

}  // namespace ui
