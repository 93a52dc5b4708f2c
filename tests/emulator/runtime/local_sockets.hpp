#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/runtime/socket_address.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace tests {

// Blocking sockets for the other end of what is tested; every wait is bounded.
class LocalSocket {
public:
    static constexpr int patience = 10'000;  // milliseconds

    LocalSocket() = default;
    explicit LocalSocket(int number) : m_number{number} {}
    ~LocalSocket() { close(); }
    LocalSocket(LocalSocket&& other) noexcept
        : m_number{std::exchange(other.m_number, -1)},
          m_wasReset{other.m_wasReset}
    {}
    LocalSocket& operator=(LocalSocket&& other) noexcept
    {
        std::swap(m_number, other.m_number);
        std::swap(m_wasReset, other.m_wasReset);
        return *this;
    }

    // On a free port.
    static LocalSocket listening(const std::string& address = "127.0.0.1")
    {
        LocalSocket made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        made.bind({*emulator::IpAddress::parse(address), 0});
        ::listen(made.m_number, 128);
        return made;
    }
    static LocalSocket datagrams(const std::string& address = "127.0.0.1")
    {
        LocalSocket made{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
        made.bind({*emulator::IpAddress::parse(address), 0});
        return made;
    }
    static LocalSocket connected(const emulator::Endpoint& to)
    {
        LocalSocket made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        const sockaddr_in address = emulator::socketAddress(to);
        if (::connect(made.m_number, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            made.m_wasReset = errno == ECONNRESET;
            made.close();
        }
        return made;
    }

    bool isOpen() const { return m_number >= 0; }
    int number() const { return m_number; }
    emulator::Endpoint local() const { return emulator::localEnd(m_number); }
    bool readable(int milliseconds = patience) const
    {
        pollfd wait{m_number, POLLIN, 0};
        return ::poll(&wait, 1, milliseconds) == 1;
    }

    LocalSocket accept(emulator::Endpoint* from = nullptr) const
    {
        if (!readable())
            return {};
        sockaddr_in remote{};
        socklen_t size = sizeof remote;
        LocalSocket made{::accept(m_number, reinterpret_cast<sockaddr*>(&remote), &size)};
        if (from != nullptr)
            *from = emulator::endpointOf(remote);
        return made;
    }

    void send(std::string_view bytes) const
    {
        (void)::send(m_number, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    void sendTo(const emulator::Endpoint& to, std::string_view bytes) const
    {
        const sockaddr_in address = emulator::socketAddress(to);
        (void)::sendto(m_number, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&address),
                       sizeof address);
    }

    // What came until `end` is in it, the peer closed, or nothing came for too long.
    std::string readUntil(std::string_view end) const
    {
        std::string all;
        while ((end.empty() || all.find(end) == std::string::npos) && readable()) {
            std::array<char, 4096> bytes{};
            const ssize_t count = ::recv(m_number, bytes.data(), bytes.size(), 0);
            if (count <= 0)
                break;
            all.append(bytes.data(), static_cast<std::size_t>(count));
        }
        return all;
    }
    std::string readAll() const { return readUntil({}); }
    std::string receive(emulator::Endpoint* from = nullptr) const
    {
        if (!readable())
            return {};
        std::array<char, 2048> bytes{};
        sockaddr_in remote{};
        socklen_t size = sizeof remote;
        const ssize_t count =
            ::recvfrom(m_number, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&remote), &size);
        if (from != nullptr)
            *from = emulator::endpointOf(remote);
        return count < 0 ? std::string{} : std::string{bytes.data(), static_cast<std::size_t>(count)};
    }
    // Whether the peer reset the connection, at once or once what it sent is read.
    bool wasReset() const
    {
        if (m_wasReset)
            return true;
        while (readable()) {
            std::array<char, 4096> bytes{};
            const ssize_t count = ::recv(m_number, bytes.data(), bytes.size(), 0);
            if (count <= 0)
                return count < 0 && errno == ECONNRESET;
        }
        return false;
    }
    void reset()
    {
        const linger now{1, 0};
        ::setsockopt(m_number, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close();
    }
    void close()
    {
        if (m_number >= 0)
            ::close(std::exchange(m_number, -1));
    }

private:
    void bind(const emulator::Endpoint& at) const
    {
        const sockaddr_in address = emulator::socketAddress(at);
        if (::bind(m_number, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            std::abort();
    }
    int m_number = -1;
    bool m_wasReset = false;  // before connect() had returned
};

}  // namespace tests
