#include "emulator/runtime/syslog_sender.hpp"

#include "emulator/runtime/socket_address.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace emulator {

namespace {

// Our choices.
constexpr std::size_t batch = 16;
constexpr std::size_t maxPerCall = 64;
constexpr std::size_t maxQueued = 4096;  // while the socket's buffer is full
constexpr std::size_t maxWaiting = 64;   // per name that is being resolved
constexpr std::size_t maxServers = 1024;
constexpr Duration failedLookupHolds = std::chrono::seconds{10};

}  // namespace

SyslogSender::SyslogSender(EventLoop& loop, Resolver* resolver) : m_loop{loop}, m_resolver{resolver} {}

Result<void> SyslogSender::open()
{
    const int descriptor = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return systemError("open the syslog socket", errno);
    const int room = 1 << 20;
    ::setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    m_socket = Watch{m_loop, descriptor, *this};
    return {};
}

SyslogSender::Server& SyslogSender::server(std::string_view text)
{
    const auto found = m_servers.find(text);
    if (found != m_servers.end())
        return found->second;
    if (m_servers.size() >= maxServers) {
        for (auto it = m_servers.begin(); it != m_servers.end();)
            it = it->second.asking ? std::next(it) : m_servers.erase(it);
    }
    Server& made = m_servers[std::string{text}];
    std::string_view host = text;
    if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
        const Result<std::uint16_t> port = parsePort(text.substr(colon + 1));
        if (port.has_value()) {
            made.port = *port;
            host = text.substr(0, colon);
        }
    }
    if (const Result<IpAddress> numeric = IpAddress::parse(host); numeric.has_value())
        made.address = *numeric;
    else
        made.until = TimePoint::min();
    return made;
}

void SyslogSender::send(std::string_view text, std::optional<IpAddress> loopbackSource,
                        std::optional<IpAddress> routedSource, std::string_view datagram)
{
    if (text.empty())
        return;
    Server& target = server(text);
    if (target.until <= m_loop.now() && !target.asking && m_resolver != nullptr) {
        target.asking = true;
        target.address.reset();
        const std::size_t colon = text.rfind(':');
        const bool named = colon != std::string_view::npos && parsePort(text.substr(colon + 1)).has_value();
        m_resolver->lookUp(
            std::string{named ? text.substr(0, colon) : text},
            [this, name = std::string{text}](const Result<NameAnswer>& answer) { resolved(name, answer); });
    }
    if (target.asking) {
        if (target.waiting.size() < maxWaiting)
            target.waiting.push_back({loopbackSource, routedSource, std::string{datagram}});
        return;
    }
    if (!target.address)
        return;  // the name has no address: nobody would get it
    const std::optional<IpAddress>& source = target.address->isLoopback() ? loopbackSource : routedSource;
    queue({*target.address, target.port}, source.value_or(IpAddress{}), datagram);
}

void SyslogSender::resolved(const std::string& name, const Result<NameAnswer>& answer)
{
    Server& target = m_servers[name];
    target.asking = false;
    if (answer.has_value()) {
        target.address = answer->addresses.front();
        target.until = m_loop.now() + std::max<Duration>(answer->lifetime, std::chrono::seconds{1});
    } else {
        target.address.reset();
        target.until = m_loop.now() + failedLookupHolds;
    }
    for (const Waiting& waiting : std::exchange(target.waiting, {}))
        send(name, waiting.loopbackSource, waiting.routedSource, waiting.bytes);
    flush();
}

void SyslogSender::queue(const Endpoint& to, IpAddress source, std::string_view datagram)
{
    if (m_queued.size() >= maxQueued) {
        ++m_dropped;
        return;
    }
    m_queued.push_back({to, source, m_bytes.size(), datagram.size()});
    m_bytes.append(datagram);
    if (m_queued.size() >= batch)
        flush();
}

void SyslogSender::flush()
{
    std::size_t done = 0;
    while (done < m_queued.size()) {
        struct Control {
            alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in_pktinfo))> bytes;
        };
        std::array<mmsghdr, maxPerCall> messages;
        std::array<iovec, maxPerCall> pieces;
        std::array<sockaddr_in, maxPerCall> targets;
        std::array<Control, maxPerCall> controls;
        const std::size_t count = std::min(maxPerCall, m_queued.size() - done);
        for (std::size_t i = 0; i < count; ++i) {
            const Queued& queued = m_queued[done + i];
            pieces[i] = {m_bytes.data() + queued.begin, queued.size};
            targets[i] = socketAddress(queued.to);
            msghdr& message = messages[i].msg_hdr;
            message = {};
            message.msg_name = &targets[i];
            message.msg_namelen = sizeof targets[i];
            message.msg_iov = &pieces[i];
            message.msg_iovlen = 1;
            if (queued.source != IpAddress{}) {
                message.msg_control = controls[i].bytes.data();
                message.msg_controllen = controls[i].bytes.size();
                cmsghdr* const header = CMSG_FIRSTHDR(&message);
                header->cmsg_level = IPPROTO_IP;
                header->cmsg_type = IP_PKTINFO;
                header->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
                in_pktinfo info{};
                info.ipi_spec_dst.s_addr = htonl(queued.source.value);
                std::memcpy(CMSG_DATA(header), &info, sizeof info);
            }
        }
        const int sent =
            ::sendmmsg(m_socket.descriptor(), messages.data(), static_cast<unsigned>(count), MSG_NOSIGNAL);
        if (sent > 0) {
            done += static_cast<std::size_t>(sent);
        } else if (errno == EAGAIN || errno == ENOBUFS) {
            m_socket.waitWritable();
            break;
        } else if (errno != EINTR) {
            ++done;  // this one has no way to its server: lost, as on a real network
        }
    }
    if (done == m_queued.size()) {
        m_queued.clear();
        m_bytes.clear();
    } else if (done > 0) {
        m_queued.erase(m_queued.begin(), m_queued.begin() + static_cast<std::ptrdiff_t>(done));
        m_bytes.erase(0, m_queued.front().begin);
        for (std::size_t i = m_queued.size(), first = m_queued.front().begin; i-- > 0;)
            m_queued[i].begin -= first;
    }
}

}  // namespace emulator
