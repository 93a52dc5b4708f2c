#pragma once

#include "emulator/runtime/datagram_port.hpp"
#include "emulator/runtime/event_loop.hpp"
#include "emulator/runtime/fleet_layout.hpp"
#include "emulator/runtime/http_client.hpp"
#include "emulator/runtime/net_fleet.hpp"
#include "emulator/runtime/resolver.hpp"
#include "emulator/runtime/sip_port.hpp"
#include "emulator/runtime/socket_budget.hpp"
#include "emulator/runtime/state_database.hpp"
#include "emulator/runtime/syslog_sender.hpp"
#include "emulator/runtime/web_server.hpp"

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace emulator {

// What all shards of a fleet share: nothing of it changes while they run, but for what has its own lock.
struct FleetCommons {
    Fleet fleet;
    NetOptions options;
    FleetLayout layout;
    EventLoop::Clock::time_point zero;
    std::uint16_t webPort = 0;
    std::uint16_t sipPort = 0;
    std::optional<IpAddress> sourcePrefix;       // the first phone's address towards servers beyond loopback
    std::size_t fetchSockets = 0;                // per shard
    std::size_t webConnections = 0;              // per shard
    StateDatabase* state = nullptr;              // null: nothing is kept
    std::function<void(std::string)> say;        // from any thread; each text once
    std::function<void(IpAddress, int)> passOn;  // a connection for another shard's phone
    std::function<void(IpAddress, const Endpoint&, std::string_view)> passOnSip;  // a datagram likewise
};

// Some phones on real sockets, one thread (design decision D4). What other threads may call says so.
class Shard : PhoneWorld, TimerOwner, DatagramPort::Listener, WebServer::Phones, SipPort::Phones {
public:
    Shard(const FleetCommons& commons, unsigned number, TraceQueue::Producer& trace);
    ~Shard() override;

    // Before the thread starts. Errors: as NetFleet::open.
    Result<void> open(std::vector<int> pages, std::vector<int> sip);
    Result<void> restore(std::uint32_t local, std::string_view memory);

    void run();   // the thread's life
    void stop();  // from any thread

    // From any thread:
    void post(std::uint32_t local, Event event);  // waits while the shard has too much before it
    void committed(std::span<const StateDatabase::Receipt> receipts);
    void adopt(int descriptor);
    void adoptSip(IpAddress called, const Endpoint& from, std::string datagram);
    void look(std::function<void()> work) { m_loop.post(std::move(work)); }  // on the shard's thread
    Duration worstLag() { return m_loop.worstLag(); }
    void addTo(FleetCounters& counters) const;
    std::size_t answering() const;

    // On the shard's thread:
    const Phone& phone(std::uint32_t local) const { return m_hosts[local].phone(); }
    void takeTouched(std::vector<PhoneIndex>& to);  // as NetFleet::touched

private:
    static constexpr std::uint32_t none = ~std::uint32_t{};

    // The sockets and deadline of one running fetch. Kept for the next one when it ends.
    struct Flow {
        std::uint32_t local = none;  // none: free
        FetchKey key{};
        TimerHeap::Slot timer = 0;
        CallId call = CallId::None;
        bool resolving = false;
        bool budgeted = false;
        bool waits = false;  // for a descriptor
        std::unique_ptr<DatagramPort> port;
        std::string bytes;  // the datagram that waits for a port
        Endpoint to;
    };

    void wakePhone(PhoneIndex phone, TimePoint at) override;
    void wakeFetch(PhoneIndex phone, FetchKey key, TimePoint at) override;
    void lookUp(PhoneIndex phone, FetchKey key, std::string_view host) override;
    void callHttp(PhoneIndex phone, FetchKey key, HttpCall call) override;
    void sendDatagram(PhoneIndex phone, FetchKey key, const Endpoint& to, std::string_view bytes) override;
    void endFetch(PhoneIndex phone, FetchKey key) override;
    void sendSyslog(PhoneIndex phone, std::string_view server, std::string_view datagram) override;
    void sendSip(PhoneIndex phone, const Endpoint& to, std::string_view datagram) override;
    bool keepsMemory() const override { return m_commons.state != nullptr; }
    bool remember(PhoneIndex phone, std::string memory) override;
    TraceSink& trace() override { return m_trace; }
    TrafficTrace& traffic() override { return m_traffic; }

    void timerDue(std::uint32_t tag, TimePoint now) override;
    void datagramArrived(std::uint32_t tag, const Endpoint& from, std::string_view bytes) override;
    void datagramRefused(std::uint32_t tag, const Endpoint& by) override;
    std::optional<PhoneIndex> phoneAnswering(IpAddress address) override;
    bool passOn(IpAddress address, int descriptor) override;
    void webRequest(PhoneIndex phone, const HttpRequest& request, const Endpoint& from,
                    WebServer::Reply reply) override;
    void sipArrived(IpAddress called, const Endpoint& from, std::string_view datagram) override;

    // Lets one phone act, then sees what became of it.
    template <class Act>
    void with(std::uint32_t local, Act act);
    void stateChanged(std::uint32_t local, PhoneState before, PhoneState after);
    void takeInbox();
    void powerOn(std::uint32_t from);
    std::uint32_t local(PhoneIndex phone) const { return m_commons.layout.place(phone).local; }
    Flow& flow(std::uint32_t local, FetchKey key);
    std::uint32_t flowNumber(std::uint32_t local, FetchKey key) const;
    void endFlow(std::uint32_t number);
    bool openPort(std::uint32_t number);
    void fetchEvent(std::uint32_t local, FetchKey key, const FetchEvent& event);
    std::optional<IpAddress> sourceTowards(PhoneIndex phone, IpAddress server);
    IpAddress routedSource(PhoneIndex phone) const;

    const FleetCommons& m_commons;
    unsigned m_number;
    TraceQueue::Producer& m_trace;
    std::unique_ptr<PhoneWorld> m_between;  // null: nothing is
    PhoneWorld& m_world;                    // that phones see
    TrafficTrace m_traffic;
    EventLoop m_loop;
    SocketBudget m_budget;
    HttpClient m_http;
    std::unique_ptr<Resolver> m_resolver;
    std::optional<SyslogSender> m_syslog;
    WebServer m_web;
    SipPort m_sip;

    std::vector<std::unique_ptr<ProfileCache>> m_caches;  // one per schema
    std::vector<PhoneSurroundings> m_surroundings;        // one per group; never moves
    std::vector<PhoneHost> m_hosts;
    std::vector<PhoneState> m_states;     // as counted
    std::vector<bool> m_isTouched;        // empty: nobody watches
    std::vector<PhoneIndex> m_touched;    // each once
    std::vector<std::uint32_t> m_flowOf;  // of each phone in m_flows
    std::vector<std::unique_ptr<Flow>> m_flows;
    std::vector<std::uint32_t> m_freeFlows;

    struct Posted {
        std::uint32_t local;
        Event event;
    };
    static constexpr std::size_t maxInbox = 65'536;
    std::mutex m_inboxMutex;
    std::condition_variable m_inboxRoom;
    std::vector<Posted> m_inbox;
    bool m_stopping = false;  // under m_inboxMutex

    std::array<std::atomic<std::uint32_t>, phoneStates> m_inState{};
    std::atomic<std::uint64_t> m_fetches{0};
    std::atomic<std::uint64_t> m_resyncs{0};
    std::atomic<std::uint64_t> m_failedResyncs{0};
    std::atomic<std::uint64_t> m_droppedSyslog{0};
    std::atomic<std::uint64_t> m_waitedForSockets{0};
};

}  // namespace emulator
