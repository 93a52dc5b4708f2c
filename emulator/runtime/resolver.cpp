#include "emulator/runtime/resolver.hpp"

#include "emulator/base/ascii.hpp"

#include <ares.h>
#include <netinet/in.h>
#include <sys/time.h>

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

namespace emulator {

namespace {

// c-ares counts its users; threads that open resolvers at once need it initialized once.
int startLibrary()
{
    static const int status = ares_library_init(ARES_LIB_INIT_ALL);
    return status;
}

}  // namespace

struct Resolver::Impl : TimerOwner {
    // A descriptor that c-ares opened and will close.
    struct Socket : SocketUser {
        Socket(Impl& owner, int descriptor) : impl{owner}, watch{owner.loop, descriptor, *this} {}
        void readable() override { impl.process(watch.descriptor(), true); }
        void writable() override { impl.process(watch.descriptor(), false); }
        Impl& impl;
        Watch watch;
        bool wantsRead = false;
        bool wantsWrite = false;
    };
    struct Lookup {
        Impl* impl = nullptr;
        std::string host;
        Done done;
    };

    explicit Impl(EventLoop& owner) : loop{owner}, timer{loop.addTimer(*this, 0)} {}
    ~Impl() override
    {
        closing = true;
        if (channel != nullptr)
            ares_destroy(channel);
        for (auto& [descriptor, socket] : sockets)
            socket->watch.release();
        loop.removeTimer(timer);
    }

    void socketState(int descriptor, bool read, bool write)
    {
        const auto found = sockets.find(descriptor);
        if (!read && !write) {
            if (found != sockets.end()) {
                found->second->watch.release();
                gone.push_back(std::move(found->second));  // it may be the one that is being called
                sockets.erase(found);
            }
            return;
        }
        Socket& socket = found != sockets.end()
                             ? *found->second
                             : *(sockets[descriptor] = std::make_unique<Socket>(*this, descriptor));
        socket.wantsRead = read;
        socket.wantsWrite = write;
        if (read)
            socket.watch.waitReadable();
        if (write)
            socket.watch.waitWritable();
    }

    void process(int descriptor, bool read)
    {
        ares_process_fd(channel, read ? descriptor : ARES_SOCKET_BAD, read ? ARES_SOCKET_BAD : descriptor);
        const auto found = sockets.find(descriptor);
        if (found != sockets.end()) {
            if (found->second->wantsRead)
                found->second->watch.waitReadable();
            if (found->second->wantsWrite && !read)
                found->second->watch.waitWritable();
        }
        settle();
    }

    void timerDue(std::uint32_t, TimePoint) override
    {
        ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
        settle();
    }

    // After each call into c-ares: when it wants to look at its clock next, and who may ask now.
    void settle()
    {
        gone.clear();
        while (asking < maxAtOnce && !waiting.empty()) {
            std::unique_ptr<Lookup> next = std::move(waiting.front());
            waiting.pop_front();
            ask(std::move(next));
        }
        timeval longest{3600, 0};
        timeval wait{};
        const timeval* const until = ares_timeout(channel, &longest, &wait);
        const Duration left = std::chrono::seconds{until->tv_sec} + std::chrono::microseconds{until->tv_usec};
        // A little later than c-ares said: it compares in whole milliseconds.
        loop.arm(timer, asking == 0 ? TimePoint::max() : loop.now() + left + std::chrono::milliseconds{1});
    }

    void ask(std::unique_ptr<Lookup> lookup)
    {
        ++asking;
        ares_addrinfo_hints hints{};
        hints.ai_family = AF_INET;
        hints.ai_flags = ARES_AI_NOSORT;
        Lookup* const kept = lookup.release();
        ares_getaddrinfo(channel, kept->host.c_str(), nullptr, &hints, &Impl::answered, kept);
    }

    static void answered(void* argument, int status, int, ares_addrinfo* info)
    {
        const std::unique_ptr<Lookup> lookup{static_cast<Lookup*>(argument)};
        Impl& impl = *lookup->impl;
        --impl.asking;
        NameAnswer answer;
        if (status == ARES_SUCCESS) {
            int seconds = 60;  // Our choice for answers without a lifetime, as those of the hosts file
            for (const ares_addrinfo_node* node = info->nodes; node != nullptr; node = node->ai_next) {
                if (node->ai_family != AF_INET)
                    continue;
                const auto* address = reinterpret_cast<const sockaddr_in*>(node->ai_addr);
                answer.addresses.push_back(IpAddress{ntohl(address->sin_addr.s_addr)});
                if (node->ai_ttl >= 0)
                    seconds = std::min(seconds, node->ai_ttl);
            }
            answer.lifetime = std::chrono::seconds{seconds};
        }
        if (info != nullptr)
            ares_freeaddrinfo(info);
        if (impl.closing)
            return;
        Result<NameAnswer> result = std::move(answer);
        if (status != ARES_SUCCESS || result->addresses.empty())
            result = fail(ErrorKind::Unresolvable,
                          "no address for \"" + lookup->host +
                              "\": " + (status == ARES_SUCCESS ? "no A record" : ares_strerror(status)));
        impl.loop.post([done = std::move(lookup->done), result = std::move(result)]() mutable {
            done(std::move(result));
        });
    }

    EventLoop& loop;
    TimerHeap::Slot timer;
    ares_channel channel = nullptr;
    std::map<int, std::unique_ptr<Socket>> sockets;
    std::vector<std::unique_ptr<Socket>> gone;
    std::deque<std::unique_ptr<Lookup>> waiting;
    std::size_t asking = 0;
    bool closing = false;
};

Resolver::Resolver(std::unique_ptr<Impl> impl) : m_impl{std::move(impl)} {}
Resolver::~Resolver() = default;

Result<std::unique_ptr<Resolver>> Resolver::open(EventLoop& loop, std::optional<Endpoint> server)
{
    if (const int status = startLibrary(); status != ARES_SUCCESS)
        return fail(ErrorKind::Unsupported, std::string{"cannot resolve names: "} + ares_strerror(status));
    auto impl = std::make_unique<Impl>(loop);
    ares_options options{};
    options.flags = ARES_FLAG_NOSEARCH;
    options.timeout = 1500;
    options.tries = 3;
    options.sock_state_cb = [](void* data, ares_socket_t descriptor, int read, int write) {
        static_cast<Impl*>(data)->socketState(descriptor, read != 0, write != 0);
    };
    options.sock_state_cb_data = impl.get();
    int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;
#ifdef ARES_OPT_QUERY_CACHE  // from 1.31 on c-ares remembers answers, for all phones at once
    options.qcache_max_ttl = 0;
    mask |= ARES_OPT_QUERY_CACHE;
#endif
    char dnsOnly[] = "b";
    if (server) {
        options.lookups = dnsOnly;
        mask |= ARES_OPT_LOOKUPS;
    }
    int status = ares_init_options(&impl->channel, &options, mask);
    if (status == ARES_SUCCESS && server)
        status = ares_set_servers_ports_csv(impl->channel, server->text().c_str());
    if (status != ARES_SUCCESS)
        return fail(ErrorKind::Unsupported, std::string{"cannot resolve names: "} + ares_strerror(status));
    return std::unique_ptr<Resolver>{new Resolver{std::move(impl)}};
}

void Resolver::lookUp(const std::string& host, Done done)
{
    const auto later = [&](Result<NameAnswer> result) {
        m_impl->loop.post(
            [done = std::move(done), result = std::move(result)]() mutable { done(std::move(result)); });
    };
    if (const Result<IpAddress> numeric = IpAddress::parse(host); numeric.has_value()) {
        later(NameAnswer{{*numeric}, std::chrono::hours{24}});
        return;
    }
    if (equalsAnyCase(host, "localhost")) {  // no question for a name server (RFC 6761 section 6.3)
        later(NameAnswer{{IpAddress{0x7f000001}}, std::chrono::hours{24}});
        return;
    }
    // c-ares takes C strings and would look up what stands before a zero.
    if (host.empty() || host.find('\0') != std::string::npos) {
        later(fail(ErrorKind::Malformed, "a server name is empty or holds a zero byte"));
        return;
    }
    auto lookup = std::make_unique<Impl::Lookup>();
    lookup->impl = m_impl.get();
    lookup->host = host;
    lookup->done = std::move(done);
    m_impl->waiting.push_back(std::move(lookup));
    m_impl->settle();
}

}  // namespace emulator
