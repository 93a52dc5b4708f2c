#include "ui/desktop/trace_view.hpp"

#include "ui/desktop/background.hpp"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace ui {

TraceView::TraceView(const QString& path, QWidget* parent) : QWidget{parent}
{
    m_about = new QLabel{tr("Reading %1 …").arg(path)};
    m_about->setObjectName(QStringLiteral("about trace"));
    m_about->setTextFormat(Qt::PlainText);
    m_phones = new QComboBox;
    m_phones->setObjectName(QStringLiteral("phones of trace"));
    m_phones->setAccessibleName(tr("Phone"));
    m_phones->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_phones->hide();
    m_timeline = new TimelineView;
    auto* const head = new QHBoxLayout;
    head->addWidget(m_about, 1);
    head->addWidget(m_phones);
    auto* const column = new QVBoxLayout{this};
    column->addLayout(head);
    column->addWidget(m_timeline, 1);
    connect(m_phones, &QComboBox::activated, this,
            [this](int phone) { showPhone(static_cast<std::size_t>(phone)); });
    connect(m_timeline, &TimelineView::completed, this, &TraceView::completed);
    connect(m_timeline, &TimelineView::said, this, &TraceView::said);
    inBackground(
        this, [path = path.toStdString()] { return OpenedTrace::open(path); },
        [this](emulator::Result<std::shared_ptr<const OpenedTrace>> opened) {
            if (opened.has_value())
                return take(std::move(*opened));
            m_about->setText(QString::fromStdString(opened.error().detail));
            emit failed(m_about->text());
        });
}

void TraceView::take(std::shared_ptr<const OpenedTrace> trace)
{
    m_trace = std::move(trace);
    const hwbridge::TraceFile& file = m_trace->file();
    const QString path = QString::fromStdString(file.path);
    const std::size_t phones = m_trace->phones().size();
    m_about->setText(
        phones == 1
            ? tr("%1: %L2 events").arg(path).arg(file.store.events().size())
            : tr("%1: %L2 events of %L3 phones").arg(path).arg(file.store.events().size()).arg(phones));
    if (!file.cutShort.empty())
        m_about->setText(m_about->text() + '\n' + QString::fromStdString(file.cutShort));
    if (phones == 0) {
        m_about->setText(tr("%1 has no events of a phone.").arg(path));
        emit failed(m_about->text());
        return;
    }
    constexpr std::size_t mostListed = 10'000;  // our choice: what a list is good for
    QStringList names;
    for (const hwbridge::TracePhone& phone : m_trace->phones())
        if (static_cast<std::size_t>(names.size()) < mostListed)
            names << QString::fromStdString(phone.label());
    m_phones->addItems(names);
    m_phones->setVisible(names.size() > 1);
    showPhone(0);
}

void TraceView::showPhone(std::size_t phone)
{
    struct Found {
        LadderSubject subject;
        std::vector<emulator::Observer> observers;
        std::vector<std::uint32_t> events;
    };
    inBackground(
        this,
        [trace = m_trace, phone] {
            return Found{trace->subject(phone), trace->observers(phone), trace->events(phone)};
        },
        [this, phone](Found found) {
            if (m_phones->currentIndex() != static_cast<int>(phone))
                return;  // another one was chosen meanwhile
            m_timeline->showTrace(m_trace->store(), std::move(found.events), std::move(found.subject),
                                  found.observers);
        });
}

}  // namespace ui
