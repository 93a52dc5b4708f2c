#include "hwbridge/drive/socket_exchange.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/base/ip_address.hpp"
#include "hwbridge/drive/qt_without_application.hpp"

#include <fmt/format.h>

#include <QtNetwork/QNetworkProxy>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslConfiguration>
#include <QtNetwork/QSslError>
#include <QtNetwork/QSslSocket>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hwbridge {

using emulator::Error;
using emulator::ErrorKind;
using emulator::HttpResponse;
using emulator::Result;
using emulator::Url;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int socketLooks = 100;  // ms, at WebAccess::stop

// "AA:bb" as "aabb".
std::string plainFingerprint(std::string_view text)
{
    std::string digits;
    for (const char c : text) {
        if (c != ':')
            digits += emulator::lowerAscii(c);
    }
    return digits;
}

class Exchange {
public:
    Exchange(const WebAccess& access, const Url& url, Clock::time_point deadline)
        : m_access{access},
          m_url{url},
          m_deadline{deadline}
    {
        m_socket.setProxy(QNetworkProxy::NoProxy);
    }

    Result<void> connect()
    {
        const bool encrypted = m_url.scheme == emulator::Scheme::Https;
        if (encrypted)
            if (const Result<void> prepared = prepareTls(m_access.certificates); prepared.has_error())
                return prepared;
        const Result<void> reached = reach();
        return encrypted && reached.has_value() ? encrypt() : reached;
    }

    Result<HttpResponse> ask(const std::string& bytes)
    {
        emulator::HttpResponseReader reader{{.bodyBytes = m_access.maxBytes}};
        m_socket.write(bytes.data(), static_cast<qint64>(bytes.size()));
        std::size_t received = 0;
        for (;;) {
            // Also sends what still waits to be sent.
            const bool more = m_socket.waitForReadyRead(std::min(left(), socketLooks));
            const QByteArray piece = m_socket.readAll();
            received += static_cast<std::size_t>(piece.size());
            if (!piece.isEmpty()) {
                Result<std::optional<HttpResponse>> response =
                    reader.feed({piece.constData(), static_cast<std::size_t>(piece.size())});
                if (!response.has_value())
                    return unreadable(response.error());
                if (response.value())
                    return std::move(*response.value());
            }
            if (isStopped())
                return notWaitedFor();
            if (more || isOpenAndSilent())
                continue;
            if (left() == 0)
                return said(ErrorKind::TimedOut, received == 0
                                                     ? "did not answer in time"
                                                     : "began to answer, but did not finish in time");
            if (received == 0)
                return said(ErrorKind::Corrupt, "ended the connection without an answer");
            Result<HttpResponse> response = reader.finish();
            if (!response.has_value())
                return said(ErrorKind::Corrupt,
                            fmt::format("ended the connection in the middle of its answer, after {} bytes",
                                        received));
            return response;
        }
    }

private:
    int left() const
    {
        const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(m_deadline - Clock::now());
        return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(time.count(), 0, 1'000'000));
    }

    bool isStopped() const { return m_access.stop && m_access.stop(); }

    // Between two looks at whether to stop.
    bool isOpenAndSilent() const
    {
        return left() > 0 && m_socket.state() == QAbstractSocket::ConnectedState &&
               m_socket.error() == QAbstractSocket::SocketTimeoutError;
    }

    Result<void> reach()
    {
        if (const auto address = emulator::IpAddress::parse(m_url.host); address.has_value())
            return connectTo(*address);
        m_socket.connectToHost(QString::fromStdString(m_url.host), m_url.port);
        return m_socket.waitForConnected(left()) ? Result<void>{} : notConnected();
    }

    // Qt gives a connection up that is not made within the time of one wait: one that may be ended is made here.
    Result<void> connectTo(emulator::IpAddress host)
    {
        const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(m_url.port);
        address.sin_addr.s_addr = htonl(host.value);
        const int begun = ::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        int reason = begun == 0 ? 0 : errno;
        while (reason == EINPROGRESS && left() > 0 && !isStopped()) {
            pollfd wait{made, POLLOUT, 0};
            socklen_t size = sizeof reason;
            if (::poll(&wait, 1, std::min(left(), socketLooks)) > 0)
                ::getsockopt(made, SOL_SOCKET, SO_ERROR, &reason, &size);
        }
        if (reason == 0 && m_socket.setSocketDescriptor(made))
            return {};
        if (made >= 0)
            ::close(made);
        if (isStopped())
            return notWaitedFor();
        return reason == EINPROGRESS || reason == ETIMEDOUT ? nobodyAnswers()
                                                            : unreachable(std::strerror(reason));
    }

    Result<void> encrypt()
    {
        m_socket.setPeerVerifyName(QString::fromStdString(m_url.host));
        QObject::connect(
            &m_socket, &QSslSocket::sslErrors, &m_socket, [this](const QList<QSslError>& errors) {
                if (isKnown() || (std::all_of(errors.begin(), errors.end(), isOfName) && namesTheDevice()))
                    m_socket.ignoreSslErrors();
            });
        m_socket.startClientEncryption();
        while (!m_socket.waitForEncrypted(std::min(left(), socketLooks))) {
            if (isStopped())
                return notWaitedFor();
            if (!isOpenAndSilent())
                return notEncrypted();
        }
        const CertificatePolicy& policy = m_access.certificates;
        return policy.kind == CertificatePolicy::Kind::Pinned ? checkPin(policy.fingerprint) : Result<void>{};
    }

    static bool isOfName(const QSslError& error) { return error.error() == QSslError::HostNameMismatch; }

    // Whether the certificate itself stands among those that were given.
    bool isKnown() const
    {
        return !m_access.certificates.authorities.empty() &&
               m_socket.sslConfiguration().caCertificates().contains(m_socket.peerCertificate());
    }

    // A phone's certificate names the phone, not the host.
    bool namesTheDevice() const
    {
        const CertificatePolicy& policy = m_access.certificates;
        const QSslCertificate shown = m_socket.peerCertificate();
        const QList<QByteArray> attributes = shown.subjectInfoAttributes();
        return !policy.authorities.empty() && !policy.mac.empty() &&
               std::any_of(attributes.begin(), attributes.end(), [&](const QByteArray& attribute) {
                   return shown.subjectInfo(attribute).contains(QString::fromStdString(policy.mac),
                                                                Qt::CaseInsensitive);
               });
    }

    Error said(ErrorKind kind, std::string_view what) const
    {
        return emulator::fail(kind,
                              fmt::format("{} at {}:{} {}", m_access.device, m_url.host, m_url.port, what));
    }

    Error notWaitedFor() const { return said(ErrorKind::Refused, "was not waited for any longer"); }

    Error unreadable(const Error& error) const
    {
        const std::string_view what = error.kind == ErrorKind::TooLarge ? "answers more than is read"
                                                                        : "answers something that is no HTTP";
        return said(error.kind, fmt::format("{}: {}", what, error.detail));
    }

    Error notConnected() const
    {
        if (m_socket.error() == QAbstractSocket::HostNotFoundError)
            return said(ErrorKind::Unresolvable, "has no address: the name is not known");
        if (m_socket.error() == QAbstractSocket::SocketTimeoutError || left() == 0)
            return nobodyAnswers();
        return unreachable(m_socket.errorString().toStdString());
    }

    Error nobodyAnswers() const
    {
        return said(ErrorKind::TimedOut, "cannot be reached: nobody answers there; is it plugged in?");
    }

    Error unreachable(std::string_view why) const
    {
        return said(ErrorKind::Unreachable, fmt::format("cannot be reached: {}", why));
    }

    Error notEncrypted() const
    {
        if (left() == 0)
            return said(ErrorKind::TimedOut, "did not finish the TLS handshake in time");
        const QList<QSslError> reasons = m_socket.sslHandshakeErrors();
        if (!reasons.isEmpty()) {
            // Who has signed it matters more than what it is called.
            const auto worst = std::find_if_not(reasons.begin(), reasons.end(), isOfName);
            return said(
                ErrorKind::Refused,
                fmt::format("shows a certificate that is not trusted: {}; expected one of an authority that "
                            "is known here, or, when this is the right one, certificate: sha256:{}",
                            (worst == reasons.end() ? reasons.first() : *worst).errorString().toStdString(),
                            fingerprint()));
        }
        return said(ErrorKind::Unreachable,
                    fmt::format("does not speak TLS as it should: {}", m_socket.errorString().toStdString()));
    }

    Result<void> prepareTls(const CertificatePolicy& policy)
    {
        if (!QSslSocket::supportsSsl())
            return said(ErrorKind::Unsupported, "is reached by https, which Qt cannot do on this machine");
        if (policy.kind != CertificatePolicy::Kind::Trusted) {
            m_socket.setPeerVerifyMode(QSslSocket::VerifyNone);
            return {};
        }
        m_socket.setPeerVerifyMode(QSslSocket::VerifyPeer);
        if (policy.authorities.empty())
            return {};
        const QList<QSslCertificate> authorities =
            QSslCertificate::fromPath(QString::fromStdString(policy.authorities));
        if (authorities.isEmpty()) {
            return emulator::fail(ErrorKind::NotFound,
                                  fmt::format("{}: no certificate can be read there, expected a PEM file of "
                                              "authorities",
                                              policy.authorities));
        }
        QSslConfiguration configuration = m_socket.sslConfiguration();
        configuration.setCaCertificates(authorities);
        m_socket.setSslConfiguration(configuration);
        return {};
    }

    Result<void> checkPin(const std::string& wanted) const
    {
        if (const std::string seen = fingerprint(); seen != plainFingerprint(wanted)) {
            return said(
                ErrorKind::Refused,
                fmt::format("shows another certificate than the pinned one: its SHA-256 is {}", seen));
        }
        return {};
    }

    std::string fingerprint() const
    {
        return m_socket.peerCertificate().digest(QCryptographicHash::Sha256).toHex().toStdString();
    }

    const WebAccess& m_access;
    const Url& m_url;
    Clock::time_point m_deadline;
    QSslSocket m_socket;
};

}  // namespace

Result<HttpResponse> exchangeOverSocket(const WebAccess& access, const Url& url,
                                        const emulator::HttpRequest& request, Clock::time_point deadline)
{
    useQtWithoutApplication();
    Exchange exchange{access, url, deadline};
    const Result<void> connected = exchange.connect();
    if (!connected.has_value())
        return emulator::fail(connected.error());
    return exchange.ask(emulator::encode(request));
}

}  // namespace hwbridge
