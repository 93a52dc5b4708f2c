#include "emulator/runtime/sip_port.hpp"

#include "emulator/protocol/sip_message.hpp"
#include "emulator/runtime/socket_address.hpp"
#include "emulator/runtime/socket_message.hpp"

#include <sys/socket.h>

#include <array>

namespace emulator {

namespace {

// One byte more than a message may have, so that a longer one is seen to be too long.
constexpr std::size_t datagramBytes = maxSipBytes + 1;
constexpr int datagramsPerTurn = 64;

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
        std::array<char, datagramBytes> buffer;
        // A bounded number at a time: phones and connections want their turn as well.
        for (int i = 0; i < datagramsPerTurn; ++i) {
            SocketMessage message{buffer.data(), buffer.size()};
            const ssize_t count = message.receive(watch.descriptor(), 0);
            if (count < 0)
                break;
            if (const auto called = message.said<in_pktinfo>(IPPROTO_IP, IP_PKTINFO))
                port.m_phones.sipArrived(IpAddress{ntohl(called->ipi_addr.s_addr)},
                                         endpointOf(message.peer()),
                                         {buffer.data(), static_cast<std::size_t>(count)});
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
    in_pktinfo source{};
    source.ipi_spec_dst.s_addr = htonl(from.value);
    SocketMessage message{const_cast<char*>(datagram.data()), datagram.size()};
    (void)message.sendWith(descriptor, socketAddress(to), IPPROTO_IP, IP_PKTINFO, source);
}

}  // namespace emulator
