#include "emulator/runtime/socket_address.hpp"

#include "emulator/runtime/descriptor_shortage.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace emulator {

sockaddr_in socketAddress(const Endpoint& endpoint)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(endpoint.port);
    address.sin_addr.s_addr = htonl(endpoint.address.value);
    return address;
}

Endpoint endpointOf(const sockaddr_in& address)
{
    return {IpAddress{ntohl(address.sin_addr.s_addr)}, ntohs(address.sin_port)};
}

Endpoint localEnd(int descriptor)
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        return {};
    return endpointOf(address);
}

Error networkError(int number, const Endpoint& server)
{
    const std::string at = server.text();
    switch (number) {
    case ECONNREFUSED:
        return fail(ErrorKind::Unreachable, "connection refused by " + at);
    case ECONNRESET:
    case EPIPE:
        return fail(ErrorKind::Unreachable, "connection reset by " + at);
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EHOSTDOWN:
    case ENETDOWN:
        return fail(ErrorKind::Unreachable, "no route to " + at);
    case ETIMEDOUT:
        return fail(ErrorKind::TimedOut, "no answer from " + at);
    case EADDRNOTAVAIL:
        return fail(ErrorKind::Unreachable, "no free local port or address towards " + at);
    case EINVAL:  // Linux for a loopback source towards anything else
        return fail(ErrorKind::Unreachable, "this source address cannot reach " + at);
    case EMFILE:
    case ENFILE:
        noteDescriptorShortage();
        return fail(ErrorKind::Unreachable, "no free file descriptor for a connection to " + at);
    default:
        return fail(ErrorKind::Unreachable, at + ": " + std::generic_category().message(number));
    }
}

Error systemError(const std::string& what, int number)
{
    if (isDescriptorShortage(number))
        noteDescriptorShortage();
    return fail(ErrorKind::Unreachable, "cannot " + what + ": " + std::generic_category().message(number));
}

}  // namespace emulator
