#include "ui/desktop/engine_process.hpp"

#include "scenarios/control/control_server.hpp"

namespace ui {

namespace {

constexpr qsizetype mostKept = 16 * 1024;
constexpr int stopLimitMs = 5000;

}  // namespace

EngineProcess::EngineProcess(QObject* parent) : QObject{parent}
{
    m_process.setStandardOutputFile(QProcess::nullDevice());
    connect(&m_process, &QProcess::readyReadStandardError, this, &EngineProcess::readMessages);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            emit ended(tr("The engine %1 could not be started: %2.")
                           .arg(m_process.program(), m_process.errorString()));
    });
    connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        readMessages();
        if (!m_stopping)
            emit ended(status == QProcess::CrashExit
                           ? tr("The engine crashed.")
                           : tr("The engine ended with code %1. %2").arg(code).arg(lastWords()));
    });
}

EngineProcess::~EngineProcess()
{
    m_stopping = true;
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(stopLimitMs)) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

QString EngineProcess::socket() const
{
    return m_folder.filePath(QStringLiteral("engine.sock"));
}

void EngineProcess::start(const QString& program, const QStringList& words)
{
    m_process.start(program,
                    QStringList{QStringLiteral("up"), QStringLiteral("--control"), socket()} + words);
}

void EngineProcess::readMessages()
{
    m_said = (m_said + m_process.readAllStandardError()).right(mostKept);
    if (!m_isReady && m_said.contains(scenarios::control::invitation)) {
        m_isReady = true;
        emit ready();
    }
}

QString EngineProcess::lastWords() const
{
    const QList<QByteArray> lines = m_said.trimmed().split('\n');
    return QString::fromUtf8(lines.last());
}

}  // namespace ui
