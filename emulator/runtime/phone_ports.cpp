#include "emulator/runtime/phone_ports.hpp"

#include "emulator/runtime/socket_address.hpp"

#include <linux/filter.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace emulator {

namespace {

constexpr int backlog = 4096;  // somaxconn cuts it where it is lower

class Descriptor {
public:
    explicit Descriptor(int number) : m_number{number} {}
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_number; }
    int take() { return std::exchange(m_number, -1); }

private:
    int m_number;
};

bool sharePort(int socket)
{
    const int on = 1;
    return ::setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0;
}

// A socket on that device; -1 with errno.
int deviceSocket(PortKind kind, const std::string& device)
{
    const int type = kind == PortKind::Pages ? SOCK_STREAM : SOCK_DGRAM;
    const int number = ::socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (number < 0)
        return -1;
    const int on = 1;
    // Of pages: connections of an earlier run may still be in TIME_WAIT. For datagrams it would share the port.
    // Datagrams have to tell which phone they were sent to.
    bool good = kind == PortKind::Pages ? ::setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0
                                        : ::setsockopt(number, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) == 0;
    good = good && ::setsockopt(number, SOL_SOCKET, SO_BINDTODEVICE, device.c_str(),
                                static_cast<socklen_t>(device.size() + 1)) == 0;
    if (good)
        return number;
    const int error = errno;
    ::close(number);
    errno = error;
    return -1;
}

bool bindTo(int socket, const Endpoint& at)
{
    const sockaddr_in address = socketAddress(at);
    return ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

// What is left to do once a socket is bound.
bool serve(PortKind kind, int socket)
{
    return kind == PortKind::Sip || ::listen(socket, backlog) == 0;
}

// The place of the destination's shard among the sockets of the group, in the order in which they began to listen.
bool steer(int socket, const FleetLayout& layout)
{
    std::array<sock_filter, 4> program{{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                 static_cast<std::uint32_t>(SKF_NET_OFF) + 16u),  // destination address
        BPF_STMT(BPF_ALU | BPF_SUB | BPF_K, layout.base().value),
        BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, layout.shards()),
        BPF_STMT(BPF_RET | BPF_A, 0u),
    }};
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return ::setsockopt(socket, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &filter, sizeof filter) == 0;
}

Result<PhonePorts> listenPerAddress(const FleetLayout& layout, PortKind kind, std::uint16_t port,
                                    const std::string& device)
{
    PhonePorts ports;
    ports.port = port;
    ports.listeners.resize(layout.shards());
    for (std::uint32_t i = 0; i < layout.size(); ++i) {
        const PhoneIndex phone{i};
        const Endpoint at{layout.address(phone), port};
        Descriptor socket{deviceSocket(kind, device)};
        if (socket.get() < 0 || !bindTo(socket.get(), at) || !serve(kind, socket.get()))
            return systemError("listen on " + at.text(), errno);
        ports.listeners[layout.place(phone).shard].push_back(socket.take());
    }
    return ports;
}

struct Listening {
    Endpoint at;
    std::string inode;
};

// From /proc/net/tcp: IPv4 sockets in state LISTEN on that port; from /proc/net/udp: those that receive there.
std::vector<Listening> listening(std::uint16_t port, PortKind kind)
{
    std::vector<Listening> found;
    std::ifstream table{kind == PortKind::Pages ? "/proc/net/tcp" : "/proc/net/udp"};
    const std::string_view listens = kind == PortKind::Pages ? "0A" : "07";
    std::string line;
    std::getline(table, line);
    while (std::getline(table, line)) {
        std::istringstream words{line};
        std::string number;
        std::string local;
        std::string remote;
        std::string state;
        std::string skipped;
        std::string inode;
        words >> number >> local >> remote >> state;
        for (int i = 0; i < 5; ++i)
            words >> skipped;
        words >> inode;
        std::uint32_t address = 0;
        std::uint16_t at = 0;
        if (state != listens || local.size() != 13 ||
            std::from_chars(local.data(), local.data() + 8, address, 16).ec != std::errc{} ||
            std::from_chars(local.data() + 9, local.data() + 13, at, 16).ec != std::errc{} || at != port)
            continue;
        found.push_back({{IpAddress{ntohl(address)}, at}, inode});
    }
    return found;
}

// "nginx (pid 4711)" of the process that holds that socket; empty when it is not ours to see.
std::string holder(const std::string& inode)
{
    namespace fs = std::filesystem;
    const std::string wanted = "socket:[" + inode + "]";
    std::error_code error;
    for (const fs::directory_entry& process : fs::directory_iterator{"/proc", error}) {
        const std::string pid = process.path().filename();
        if (pid.find_first_not_of("0123456789") != std::string::npos)
            continue;
        std::error_code denied;
        for (const fs::directory_entry& open : fs::directory_iterator{process.path() / "fd", denied}) {
            std::error_code gone;
            if (fs::read_symlink(open.path(), gone) != wanted)
                continue;
            std::string program;
            std::getline(std::ifstream{process.path() / "comm"}, program);
            return program + " (pid " + pid + ")";
        }
    }
    return {};
}

}  // namespace

PhonePorts::PhonePorts(PhonePorts&& other) noexcept
    : port{other.port},
      listeners{std::exchange(other.listeners, {})},
      steered{other.steered},
      notice{std::move(other.notice)}
{}

PhonePorts& PhonePorts::operator=(PhonePorts&& other) noexcept
{
    std::swap(port, other.port);
    std::swap(listeners, other.listeners);
    std::swap(steered, other.steered);
    std::swap(notice, other.notice);
    return *this;
}

PhonePorts::~PhonePorts()
{
    for (const std::vector<int>& shard : listeners)
        for (const int descriptor : shard)
            ::close(descriptor);
}

std::string whoListens(std::uint16_t port, PortKind kind)
{
    const std::vector<Listening> found = listening(port, kind);
    if (found.empty())
        return {};
    const std::string process = holder(found.front().inode);
    std::string text = process.empty() ? found.front().at.text() : process + " on " + found.front().at.text();
    if (found.size() > 1)
        text += " and " + std::to_string(found.size() - 1) + " more";
    return text;
}

Result<PhonePorts> openPhonePorts(const FleetLayout& layout, PortKind kind, std::uint16_t port,
                                  std::size_t descriptors, const std::string& device)
{
    const std::string where = (kind == PortKind::Pages ? "port " : "UDP port ") + std::to_string(port);
    // Sockets of one user share a port through SO_REUSEPORT without a word: the first one is bound without it, which
    // finds them, and is held from then on, so that two rigs that look for a free port at the same time do not meet.
    Descriptor first{deviceSocket(kind, device)};
    if (first.get() < 0)
        return systemError("open a socket on the device " + device, errno);
    if (!bindTo(first.get(), {IpAddress{}, port})) {
        if (errno != EADDRINUSE)
            return systemError("bind " + where, errno);
        const std::string who = whoListens(port, kind);
        const std::string taken = where + " is taken" + (who.empty() ? "" : " by " + who);
        if (layout.size() > descriptors)
            return fail(ErrorKind::Unreachable,
                        taken + "; one socket per phone needs " + std::to_string(layout.size()) +
                            " file descriptors, the limit leaves " + std::to_string(descriptors));
        Result<PhonePorts> each = listenPerAddress(layout, kind, port, device);
        if (each.has_error())
            return fail(ErrorKind::Unreachable,
                        taken + "; one socket per phone was tried: " + each.error().detail);
        each->notice = taken + "; each phone listens on its own address instead";
        return each;
    }
    PhonePorts ports;
    ports.port = localEnd(first.get()).port;
    ports.listeners.resize(layout.shards());
    const bool shared = layout.shards() > 1;
    for (std::vector<int>& shard : ports.listeners) {
        const bool isFirst = &shard == &ports.listeners.front();
        Descriptor socket{isFirst ? first.take() : deviceSocket(kind, device)};
        if (socket.get() < 0 || (shared && !sharePort(socket.get())) ||
            (!isFirst && !bindTo(socket.get(), {IpAddress{}, ports.port})) || !serve(kind, socket.get()))
            return systemError("listen on port " + std::to_string(ports.port), errno);
        shard.push_back(socket.take());
    }
    if (shared && !steer(ports.listeners.front().front(), layout)) {
        ports.steered = false;
        ports.notice =
            "the kernel does not steer traffic to its phones (SO_ATTACH_REUSEPORT_CBPF); it is passed on "
            "between threads";
    }
    return ports;
}

}  // namespace emulator
