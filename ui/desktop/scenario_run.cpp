#include "ui/desktop/scenario_run.hpp"

#include "scenarios/control/control_server.hpp"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <csignal>

namespace ui {

namespace {

constexpr qsizetype mostSaid = 64 * 1024;
constexpr qsizetype longestStepLine = 1024 * 1024;
constexpr int runStopLimitMs = 5000;
constexpr int interruptedCode = 130;  // exit codes: docs/cli.md
constexpr int lastCodeWithVerdict = 3;
constexpr int usageCode = 2;
constexpr const char* controlSocket = "run.sock";

}  // namespace

ScenarioRun::ScenarioRun(QObject* parent) : QObject{parent}
{
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &ScenarioRun::readLines);
    connect(&m_process, &QProcess::readyReadStandardError, this, &ScenarioRun::readComplaints);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            emit ended({{},
                        tr("%1 could not be started: %2.").arg(m_process.program(), m_process.errorString()),
                        {}});
    });
    connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        readLines();
        readComplaints();
        emit ended(outcome(code, status));
    });
}

ScenarioRun::~ScenarioRun()
{
    m_process.disconnect(this);
    if (!isRunning())
        return;
    stop();
    if (!m_process.waitForFinished(runStopLimitMs)) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

void ScenarioRun::start(const QString& program, const Wish& wish)
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_unread.clear();
    m_said.clear();
    m_complaints.clear();
    m_stopped = false;
    m_waits = wish.paused;
    m_name = QFileInfo{wish.scenario}.completeBaseName();
    const auto in = [this](const char* name) { return m_folder->filePath(QString::fromLatin1(name)); };
    QStringList words{QStringLiteral("run"),       wish.scenario,
                      QStringLiteral("--on"),      wish.target,
                      QStringLiteral("--steps"),   QStringLiteral("/dev/stdout"),
                      QStringLiteral("--events"),  in("events.ndjson"),
                      QStringLiteral("--html"),    in("report.html"),
                      QStringLiteral("--results"), in("results.json")};
    if (!wish.seed.isEmpty())
        words << QStringLiteral("--seed") << wish.seed;
    if (wish.target == QStringLiteral("sim")) {
        words << QStringLiteral("--control")
              << QString::fromLatin1(controlSocket);  // as paths of sockets are short
        if (wish.paused)
            words << QStringLiteral("--paused");
    }
    const bool onTwin = wish.target.startsWith(QStringLiteral("twin:"));
    if (onTwin || wish.target.startsWith(QStringLiteral("bench:")))
        words << QStringLiteral("--inventory") << wish.inventory;
    if (onTwin)
        words << QStringLiteral("--artefacts") << m_folder->path();
    m_process.setWorkingDirectory(m_folder->path());  // nothing there is taken for a scenario of the library
    m_process.start(program, words, QIODevice::ReadOnly);
}

void ScenarioRun::stop()
{
    if (!isRunning() || m_process.processId() <= 0)
        return;
    m_stopped = true;
    ::kill(static_cast<pid_t>(m_process.processId()), SIGINT);
}

QString ScenarioRun::file(const QString& name) const
{
    const QString path = m_folder == nullptr ? QString{} : m_folder->filePath(name);
    return QFileInfo::exists(path) ? path : QString{};
}

QStringList ScenarioRun::twins() const
{
    const QString twin = file(m_name + QStringLiteral(".twin.pcapng"));
    const QString real = file(QStringLiteral("packets.pcapng"));
    return twin.isEmpty() || real.isEmpty() ? QStringList{} : QStringList{twin, real};
}

void ScenarioRun::readLines()
{
    m_unread += m_process.readAllStandardOutput();
    qsizetype begin = 0;
    for (qsizetype end = m_unread.indexOf('\n'); end >= 0; end = m_unread.indexOf('\n', begin)) {
        const QByteArray line = m_unread.mid(begin, end - begin);
        begin = end + 1;
        if (line.startsWith('{'))
            takeEvent(line);
        else if (m_said.size() + line.size() < mostSaid && !isOfOwnFiles(line))
            m_said += line + '\n';
    }
    m_unread.remove(0, begin);
    if (m_unread.size() > longestStepLine)
        m_unread.clear();
    emit caughtUp();
}

// "HTML report: PATH": where this object let the run put it.
bool ScenarioRun::isOfOwnFiles(const QByteArray& line) const
{
    return line.contains(m_folder->path().toUtf8()) || line == "steps: /dev/stdout";
}

void ScenarioRun::takeEvent(const QByteArray& text)
{
    const QJsonObject event = QJsonDocument::fromJson(text).object();
    const QString kind = event[QStringLiteral("kind")].toString();
    const qint64 line = event[QStringLiteral("line")].toInteger();
    const double seconds = event[QStringLiteral("t")].toDouble();
    if (kind == QStringLiteral("rig.step"))
        emit stepBegan(line, seconds);
    if (kind == QStringLiteral("rig.verdict"))
        emit stepDecided(line, seconds, event[QStringLiteral("verdict")].toString(),
                         event[QStringLiteral("note")].toString());
}

void ScenarioRun::readComplaints()
{
    m_complaints = (m_complaints + m_process.readAllStandardError()).right(mostSaid);
    // For this object, not for people.
    const QByteArray invitation =
        QByteArray{"phonerig: "} + scenarios::control::invitation.data() + controlSocket + '\n';
    if (const qsizetype at = m_complaints.indexOf(invitation); at >= 0) {
        m_complaints.remove(at, invitation.size());
        emit governable(QStringLiteral("/proc/%1/cwd/%2")
                            .arg(m_process.processId())
                            .arg(QString::fromLatin1(controlSocket)),  // short wherever the folder is
                        m_waits);
    }
}

// --- how it ended ---

QString ScenarioRun::verdict() const
{
    QFile results{m_folder->filePath(QStringLiteral("results.json"))};
    if (!results.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(results.read(longestStepLine))
        .array()
        .at(0)
        .toObject()[QStringLiteral("verdict")]
        .toString();
}

ScenarioRun::Outcome ScenarioRun::outcome(int code, QProcess::ExitStatus status) const
{
    Outcome end;
    end.said = QString::fromUtf8(m_said + m_complaints).trimmed();
    const QString lastWords = QString::fromUtf8(m_complaints.trimmed().split('\n').last());
    if (status == QProcess::CrashExit)
        end.sentence = m_stopped ? tr("The run was stopped at once; there is no verdict.")
                                 : tr("The process of the run died; there is no verdict.");
    else if (code == interruptedCode)
        end.sentence = tr("The run was stopped; there is no verdict.");
    else if (code > lastCodeWithVerdict || code == usageCode)
        end.sentence = tr("The run ended with code %1. %2").arg(code).arg(lastWords);
    else
        end.verdict = verdict();
    if (end.verdict.isEmpty() && end.sentence.isEmpty())
        end.sentence = tr("The run ended with code %1 and left no verdict. %2").arg(code).arg(lastWords);
    return end;
}

}  // namespace ui
