#include "hwbridge/drive/sip_notify.hpp"

#include "hwbridge/drive/random_text.hpp"

#include <fmt/format.h>

#include <QtNetwork/QNetworkProxy>
#include <QtNetwork/QUdpSocket>

#include <algorithm>
#include <array>
#include <optional>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::Result;
using emulator::TimePoint;

namespace {

constexpr std::uint16_t sipPort = 5060;
constexpr std::size_t mostDatagrams = 1000;  // a phone that floods us with anything else is not waited for

// The next datagram; nothing when the phone's machine says that nobody listens there.
std::optional<std::string> receive(QUdpSocket& socket)
{
    std::array<char, 65536> bytes{};
    const qint64 count = socket.readDatagram(bytes.data(), static_cast<qint64>(bytes.size()));
    if (count < 0)
        return std::nullopt;
    return std::string{bytes.data(), static_cast<std::size_t>(count)};
}

}  // namespace

Result<void> sendNotify(const std::string& device, const std::string& phone, const NotifyCommand& command)
{
    const Result<emulator::Endpoint> to = emulator::Endpoint::parse(phone, sipPort);
    if (!to.has_value())
        return emulator::fail(to.error().kind,
                              fmt::format("the SIP address of {}: {}", device, to.error().detail));
    const bool broken =
        (command.event + command.lineUser + command.contentType).find_first_of("\r\n") != std::string::npos;
    if (command.event.empty() || broken) {
        return emulator::fail(
            ErrorKind::Malformed,
            fmt::format("NOTIFY for {}: expected an event in one line, such as check-sync", device));
    }
    QUdpSocket socket;
    socket.setProxy(QNetworkProxy::NoProxy);
    socket.connectToHost(QString::fromStdString(to->address.text()), to->port);
    const auto unreachable = [&] {
        return emulator::fail(ErrorKind::Unreachable,
                              fmt::format("{} cannot be reached by SIP at {}: {}", device, to->text(),
                                          socket.errorString().toStdString()));
    };
    if (!socket.waitForConnected(1000))
        return unreachable();
    const emulator::Endpoint local{{socket.localAddress().toIPv4Address()}, socket.localPort()};
    NotifyTransaction transaction{device, to.value(), command, {local, randomText(24)}};

    const auto start = std::chrono::steady_clock::now();
    const auto now = [&] {
        return TimePoint{
            std::chrono::duration_cast<emulator::Duration>(std::chrono::steady_clock::now() - start)};
    };
    NotifyTransaction::Step step = transaction.begin(now());
    for (std::size_t received = 0; !step.ended;) {
        if (!step.datagram.empty())
            socket.write(step.datagram.data(), static_cast<qint64>(step.datagram.size()));
        const auto wait = std::chrono::ceil<std::chrono::milliseconds>(step.wakeAt - now());
        if (!socket.waitForReadyRead(static_cast<int>(std::max<long long>(wait.count(), 0)))) {
            step = transaction.woken(now());
            continue;
        }
        const std::optional<std::string> datagram = receive(socket);
        if (!datagram)
            return unreachable();
        if (++received > mostDatagrams) {
            return emulator::fail(
                ErrorKind::Corrupt,
                fmt::format("{} at {} floods us with datagrams that answer nothing", device, to->text()));
        }
        step = transaction.arrived(now(), *datagram);
    }
    return std::move(*step.ended);
}

}  // namespace hwbridge
