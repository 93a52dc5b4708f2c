#pragma once

#include "emulator/runtime/event_loop.hpp"
#include "emulator/runtime/resolver.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// Sends the syslog datagrams of one shard from one socket, each from its phone's address, in batches (sendmmsg).
// A batch leaves when it has 16 datagrams or the loop's turn ends.
class SyslogSender : SocketUser {
public:
    // `resolver` may be null: then only numeric servers work. Both outlive the sender.
    SyslogSender(EventLoop& loop, Resolver* resolver);
    // Errors: Unreachable.
    Result<void> open();

    // Server: host[:port], port 514 unless named (SYSLOG-*). A name is resolved first; its datagrams wait for that,
    // at most 64. What cannot be sent is lost, as UDP is. `local`: the phone's address, for servers that it can reach.
    void send(std::string_view server, std::optional<IpAddress> loopbackSource,
              std::optional<IpAddress> routedSource, std::string_view datagram);
    void flush();

    // Datagrams that the rig itself could not send: the run is limited by it (design decision D8).
    std::uint64_t dropped() const { return m_dropped; }

private:
    struct Waiting {
        std::optional<IpAddress> loopbackSource;
        std::optional<IpAddress> routedSource;
        std::string bytes;
    };
    struct Server {
        std::uint16_t port = 514;
        std::optional<IpAddress> address;
        TimePoint until = TimePoint::max();  // the address holds, or the lookup that failed is not repeated
        bool asking = false;
        std::vector<Waiting> waiting;
    };
    struct Queued {
        Endpoint to;
        IpAddress source;  // 0.0.0.0: any
        std::size_t begin = 0;
        std::size_t size = 0;
    };
    void writable() override { flush(); }
    void readable() override {}
    void resolved(const std::string& name, const Result<NameAnswer>& answer);
    void queue(const Endpoint& to, IpAddress source, std::string_view datagram);
    Server& server(std::string_view text);

    EventLoop& m_loop;
    Resolver* m_resolver;
    Watch m_socket;
    std::map<std::string, Server, std::less<>> m_servers;
    std::vector<Queued> m_queued;
    std::string m_bytes;
    std::uint64_t m_dropped = 0;
};

}  // namespace emulator
