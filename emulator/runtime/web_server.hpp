#pragma once

#include "emulator/protocol/http_message.hpp"
#include "emulator/runtime/event_loop.hpp"
#include "emulator/runtime/phone_host.hpp"

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <vector>

namespace emulator {

// The TCP side of the phones' pages for one shard: accepts, reads requests, writes answers. HTTP/1.1 with
// persistent connections; one request at a time per connection.
// Our choices: an idle connection ends after 20 s, a request must be complete 20 s after its first byte; a request's
// body has at most 1 MiB; when the shard's connections are used up, the one idle longest makes room.
class WebServer : TimerOwner {
public:
    using Reply = std::function<void(std::optional<HttpResponse>)>;
    struct Phones {
        virtual ~Phones() = default;
        // The phone that owns an address of this shard, while it answers.
        virtual std::optional<PhoneIndex> phoneAnswering(IpAddress address) = 0;
        // A connection that belongs to another shard: takes the descriptor. False: it belongs to nobody.
        virtual bool passOn(IpAddress address, int descriptor) = 0;
        // Nothing as answer: the connection is reset.
        virtual void webRequest(PhoneIndex phone, const HttpRequest& request, const Endpoint& from,
                                Reply reply) = 0;
    };

    WebServer(EventLoop& loop, Phones& phones, std::size_t maxConnections);
    ~WebServer() override;

    void listen(std::vector<int> descriptors);  // takes them
    void adopt(int descriptor);                 // a connection that another shard accepted
    void phoneGone(
        PhoneIndex phone);  // it lost power or restarts: resets its connections, but for answers under way
    std::size_t connections() const { return m_connections.size(); }

private:
    struct Listener;
    struct Connection;
    using Connections = std::list<std::shared_ptr<Connection>>;

    void timerDue(std::uint32_t tag, TimePoint now) override;
    void accepted(int descriptor);
    void armTimer();
    void makeRoom();

    static constexpr std::uint32_t pauseTag = 1;

    EventLoop& m_loop;
    Phones& m_phones;
    std::size_t m_maxConnections;
    TimerHeap::Slot m_timer;
    TimerHeap::Slot m_pause;
    std::vector<std::unique_ptr<Listener>> m_listeners;
    Connections m_connections;  // the one that was active last stands last
    std::vector<char> m_buffer;
    bool m_armed = false;
};

}  // namespace emulator
