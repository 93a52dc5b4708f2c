#pragma once

#include <QObject>
#include <QProcess>
#include <QString>
#include <QStringList>

namespace ui {

// Checks phones of a bench: `phonerig bench check NAME`, a process of its own for each, one after the other.
class BenchCheck : public QObject {
    Q_OBJECT
public:
    struct Place {
        QString program;    // phonerig
        QString inventory;  // absolute path
        QString socket;     // of the daemon; empty: the usual one
    };

    explicit BenchCheck(QObject* parent = nullptr);
    ~BenchCheck() override;

    void start(const Place& place, const QStringList& phones);
    // As Ctrl-C in a terminal: the phone is given back, no verdict is left. Those that are still to come are not checked.
    void stop();
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
    const QString& phone() const { return m_phone; }  // that is being checked; empty: none

signals:
    void began(const QString& phone);
    void said(const QString& text);  // lines of what the check printed
    void ended();                    // all of them

private:
    void startNext();
    void readLines();
    QString lastWords(int code, QProcess::ExitStatus status) const;

    QProcess m_process{this};
    Place m_place;
    QStringList m_waiting;
    QString m_phone;
    bool m_isStopped = false;
};

}  // namespace ui
