#pragma once

#include "hwbridge/bench/bench_message.hpp"
#include "hwbridge/bench/inventory.hpp"
#include "ui/desktop/packet_watch.hpp"

#include <QAbstractTableModel>
#include <QString>

#include <optional>
#include <vector>

namespace ui {

// The phones of an inventory, in its order: what it says of them, who has them, how they are, and their packets. Cells
// have up to two lines.
class BenchModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Columns { Name, Model, Address, Tags, May, Lease, Health, Packets, LastPacket };

    using QAbstractTableModel::QAbstractTableModel;

    void setPhones(std::vector<hwbridge::BenchPhone> phones);
    const std::vector<hwbridge::BenchPhone>& phones() const { return m_phones; }
    // What the daemon says of them; nothing: no daemon has said anything.
    void setLeases(const std::optional<hwbridge::BenchRows>& rows);
    void setChecking(const QString& phone);  // in this window; empty: none
    void takePackets(const PacketWatch& packets);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Heard {
        bool isWanted = false;  // the inventory says where they are seen
        std::optional<PacketWatch::Seen> seen;
        QString trouble;
    };

    QString text(const QModelIndex& index) const;
    QString lease(int row) const;
    QString health(int row) const;
    QString packets(int row) const;
    void columnsChanged(Columns first, Columns last);

    std::vector<hwbridge::BenchPhone> m_phones;
    std::vector<std::optional<hwbridge::BenchRow>>
        m_rows;  // of each phone; nothing: the daemon does not know it
    bool m_isServed = false;
    QString m_checking;
    std::vector<Heard> m_packets;
};

}  // namespace ui
