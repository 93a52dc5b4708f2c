#include "scenarios/engine/rig_names.hpp"

#include "emulator/runtime/socket_address.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace scenarios {

RigNameServer::RigNameServer(int descriptor, emulator::Endpoint at, RigNames names)
    : m_descriptor{descriptor},
      m_at{at},
      m_names{std::move(names)}
{}

RigNameServer::~RigNameServer()
{
    if (!m_watch.isOpen() && m_descriptor >= 0)
        ::close(m_descriptor);
}

emulator::Result<std::unique_ptr<RigNameServer>> RigNameServer::open(emulator::EventLoop&, RigNames names)
{
    const int descriptor = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return emulator::systemError("open a socket for the rig's name server", errno);
    const sockaddr_in address = emulator::socketAddress({{0x7f000001}, 0});
    if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        const int number = errno;
        ::close(descriptor);
        return emulator::systemError("bind the rig's name server to 127.0.0.1", number);
    }
    return std::unique_ptr<RigNameServer>{
        new RigNameServer{descriptor, emulator::localEnd(descriptor), std::move(names)}};
}

void RigNameServer::listen(emulator::EventLoop& loop)
{
    m_watch = emulator::Watch{loop, m_descriptor, *this};
    m_watch.waitReadable();
}

void RigNameServer::readable()
{
    std::array<char, emulator::longestDnsDatagram> in{};
    constexpr int atOnce = 64;
    for (int i = 0; i < atOnce; ++i) {
        sockaddr_in from{};
        socklen_t length = sizeof from;
        const ssize_t got =
            ::recvfrom(m_descriptor, in.data(), in.size(), 0, reinterpret_cast<sockaddr*>(&from), &length);
        if (got < 0)
            break;
        const std::string answer = emulator::answerDns({in.data(), static_cast<std::size_t>(got)}, m_names);
        if (!answer.empty())
            ::sendto(m_descriptor, answer.data(), answer.size(), 0, reinterpret_cast<const sockaddr*>(&from),
                     length);
    }
    m_watch.waitReadable();
}

}  // namespace scenarios
