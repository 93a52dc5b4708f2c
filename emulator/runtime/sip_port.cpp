#include "emulator/runtime/sip_port.hpp"

#include "emulator/protocol/sip_message.hpp"
#include "emulator/runtime/socket_address.hpp"

#include <sys/socket.h>

#include <array>
#include <cstring>
#include <optional>

namespace emulator {

namespace {

// One byte more than a message may have, so that a longer one is seen to be too long.
constexpr std::size_t bufferBytes = maxSipBytes + 1;
constexpr int datagramsPerTurn = 64;

struct Received {
    std::size_t bytes = 0;
    Endpoint from;
    std::optional<IpAddress> called;
};

std::optional<Received> receive(int descriptor, char* buffer)
{
    sockaddr_in from{};
    iovec piece{buffer, bufferBytes};
    alignas(cmsghdr) std::array<char, 64> control{};
    msghdr message{};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t count = ::recvmsg(descriptor, &message, 0);
    if (count < 0)
        return std::nullopt;
    Received received{static_cast<std::size_t>(count), endpointOf(from), std::nullopt};
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
         header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != IPPROTO_IP || header->cmsg_type != IP_PKTINFO)
            continue;
        in_pktinfo info{};
        std::memcpy(&info, CMSG_DATA(header), sizeof info);
        received.called = IpAddress{ntohl(info.ipi_addr.s_addr)};
    }
    return received;
}

}  // namespace

struct SipPort::Socket : SocketUser {
    Socket(SipPort& owner, int descriptor)
        : port{owner},
          address{localEnd(descriptor).address},
          watch{owner.m_loop, descriptor, *this}
    {
        watch.waitReadable();
    }
    void readable() override
    {
        std::array<char, bufferBytes> buffer;
        // A bounded number at a time: phones and connections want their turn as well.
        for (int i = 0; i < datagramsPerTurn; ++i) {
            const std::optional<Received> received = receive(watch.descriptor(), buffer.data());
            if (!received)
                break;
            if (received->called)
                port.m_phones.sipArrived(*received->called, received->from, {buffer.data(), received->bytes});
        }
        watch.waitReadable();
    }
    SipPort& port;
    IpAddress address;  // 0.0.0.0: of all phones
    Watch watch;
};

SipPort::SipPort(EventLoop& loop, Phones& phones) : m_loop{loop}, m_phones{phones} {}

SipPort::~SipPort() = default;

void SipPort::listen(std::vector<int> descriptors)
{
    for (const int descriptor : descriptors)
        m_sockets.push_back(std::make_unique<Socket>(*this, descriptor));
}

void SipPort::send(IpAddress from, const Endpoint& to, std::string_view datagram)
{
    if (m_sockets.empty())
        return;
    int descriptor = m_sockets.front()->watch.descriptor();
    if (m_sockets.size() > 1)
        for (const std::unique_ptr<Socket>& one : m_sockets)
            if (one->address == from)
                descriptor = one->watch.descriptor();
    sockaddr_in address = socketAddress(to);
    iovec piece{const_cast<char*>(datagram.data()), datagram.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in_pktinfo))> control{};
    msghdr message{};
    message.msg_name = &address;
    message.msg_namelen = sizeof address;
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = IPPROTO_IP;
    header->cmsg_type = IP_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
    in_pktinfo info{};
    info.ipi_spec_dst.s_addr = htonl(from.value);
    std::memcpy(CMSG_DATA(header), &info, sizeof info);
    (void)::sendmsg(descriptor, &message, MSG_NOSIGNAL);
}

}  // namespace emulator
