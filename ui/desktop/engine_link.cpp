#include "ui/desktop/engine_link.hpp"

#include "hwbridge/bench/line_splitter.hpp"

#include <QLocalSocket>
#include <QMetaObject>

namespace ui {

using emulator::Result;
using scenarios::control::longestAnswerLine;

// Lives on the link's thread.
class EngineLink::Reader : public QObject {
public:
    explicit Reader(EngineLink& link) : m_link{link} {}

    void open(const QString& path)
    {
        m_socket = new QLocalSocket{this};
        connect(m_socket, &QLocalSocket::readyRead, this, [this] { read(); });
        connect(m_socket, &QLocalSocket::disconnected, this,
                [this] { lose(EngineLink::tr("The engine ended.")); });
        connect(
            m_socket, &QLocalSocket::errorOccurred, this, [this, path](QLocalSocket::LocalSocketError error) {
                if (error != QLocalSocket::PeerClosedError)
                    lose(EngineLink::tr("No engine answers at %1: %2.").arg(path, m_socket->errorString()));
            });
        m_socket->setServerName(path);
        m_socket->connectToServer();
    }

    void write(const std::string& line)
    {
        if (m_socket->state() == QLocalSocket::ConnectedState)
            m_socket->write(line.data(), static_cast<qint64>(line.size()));
    }

private:
    void read()
    {
        const QByteArray bytes = m_socket->readAll();
        const auto fed = m_lines.feed({bytes.data(), static_cast<std::size_t>(bytes.size())},
                                      [this](std::string_view line) { return take(line); });
        if (fed.has_error())
            refuse(fed.error());
    }

    bool take(std::string_view line)
    {
        if (!m_greeted) {
            Result<Hello> hello = scenarios::control::readHello(line);
            if (hello.has_error())
                return refuse(hello.error());
            m_greeted = true;
            toLink([link = &m_link, heard = std::move(*hello)] {
                link->m_open = true;
                emit link->greeted(heard);
            });
            return true;
        }
        Result<Answer> answer = scenarios::control::readAnswer(line);
        if (answer.has_error())
            return refuse(answer.error());
        toLink([link = &m_link, heard = std::make_shared<const Answer>(std::move(*answer))] {
            link->heard(heard);
        });
        return true;
    }

    bool refuse(const emulator::Error& error)
    {
        lose(EngineLink::tr("The engine said what this window does not understand: %1.")
                 .arg(QString::fromStdString(error.detail)));
        m_socket->abort();
        return false;
    }

    void lose(const QString& why)
    {
        toLink([link = &m_link, why] { link->lost(why); });
    }

    template <class Work>
    void toLink(Work work)
    {
        QMetaObject::invokeMethod(&m_link, std::move(work), Qt::QueuedConnection);
    }

    EngineLink& m_link;
    QLocalSocket* m_socket = nullptr;
    hwbridge::LineSplitter m_lines{longestAnswerLine};
    bool m_greeted = false;
};

EngineLink::EngineLink(QObject* parent) : QObject{parent}, m_reader{new Reader{*this}}
{
    m_reader->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_reader, &QObject::deleteLater);
    m_thread.start();
}

EngineLink::~EngineLink()
{
    m_thread.quit();
    m_thread.wait();
}

void EngineLink::open(const QString& socket)
{
    QMetaObject::invokeMethod(m_reader, [reader = m_reader, socket] { reader->open(socket); });
}

void EngineLink::send(const scenarios::control::ControlCommand& command, Asked asked)
{
    if (!m_open)
        return;
    m_asked.emplace(command.id, std::move(asked));
    QMetaObject::invokeMethod(m_reader,
                              [reader = m_reader, line = print(command) + '\n'] { reader->write(line); });
}

void EngineLink::heard(const std::shared_ptr<const Answer>& answer)
{
    if (!answer->id)
        return lost(QString::fromStdString(answer->error));
    const auto asked = m_asked.find(*answer->id);
    if (asked == m_asked.end())
        return;
    const Asked question = std::move(asked->second);
    m_asked.erase(asked);
    if (question.asker)
        question.then(*answer);
}

void EngineLink::lost(const QString& why)
{
    m_open = false;
    m_asked.clear();
    if (!std::exchange(m_ended, true))
        emit ended(why);
}

}  // namespace ui
