#include "ui/desktop/phone_tables.hpp"

#include <QFont>

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

}  // namespace ui
