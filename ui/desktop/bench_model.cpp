#include "ui/desktop/bench_model.hpp"

#include "ui/desktop/scenario_highlighter.hpp"

#include <QApplication>
#include <QDateTime>
#include <QLocale>
#include <QPalette>

#include <map>

namespace ui {

using hwbridge::BenchPhone;
using hwbridge::BenchRow;

namespace {

QString word(const std::string& text)
{
    return QString::fromStdString(text);
}

// On this machine's calendar; today's without the date.
template <class SystemTime>
QString localTime(SystemTime at)
{
    const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count();
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(milliseconds);
    const bool isToday = time.date() == QDate::currentDate();
    return time.toString(isToday ? QStringLiteral("HH:mm:ss") : QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

// As plain text, whatever it looks like, and broken into lines.
QString tipText(const QString& text)
{
    return QStringLiteral("<p>%1</p>").arg(text.toHtmlEscaped().replace(u'\n', QStringLiteral("<br>")));
}

QString twoLines(const QString& first, const QString& second)
{
    return first.isEmpty() || second.isEmpty() ? first + second : first + u'\n' + second;
}

}  // namespace

void BenchModel::setPhones(std::vector<BenchPhone> phones)
{
    beginResetModel();
    m_phones = std::move(phones);
    m_rows.assign(m_phones.size(), std::nullopt);
    m_packets.assign(m_phones.size(), {});
    m_isServed = false;
    endResetModel();
}

void BenchModel::setLeases(const std::optional<hwbridge::BenchRows>& rows)
{
    m_isServed = rows.has_value();
    std::map<std::string_view, const BenchRow*> byName;
    if (rows)
        for (const BenchRow& row : rows->phones)
            byName[row.phone] = &row;
    for (std::size_t i = 0; i < m_phones.size(); ++i) {
        const auto found = byName.find(m_phones[i].name);
        m_rows[i] = found == byName.end() ? std::nullopt : std::optional{*found->second};
    }
    columnsChanged(Lease, Health);
}

void BenchModel::setChecking(const QString& phone)
{
    m_checking = phone;
    columnsChanged(Health, Health);
}

void BenchModel::takePackets(const PacketWatch& packets)
{
    for (std::size_t i = 0; i < m_phones.size(); ++i)
        m_packets[i] = {m_phones[i].capture.has_value(), packets.seen(i), packets.trouble(i)};
    columnsChanged(Packets, LastPacket);
}

void BenchModel::columnsChanged(Columns first, Columns last)
{
    if (!m_phones.empty())
        emit dataChanged(index(0, first), index(rowCount() - 1, last));
}

int BenchModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_phones.size());
}

int BenchModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : LastPacket + 1;
}

// --- what stands in a cell ---

QString BenchModel::lease(int row) const
{
    const std::optional<BenchRow>& known = m_rows[static_cast<std::size_t>(row)];
    if (!known)
        return m_isServed ? tr("the daemon does not know it") : tr("not known");
    QString first = tr("free");
    QString second;
    if (known->state == "held") {
        first = tr("%1 until %2").arg(word(known->holder), known->until ? localTime(*known->until) : tr("?"));
        second = word(known->reason);
    } else if (known->state == "restoring") {
        first = tr("being put back as it was");
        second = tr("after lease %1").arg(static_cast<qulonglong>(known->fence));
    } else if (known->state == "quarantined") {
        first = tr("nobody gets it");
    }
    if (known->waiting > 0) {
        const QString queue = tr("%1 waiting, next %2").arg(known->waiting).arg(word(known->next));
        second = second.isEmpty() ? queue : second + QStringLiteral("; ") + queue;
    }
    return twoLines(first, second);
}

QString BenchModel::health(int row) const
{
    const auto at = static_cast<std::size_t>(row);
    if (!m_checking.isEmpty() && word(m_phones[at].name) == m_checking)
        return tr("being checked …");
    const std::optional<BenchRow>& known = m_rows[at];
    if (!known)
        return tr("not known");
    const QString when = known->checked ? localTime(*known->checked) : QString{};
    if (known->state == "quarantined" || (known->checked && !known->passed))
        return twoLines(when.isEmpty() ? tr("quarantined") : tr("quarantined, checked %1").arg(when),
                        known->state == "quarantined" ? word(known->why) : QString{});
    return when.isEmpty() ? tr("not checked yet") : twoLines(tr("passed"), when);
}

QString BenchModel::packets(int row) const
{
    const Heard& known = m_packets[static_cast<std::size_t>(row)];
    if (!known.isWanted)
        return tr("no capture\nin the inventory");
    if (!known.seen)
        return known.trouble.isEmpty() ? tr("…") : tr("not seen");
    return tr("%L1\n%2/s")
        .arg(static_cast<qulonglong>(known.seen->count.all()))
        .arg(QLocale{}.toString(known.seen->perSecond, 'f', known.seen->perSecond < 10 ? 1 : 0));
}

QString BenchModel::text(const QModelIndex& index) const
{
    const auto at = static_cast<std::size_t>(index.row());
    const BenchPhone& phone = m_phones[at];
    switch (index.column()) {
    case Name:
        return word(phone.name);
    case Model:
        return twoLines(word(phone.model),
                        phone.firmware.empty() ? tr("any firmware") : word(phone.firmware));
    case Address:
        return twoLines(phone.address ? word(phone.address->text()) : QString{},
                        phone.mac ? word(phone.mac->colons()) : QString{});
    case Tags: {
        QStringList tags;
        for (const std::string& tag : phone.tags)
            tags << word(tag);
        return tags.join(QStringLiteral(", "));
    }
    case May:
        return twoLines(phone.mayUpgrade ? tr("upgrade") : QString{},
                        phone.mayFactoryReset ? tr("factory reset") : QString{});
    case Lease:
        return lease(index.row());
    case Health:
        return health(index.row());
    case Packets:
        return packets(index.row());
    default: {
        const std::optional<PacketWatch::Seen>& seen = m_packets[at].seen;
        return seen && seen->count.last ? localTime(*seen->count.last).replace(u' ', u'\n') : QString{};
    }
    }
}

QVariant BenchModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const auto at = static_cast<std::size_t>(index.row());
    if (role == Qt::DisplayRole)
        return text(index);
    if (role == Qt::ToolTipRole) {
        const Heard& packets = m_packets[at];
        if (index.column() == Packets && packets.seen)
            return tr("%L1 by the phone, %L2 to it")
                .arg(static_cast<qulonglong>(packets.seen->count.sent))
                .arg(static_cast<qulonglong>(packets.seen->count.received));
        return tipText(index.column() == Packets && !packets.trouble.isEmpty() ? packets.trouble
                                                                               : text(index));
    }
    if (role == Qt::ForegroundRole) {
        const ScenarioColours colours{QApplication::palette()};
        const std::optional<BenchRow>& known = m_rows[at];
        if (index.column() == Health && known && m_checking != word(m_phones[at].name)) {
            if (known->state == "quarantined")
                return colours.problem;
            if (known->checked && known->passed)
                return colours.good;
        }
        if (index.column() == Lease && known && known->state != "free")
            return colours.doubtful;
        if (index.column() == Packets && !m_packets[at].trouble.isEmpty())
            return colours.problem;
    }
    return {};
}

QVariant BenchModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
        return {};
    const QStringList names{tr("Phone"), tr("Model"),  tr("Address"), tr("Tags"),       tr("May"),
                            tr("Lease"), tr("Health"), tr("Packets"), tr("Last packet")};
    return names.value(section);
}

}  // namespace ui
