// The same fetches with Qt Network: design decision D2 says why the phones' sockets are not Qt's, this checks it.
//
//   qt_client PORT REQUEST-FILE ADDRESSES CONNECTIONS SECONDS
//
// Prints what epoll_floor prints.

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QHostAddress>
#include <QTcpSocket>
#include <QTimer>

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

namespace {

double cpuSeconds()
{
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

// Fetches one after another on each of its connections, each fetch from the next address.
class Client {
public:
    Client(quint16 port, QByteArray request, quint32 addresses)
        : m_port{port},
          m_request{std::move(request)},
          m_addresses{addresses}
    {}

    void begin()
    {
        auto* const socket = new QTcpSocket;
        socket->bind(QHostAddress{0x7f4e0001u + m_nextAddress}, 0);
        m_nextAddress = m_nextAddress + 1 < m_addresses ? m_nextAddress + 1 : 0;
        QObject::connect(socket, &QTcpSocket::connected, [this, socket] { socket->write(m_request); });
        QObject::connect(socket, &QTcpSocket::readyRead, [this, socket] { read(*socket); });
        QObject::connect(socket, &QTcpSocket::errorOccurred, [this, socket] { end(*socket, false); });
        socket->connectToHost(QHostAddress{QHostAddress::LocalHost}, m_port);
    }

    long count = 0;
    long failed = 0;

private:
    void read(QTcpSocket& socket)
    {
        const QByteArray waiting = socket.peek(socket.bytesAvailable());
        if (m_answerBytes == 0) {
            const qsizetype field = waiting.indexOf("Content-Length: ");
            const qsizetype body = waiting.indexOf("\r\n\r\n");
            if (field < 0 || body < 0)
                return;
            m_answerBytes = body + 4 + std::atoi(waiting.constData() + field + 16);
        }
        if (waiting.size() >= m_answerBytes)
            end(socket, true);
    }

    void end(QTcpSocket& socket, bool good)
    {
        socket.disconnect();
        socket.abort();
        socket.deleteLater();
        ++(good ? count : failed);
        begin();
    }

    quint16 m_port;
    QByteArray m_request;
    quint32 m_addresses;
    quint32 m_nextAddress = 0;
    qsizetype m_answerBytes = 0;
};

}  // namespace

int main(int argc, char** argv)
{
    QCoreApplication application{argc, argv};
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 6) {
        std::fputs("usage: qt_client PORT REQUEST-FILE ADDRESSES CONNECTIONS SECONDS\n", stderr);
        return 2;
    }
    QFile file{arguments[2]};
    if (!file.open(QIODevice::ReadOnly)) {
        std::fprintf(stderr, "qt_client: cannot read %s\n", qPrintable(arguments[2]));
        return 2;
    }
    Client client{arguments[1].toUShort(), file.readAll(), arguments[3].toUInt()};
    for (int i = 0; i < arguments[4].toInt(); ++i)
        client.begin();

    const int milliseconds = static_cast<int>(arguments[5].toDouble() * 1000);
    QElapsedTimer clock;
    long countFrom = 0;
    double cpuFrom = 0;
    QTimer::singleShot(200, [&] {
        countFrom = client.count;
        cpuFrom = cpuSeconds();
        clock.start();
        std::puts("begin");
        std::fflush(stdout);
        QTimer::singleShot(milliseconds, [&] {
            std::printf("count=%ld seconds=%.6f cpu=%.6f failed=%ld\n", client.count - countFrom,
                        static_cast<double>(clock.nsecsElapsed()) / 1e9, cpuSeconds() - cpuFrom,
                        client.failed);
            std::fflush(stdout);
            std::_Exit(0);
        });
    });
    return QCoreApplication::exec();
}
