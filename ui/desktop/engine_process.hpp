#pragma once

#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

namespace ui {

// An engine that this window started: `phonerig up`, which ends with the window.
class EngineProcess : public QObject {
    Q_OBJECT
public:
    explicit EngineProcess(QObject* parent = nullptr);
    ~EngineProcess() override;

    // `words`: options of `phonerig up`.
    void start(const QString& program, const QStringList& words);
    QString socket() const;

signals:
    void ready();                    // the socket may be connected to
    void ended(const QString& why);  // of its own accord

private:
    void readMessages();
    QString lastWords() const;

    QTemporaryDir m_folder;  // for this user alone
    QProcess m_process;
    QByteArray m_said;  // the last of stderr
    bool m_isReady = false;
    bool m_stopping = false;
};

}  // namespace ui
