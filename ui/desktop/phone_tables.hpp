#pragma once

#include "scenarios/control/control_message.hpp"

#include <QAbstractTableModel>

#include <vector>

namespace ui {

// The parameters of one phone. A value may be edited: what was typed goes to the phone, and shows once it has it.
class ParameterModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Columns { Name, Value, Source, Tab };

    using QAbstractTableModel::QAbstractTableModel;
    void show(std::vector<scenarios::control::ShownParameter> parameters);
    const scenarios::control::ShownParameter& at(int row) const
    {
        return m_list[static_cast<std::size_t>(row)];
    }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    void valueTyped(const QString& name, const QString& value);

private:
    std::vector<scenarios::control::ShownParameter> m_list;
};

}  // namespace ui
