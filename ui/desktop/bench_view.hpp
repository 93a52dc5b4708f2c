#pragma once

#include "ui/desktop/bench_check.hpp"
#include "ui/desktop/bench_leases.hpp"
#include "ui/desktop/bench_model.hpp"
#include "ui/desktop/packet_watch.hpp"
#include "ui/desktop/watched_inventory.hpp"

#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTimer>
#include <QWidget>

namespace ui {

// A bench: the phones of an inventory, who has them until when, how they are, and their live packets. It looks on:
// nothing is leased or sent to a phone unless a check is started.
class BenchView : public QWidget {
    Q_OBJECT
public:
    // `program`: phonerig, which checks; phonerig-capture stands beside it.
    explicit BenchView(const QString& program, QWidget* parent = nullptr);

    // `socket`: of the lease daemon; empty: the usual one.
    void open(const QString& inventory, const QString& socket = {});
    // Reads the file, asks the daemon, and listens, all anew: after a right was granted, say.
    void lookAgain();
    void checkSelected();
    void stopChecking();

    const QString& socket() const { return m_socket; }
    QTableView& table() { return *m_table; }
    const BenchModel& model() const { return *m_model; }

signals:
    void completed();                 // everything there is to show now is there
    void failed(const QString& why);  // the inventory is unreadable or wrong
    void said(const QString& text);   // for the status bar

private:
    QLayout* makeHead();
    void makeTable();
    void makeChecks();
    void tick();
    void showInventory();
    void showNotices();
    void showState();
    void showCurrent();
    void noteComplete();
    QString serveCommand() const;

    QString m_program;
    QString m_socket;  // as open() was told
    QString m_bench;   // its name; empty: the inventory is unreadable or wrong
    bool m_isComplete = false;
    BenchLeases* m_leases;
    PacketWatch* m_packets;
    BenchCheck* m_check;
    BenchModel* m_model;
    WatchedInventory* m_inventory;
    QTimer m_second;
    QLabel* m_title = nullptr;
    QLabel* m_notices = nullptr;
    QTableView* m_table = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_stop = nullptr;
    QLabel* m_current = nullptr;  // the current phone, in full
    QPlainTextEdit* m_results = nullptr;
};

}  // namespace ui
