#pragma once

#include "scenarios/control/control_message.hpp"

#include <QAbstractTableModel>
#include <QJsonObject>

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

// What happened to one phone: lines of its trace, read when they come into sight.
class EventModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Columns { Time, Kind, By, From, To, What };
    static constexpr std::size_t mostKept = 20'000;  // our choice; the oldest leave first

    using QAbstractTableModel::QAbstractTableModel;
    void add(const std::vector<std::string>& lines);
    void setFilter(const QString& text, bool syslogOnly);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    bool passes(const QByteArray& line) const;
    const QJsonObject& read(int row) const;

    std::vector<QByteArray> m_lines;
    std::vector<std::size_t> m_shown;
    QByteArray m_filter;  // lower case
    bool m_syslogOnly = false;
    mutable int m_readRow = -1;
    mutable QJsonObject m_read;
};

}  // namespace ui
