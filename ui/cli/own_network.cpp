#include "ui/cli/own_network.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

namespace ui {

using emulator::ErrorKind;
using emulator::Result;

namespace {

emulator::Error noNetwork(std::string_view what)
{
    return emulator::fail(
        ErrorKind::Refused,
        fmt::format("the twin needs a network namespace of its own, but {}: {}; as root, sysctl "
                    "kernel.unprivileged_userns_clone=1 or kernel.apparmor_restrict_unprivileged_userns=0 "
                    "may allow it",
                    what, std::strerror(errno)));
}

bool writeTo(const char* path, const std::string& text)
{
    const int file = ::open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(file);
    return written;
}

// Who has no right to make a network may be root of a user namespace. Source: user_namespaces(7).
Result<void> asOwnRoot()
{
    const auto user = ::geteuid();
    const auto group = ::getegid();
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return noNetwork("the system does not give one");
    const bool mapped = writeTo("/proc/self/setgroups", "deny") &&
                        writeTo("/proc/self/uid_map", fmt::format("0 {} 1", user)) &&
                        writeTo("/proc/self/gid_map", fmt::format("0 {} 1", group));
    return mapped ? Result<void>{} : noNetwork("its user cannot be mapped");
}

Result<void> loopbackUp()
{
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0)
        return noNetwork("it has no sockets");
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    bool up = ::ioctl(socket, SIOCGIFFLAGS, &request) == 0;
    request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
    up = up && ::ioctl(socket, SIOCSIFFLAGS, &request) == 0;
    ::close(socket);
    return up ? Result<void>{} : noNetwork("its loopback stays down");
}

}  // namespace

Result<void> enterOwnNetwork()
{
    if (::unshare(CLONE_NEWNET) != 0)
        if (const Result<void> own = asOwnRoot(); own.has_error())
            return own;
    return loopbackUp();
}

}  // namespace ui
