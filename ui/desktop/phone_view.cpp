#include "ui/desktop/phone_view.hpp"

#include <QCheckBox>
#include <QDesktopServices>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <fmt/format.h>

namespace ui {

using namespace scenarios::control;

namespace {

// Finds a text in any column, and if asked shows only what differs from the factory default.
class FoundParameters : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void showChangedOnly(bool only)
    {
        m_changedOnly = only;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override
    {
        const auto& model = static_cast<const ParameterModel&>(*sourceModel());
        return (!m_changedOnly || model.at(row).changed) &&
               QSortFilterProxyModel::filterAcceptsRow(row, parent);
    }

private:
    bool m_changedOnly = false;
};

QTableView* aTable(const QString& name, QAbstractItemModel* model)
{
    auto* const table = new QTableView;
    table->setObjectName(name);
    table->setModel(model);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 6);
    table->horizontalHeader()->setStretchLastSection(true);
    return table;
}

void setWidths(QTableView& table, std::initializer_list<int> letters)
{
    int column = 0;
    for (const int width : letters)
        table.setColumnWidth(column++, width * table.fontMetrics().averageCharWidth());
}

// Replaces the rows of a small table; nothing when they are the same.
void fill(QTableView& table, const QStringList& headings, const std::vector<QStringList>& rows)
{
    auto& model = static_cast<QStandardItemModel&>(*table.model());
    model.setHorizontalHeaderLabels(headings);
    model.setRowCount(static_cast<int>(rows.size()));
    for (std::size_t r = 0; r < rows.size(); ++r)
        for (int c = 0; c < headings.size(); ++c) {
            const QString text = rows[r].value(c);
            QStandardItem* item = model.item(static_cast<int>(r), c);
            if (item == nullptr) {
                item = new QStandardItem;
                item->setEditable(false);
                model.setItem(static_cast<int>(r), c, item);
            }
            if (item->text() != text)
                item->setText(text);
        }
}

QString secondsText(emulator::TimePoint at)
{
    return QString::fromStdString(
        fmt::format("{:.1f} s", static_cast<double>(at.time_since_epoch().count()) / 1e6));
}

}  // namespace

PhoneView::PhoneView(EngineLink& link, const FleetRows& rows, std::uint32_t phone, QUrl page,
                     LadderSubject subject, QWidget* parent)
    : QWidget{parent},
      m_link{link},
      m_rows{rows},
      m_phone{phone}
{
    setAccessibleName(tr("Phone %1").arg(QString::fromStdString(rows.text(phone, Column::Address))));
    m_front = new PhoneFront{rows.groupOf(phone)};
    m_timeline = new TimelineView;
    m_timeline->setContentsMargins(8, 8, 8, 8);  // as the other tabs have
    m_timeline->beginLive(std::move(subject));
    connect(m_timeline, &TimelineView::said, this, &PhoneView::said);
    m_tabs = new QTabWidget;
    m_tabs->addTab(makeParameters(), tr("&Parameters"));
    m_tabs->addTab(m_timeline, tr("&Timeline"));
    m_tabs->addTab(makeSchedules(), tr("&Schedules"));
    auto* const front = new QHBoxLayout;
    front->addStretch();
    front->addWidget(m_front);
    front->addStretch();
    auto* const column = new QVBoxLayout{this};
    column->addWidget(makeHead(page));
    column->addLayout(front);
    column->addWidget(m_tabs, 1);

    connect(m_front, &PhoneFront::pressed, this, [this](const QStringList& path, const QString& entered) {
        PressKeys keys{m_phone, {}, entered.toStdString()};
        for (const QString& key : path)
            keys.path.push_back(key.toStdString());
        m_link.ask(std::move(keys), this, [this](const EngineLink::Answer& answer) {
            report(answer);
            if (const auto* const display = std::get_if<ShownDisplay>(&answer.what))
                m_front->showDisplay(*display);
        });
    });
    connect(m_front, &PhoneFront::hookChanged, this, [this](int line, bool offHook) {
        ActOnPhones order;
        order.action = offHook ? PhoneAction::OffHook : PhoneAction::OnHook;
        order.phones = {{m_phone, m_phone}};
        order.line = static_cast<std::uint64_t>(line);
        m_link.ask(std::move(order), this, [this](const EngineLink::Answer& answer) { report(answer); });
    });
    connect(m_tabs, &QTabWidget::currentChanged, this, &PhoneView::refresh);
    refresh();
}

QStringList PhoneView::tabNames()
{
    return {QStringLiteral("parameters"), QStringLiteral("timeline"), QStringLiteral("schedules")};
}

QWidget* PhoneView::makeHead(const QUrl& page)
{
    auto* const head = new QWidget;
    auto* const row = new QHBoxLayout{head};
    row->setContentsMargins(0, 0, 0, 0);
    const auto text = [this](Column column) { return QString::fromStdString(m_rows.text(m_phone, column)); };
    row->addWidget(new QLabel{
        tr("<b>%1</b>  %2  %3").arg(text(Column::Address), text(Column::Mac), text(Column::Model))});
    row->addStretch();
    auto* const open = new QPushButton{tr("Open its &web page")};
    open->setObjectName(QStringLiteral("open page"));
    open->setToolTip(page.toString());
    connect(open, &QPushButton::clicked, this, [this, page] {
        if (!QDesktopServices::openUrl(page))
            emit said(tr("No browser opened; the page is at %1").arg(page.toString()));
    });
    row->addWidget(open);
    return head;
}

QWidget* PhoneView::makeParameters()
{
    auto* const found = new FoundParameters{this};
    m_foundParameters = found;
    found->setSourceModel(&m_parameters);
    found->setFilterCaseSensitivity(Qt::CaseInsensitive);
    found->setFilterKeyColumn(-1);
    auto* const search = new QLineEdit;
    search->setObjectName(QStringLiteral("search parameters"));
    search->setPlaceholderText(tr("Search name, value, source"));
    search->setAccessibleName(tr("Search parameters"));
    search->setClearButtonEnabled(true);
    connect(search, &QLineEdit::textChanged, found, &QSortFilterProxyModel::setFilterFixedString);
    auto* const changed = new QCheckBox{tr("&Changed only")};
    changed->setObjectName(QStringLiteral("changed only"));
    connect(changed, &QCheckBox::toggled, this, [found](bool only) { found->showChangedOnly(only); });
    auto* const table = aTable(QStringLiteral("parameters"), found);
    table->setAccessibleName(tr("Parameters"));
    setWidths(*table, {34, 34, 38});
    connect(&m_parameters, &ParameterModel::valueTyped, this,
            [this](const QString& name, const QString& value) {
                ActOnPhones order;
                order.action = PhoneAction::Submit;
                order.phones = {{m_phone, m_phone}};
                order.parameters = {{name.toStdString(), value.toStdString()}};
                m_link.ask(std::move(order), this, [this](const EngineLink::Answer& answer) {
                    report(answer);
                    readParameters();
                });
            });
    auto* const page = new QWidget;
    auto* const row = new QHBoxLayout;
    row->addWidget(search, 1);
    row->addWidget(changed);
    auto* const column = new QVBoxLayout{page};
    column->addLayout(row);
    column->addWidget(table);
    return page;
}

QWidget* PhoneView::makeSchedules()
{
    m_schedules = aTable(QStringLiteral("schedules"), new QStandardItemModel{this});
    m_schedules->setAccessibleName(tr("Schedules"));
    m_status = aTable(QStringLiteral("status"), new QStandardItemModel{this});
    m_status->setAccessibleName(tr("Status"));
    auto* const page = new QWidget;
    auto* const row = new QHBoxLayout{page};
    row->addWidget(m_schedules, 3);
    row->addWidget(m_status, 2);
    return page;
}

void PhoneView::report(const EngineLink::Answer& answer)
{
    if (!answer.error.empty())
        emit said(QString::fromStdString(answer.error));
}

void PhoneView::sampleLed(emulator::TimePoint now)
{
    const emulator::PhoneSnapshot& seen = m_rows.row(m_phone).phone;
    m_front->setLed(emulator::isLit(seen.led, seen.ledSince, now), seen.led != emulator::MuteLed::Off);
}

// A question that is under way already is not asked twice.
void PhoneView::refresh()
{
    readEvents();
    if (m_tabs->currentIndex() == 0)
        readParameters();
    if (std::exchange(m_asksDetails, true))
        return;
    m_link.ask(ReadDetails{m_phone}, this, [this](const EngineLink::Answer& answer) {
        m_asksDetails = false;
        report(answer);
        if (const auto* const details = std::get_if<Details>(&answer.what))
            showDetails(*details);
    });
}

void PhoneView::readEvents()
{
    if (std::exchange(m_asksEvents, true))
        return;
    m_link.ask(ReadEvents{m_phone, m_lastEvent}, this, [this](const EngineLink::Answer& answer) {
        m_asksEvents = false;
        const auto* const events = std::get_if<Events>(&answer.what);
        if (events == nullptr)
            return;
        m_lastEvent = events->last;
        m_timeline->add(events->lines);
    });
}

void PhoneView::readParameters()
{
    if (std::exchange(m_asksParameters, true))
        return;
    m_link.ask(ReadParameters{m_phone}, this, [this](const EngineLink::Answer& answer) {
        m_asksParameters = false;
        if (const auto* const parameters = std::get_if<Parameters>(&answer.what))
            m_parameters.show(parameters->list);
    });
}

void PhoneView::showDetails(const Details& details)
{
    m_front->showDetails(details);
    std::vector<QStringList> schedules;
    for (const ShownSchedule& schedule : details.schedules)
        schedules.push_back({QString::fromStdString(schedule.what),
                             schedule.at ? secondsText(*schedule.at) : QString{},
                             QString::fromStdString(schedule.why)});
    fill(*m_schedules, {tr("What"), tr("When (since the start)"), tr("Why")}, schedules);
    std::vector<QStringList> status;
    for (const auto& [label, value] : details.status)
        status.push_back({QString::fromStdString(label), QString::fromStdString(value)});
    fill(*m_status, {tr("Status"), tr("Value")}, status);
    if (m_schedules->columnWidth(1) < 150) {
        setWidths(*m_schedules, {18, 24});
        setWidths(*m_status, {24});
    }
}

}  // namespace ui
