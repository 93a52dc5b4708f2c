#include "ui/desktop/phone_tables.hpp"

#include <QFont>
#include <QJsonDocument>

#include <algorithm>
#include <utility>

namespace ui {

void ParameterModel::show(std::vector<scenarios::control::ShownParameter> parameters)
{
    if (parameters == m_list)
        return;
    const bool sameRows = parameters.size() == m_list.size();
    if (!sameRows)
        beginResetModel();
    m_list = std::move(parameters);
    if (!sameRows)
        endResetModel();
    else
        emit dataChanged(index(0, 0), index(rowCount() - 1, Tab));
}

int ParameterModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_list.size());
}

int ParameterModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 4;
}

QVariant ParameterModel::data(const QModelIndex& index, int role) const
{
    const scenarios::control::ShownParameter& one = at(index.row());
    if (role == Qt::FontRole && one.changed) {
        QFont bold;
        bold.setBold(true);
        return bold;
    }
    if (role == Qt::AccessibleDescriptionRole)
        return one.changed ? tr("changed") : QString{};
    if (role == Qt::ToolTipRole && index.column() == Source && !one.url.empty())
        return QString::fromStdString(one.url);
    if (role != Qt::DisplayRole && role != Qt::EditRole)
        return {};
    switch (index.column()) {
    case Name:
        return QString::fromStdString(one.name);
    case Value:
        return one.secret && role == Qt::DisplayRole ? (one.changed ? tr("(secret)") : QString{})
                                                     : QString::fromStdString(one.value);
    case Source:
        return QString::fromStdString(one.url.empty() ? one.source : one.source + ", " + one.url);
    default:
        return QString::fromStdString(one.tab);
    }
}

bool ParameterModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || index.column() != Value)
        return false;
    if (value.toString().toStdString() != at(index.row()).value)
        emit valueTyped(QString::fromStdString(at(index.row()).name), value.toString());
    return false;
}

Qt::ItemFlags ParameterModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.column() == Value ? flags | Qt::ItemIsEditable : flags;
}

QVariant ParameterModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
        return {};
    const QStringList names{tr("Parameter"), tr("Value"), tr("Source"), tr("Tab of the phone's page")};
    return names.value(section);
}

// --- events ---

void EventModel::add(const std::vector<std::string>& lines)
{
    if (lines.empty())
        return;
    if (m_lines.size() + lines.size() > mostKept) {
        beginResetModel();
        const std::size_t gone = std::min(m_lines.size(), m_lines.size() + lines.size() - mostKept / 2);
        m_lines.erase(m_lines.begin(), m_lines.begin() + static_cast<std::ptrdiff_t>(gone));
        m_shown.clear();
        for (std::size_t i = 0; i < m_lines.size(); ++i)
            if (passes(m_lines[i]))
                m_shown.push_back(i);
        m_readRow = -1;
        endResetModel();
    }
    std::vector<std::size_t> shown;
    for (const std::string& line : lines) {
        m_lines.push_back(QByteArray::fromStdString(line));
        if (passes(m_lines.back()))
            shown.push_back(m_lines.size() - 1);
    }
    if (shown.empty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(shown.size()) - 1);
    m_shown.insert(m_shown.end(), shown.begin(), shown.end());
    endInsertRows();
}

void EventModel::setFilter(const QString& text, bool syslogOnly)
{
    beginResetModel();
    m_filter = text.toUtf8().toLower();
    m_syslogOnly = syslogOnly;
    m_shown.clear();
    for (std::size_t i = 0; i < m_lines.size(); ++i)
        if (passes(m_lines[i]))
            m_shown.push_back(i);
    m_readRow = -1;
    endResetModel();
}

bool EventModel::passes(const QByteArray& line) const
{
    if (m_syslogOnly && !line.contains(R"("kind":"syslog.message")"))
        return false;
    return m_filter.isEmpty() || line.toLower().contains(m_filter);
}

const QJsonObject& EventModel::read(int row) const
{
    if (m_readRow != row) {
        m_read = QJsonDocument::fromJson(m_lines[m_shown[static_cast<std::size_t>(row)]]).object();
        m_readRow = row;
    }
    return m_read;
}

int EventModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int EventModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 6;
}

QVariant EventModel::data(const QModelIndex& index, int role) const
{
    if (role == Qt::ToolTipRole)
        return QString::fromUtf8(m_lines[m_shown[static_cast<std::size_t>(index.row())]]);
    if (role != Qt::DisplayRole)
        return {};
    const QJsonObject& event = read(index.row());
    switch (index.column()) {
    case Time:
        return QString::number(event[u"t"].toDouble(), 'f', 3);
    case Kind:
        return event[u"kind"].toString();
    case By:
        return event[u"by"].toString();
    case From:
        return event[u"from"].toString();
    case To:
        return event[u"to"].toString();
    default:
        break;
    }
    QStringList said;
    for (const char* const field : {"method", "target", "file", "status", "state", "led", "param", "value",
                                    "code", "block", "text", "error"}) {
        const QJsonValue value = event[QLatin1String{field}];
        if (value.isString() || value.isDouble())
            said << value.toVariant().toString();
    }
    return said.join(u' ');
}

QVariant EventModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
        return {};
    const QStringList names{tr("Time (s)"), tr("Event"), tr("Seen by"), tr("From"), tr("To"), tr("What")};
    return names.value(section);
}

}  // namespace ui
