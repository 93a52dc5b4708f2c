#include "ui/desktop/bench_check.hpp"

#include <csignal>

namespace ui {

namespace {

constexpr int checkStopLimitMs = 5000;
constexpr int checkInterrupted = 130;  // exit codes: docs/cli.md

}  // namespace

BenchCheck::BenchCheck(QObject* parent) : QObject{parent}
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &BenchCheck::readLines);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        emit said(tr("%1 could not be started: %2.").arg(m_process.program(), m_process.errorString()));
        m_phone.clear();
        m_waiting.clear();
        emit ended();
    });
    connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        readLines();
        if (const QString words = lastWords(code, status); !words.isEmpty())
            emit said(words);
        startNext();
    });
}

BenchCheck::~BenchCheck()
{
    m_process.disconnect(this);
    if (!isRunning())
        return;
    stop();
    if (!m_process.waitForFinished(checkStopLimitMs)) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

void BenchCheck::start(const Place& place, const QStringList& phones)
{
    if (isRunning())
        return;
    m_place = place;
    m_waiting = phones;
    m_isStopped = false;
    startNext();
}

void BenchCheck::startNext()
{
    m_phone.clear();
    if (m_waiting.isEmpty())
        return emit ended();
    m_phone = m_waiting.takeFirst();
    QStringList words{QStringLiteral("bench"), QStringLiteral("check"), m_phone,
                      QStringLiteral("--inventory"), m_place.inventory};
    if (!m_place.socket.isEmpty())
        words << QStringLiteral("--socket") << m_place.socket;
    emit began(m_phone);
    m_process.start(m_place.program, words, QIODevice::ReadOnly);
}

void BenchCheck::stop()
{
    m_waiting.clear();
    if (!isRunning() || m_process.processId() <= 0)
        return;
    m_isStopped = true;
    ::kill(static_cast<pid_t>(m_process.processId()), SIGINT);
}

void BenchCheck::readLines()
{
    constexpr qint64 longestLine = 16 * 1024;
    while (m_process.canReadLine() || m_process.bytesAvailable() > longestLine ||
           (!isRunning() && m_process.bytesAvailable() > 0)) {
        QString line = QString::fromUtf8(m_process.readLine(longestLine));
        while (line.endsWith(u'\n') || line.endsWith(u'\r'))
            line.chop(1);
        emit said(line);
    }
}

QString BenchCheck::lastWords(int code, QProcess::ExitStatus status) const
{
    if (m_isStopped || code == checkInterrupted)
        return tr("%1: the check was stopped; there is no verdict.").arg(m_phone);
    if (status == QProcess::CrashExit)
        return tr("%1: the process of the check died; there is no verdict.").arg(m_phone);
    return {};
}

}  // namespace ui
