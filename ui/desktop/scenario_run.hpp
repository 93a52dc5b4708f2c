#pragma once

#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace ui {

// A scenario that this window runs: `phonerig run`, a process of its own, whose steps come in as they are decided.
class ScenarioRun : public QObject {
    Q_OBJECT
public:
    struct Wish {
        QString scenario;     // absolute path, or a name of the library
        QString target;       // "sim", "net", "bench:NAME", "twin:NAME"
        QString seed;         // empty: the scenario's
        QString inventory;    // of bench and twin: absolute path
        bool paused = false;  // of sim: waits before its first event until it is governed
    };
    struct Outcome {
        QString verdict;   // "passed", "failed", "invalid", "skipped"; empty: none
        QString sentence;  // why there is no verdict
        QString said;      // what the run printed: causes and notices
    };

    explicit ScenarioRun(QObject* parent = nullptr);
    ~ScenarioRun() override;

    void start(const QString& program, const Wish& wish);
    // As Ctrl-C in a terminal would: the run puts everything back, then ends. A second time it ends at once.
    void stop();
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }

    // Files that the last run left, until the next one or the end of this object; empty: it left none.
    QString report() const { return file(QStringLiteral("report.html")); }
    QString events() const { return file(QStringLiteral("events.ndjson")); }
    QStringList twins() const;  // captures of the twin and of the real phone; empty unless it ran on a twin

signals:
    // Of sim: windows are let in there; it waits for one before its first event, or not.
    void governable(const QString& socket, bool waits);
    void stepBegan(qint64 line, double seconds);  // since the run began, on its own clock
    void stepDecided(qint64 line, double seconds, const QString& verdict, const QString& note);
    void caughtUp();  // with what has come so far
    void ended(const ui::ScenarioRun::Outcome& outcome);

private:
    QString file(const QString& name) const;
    void readLines();
    bool isOfOwnFiles(const QByteArray& line) const;
    void takeEvent(const QByteArray& line);
    void readComplaints();
    Outcome outcome(int code, QProcess::ExitStatus status) const;
    QString verdict() const;

    std::unique_ptr<QTemporaryDir> m_folder;  // for this user alone
    QProcess m_process{this};
    QByteArray m_unread;  // the begin of a line of stdout
    QByteArray m_said;    // lines of stdout that are no events
    QByteArray m_complaints;
    QString m_name;  // the scenario's, as files are called
    bool m_stopped = false;
    bool m_waits = false;  // until it is governed
};

}  // namespace ui
