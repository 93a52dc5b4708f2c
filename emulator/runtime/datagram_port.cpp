#include "emulator/runtime/datagram_port.hpp"

#include "emulator/runtime/socket_address.hpp"
#include "emulator/runtime/socket_message.hpp"

#include <linux/errqueue.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace emulator {

namespace {

constexpr std::size_t maxDatagram = 65'535;

// One buffer per thread: a datagram is handled before the next one is read.
char* receiveBuffer()
{
    static thread_local std::array<char, maxDatagram> buffer;
    return buffer.data();
}

}  // namespace

Result<void> DatagramPort::open(std::optional<IpAddress> local)
{
    const int descriptor = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return systemError("open a UDP port", errno);
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
    const sockaddr_in address = socketAddress({local.value_or(IpAddress{}), 0});
    if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        const Error error = systemError("bind a UDP port of " + local.value_or(IpAddress{}).text(), errno);
        ::close(descriptor);
        return error;
    }
    m_socket = Watch{m_loop, descriptor, *this};
    m_socket.waitReadable();
    return {};
}

Endpoint DatagramPort::local() const
{
    return localEnd(m_socket.descriptor());
}

Result<void> DatagramPort::send(const Endpoint& to, std::string_view bytes)
{
    const sockaddr_in address = socketAddress(to);
    // A refusal of an earlier datagram is reported once by the next call, whatever it is; readable() tells of it.
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (::sendto(m_socket.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL,
                     reinterpret_cast<const sockaddr*>(&address), sizeof address) >= 0)
            return {};
        if (errno != ECONNREFUSED)
            break;
    }
    if (errno == EAGAIN || errno == ENOBUFS || errno == ECONNREFUSED)
        return {};
    return networkError(errno, to);
}

// Takes one entry of the error queue: where the refused datagram was sent to.
std::optional<Endpoint> DatagramPort::nextRefusal()
{
    for (;;) {
        std::array<char, 64> bytes{};
        SocketMessage message{bytes.data(), bytes.size()};
        if (message.receive(m_socket.descriptor(), MSG_ERRQUEUE) < 0)
            return std::nullopt;
        const auto error = message.said<sock_extended_err>(IPPROTO_IP, IP_RECVERR);
        if (error && error->ee_origin == SO_EE_ORIGIN_ICMP && error->ee_errno == ECONNREFUSED)
            return endpointOf(message.peer());
    }
}

void DatagramPort::readable()
{
    sockaddr_in from{};
    socklen_t size = sizeof from;
    char* const buffer = receiveBuffer();
    const ssize_t count =
        ::recvfrom(m_socket.descriptor(), buffer, maxDatagram, 0, reinterpret_cast<sockaddr*>(&from), &size);
    const int number = count < 0 ? errno : 0;
    const std::optional<Endpoint> refusal = number == 0 || number == EAGAIN ? std::nullopt : nextRefusal();
    m_socket.waitReadable();  // first: the listener may destroy this port
    if (count >= 0)
        m_listener.datagramArrived(m_tag, endpointOf(from), {buffer, static_cast<std::size_t>(count)});
    else if (refusal)
        m_listener.datagramRefused(m_tag, *refusal);
}

}  // namespace emulator
