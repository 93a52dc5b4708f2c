#pragma once

#include "emulator/runtime/deadline_heap.hpp"
#include "emulator/runtime/phone_host.hpp"
#include "emulator/runtime/services.hpp"
#include "emulator/runtime/virtual_run.hpp"
#include "emulator/runtime/virtual_wire.hpp"
#include "emulator/trace/trace_buffer.hpp"

#include <boost/container/small_vector.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace emulator {

// The servers and links of a virtual run, the same for all shards while time passes.
struct VirtualServers {
    struct Server {
        std::string name;
        Endpoint at;
        const HttpService* http = nullptr;
        const DatagramService* datagram = nullptr;
    };
    std::vector<Server> all;  // server k is actor k + 1
    VirtualNetwork network;

    std::optional<std::size_t> find(const Endpoint& at) const;
};

// Phones are actors from here on; servers are the ones below, the rig itself is 0.
inline constexpr std::uint32_t firstPhoneActor = 1024;

// The answer to a browser, on its way to whoever asked.
struct VirtualReply {
    TimePoint at{};
    PhoneIndex phone{};
    std::uint64_t ticket = 0;
    std::optional<HttpResponse> response;
};

// Some phones of a virtual run and all that is due for them. Runs on one thread at a time; meets other shards only
// through servers, which are pure.
class VirtualShard : private PhoneWorld {
public:
    // `wire`: where what crosses the phones' ports is kept for a tap; null: nobody taps.
    VirtualShard(const VirtualServers& servers, TraceSink& sink, const Fleet& fleet,
                 std::unique_ptr<VirtualWire> wire = nullptr);

    void add(const PhoneSurroundings& surroundings, const MacAddress& mac, IpAddress address,
             PhoneIndex index, AppliedState initial);
    void post(std::size_t phone, TimePoint at, Event event);
    void browse(std::size_t phone, TimePoint at, HttpRequest request, const Endpoint& from,
                std::uint64_t ticket);

    // A conversation that a server begins with the phone's SIP port; a reply without response when it ends.
    void converse(std::size_t phone, TimePoint at, std::size_t server,
                  std::unique_ptr<DatagramSession> session, std::uint64_t ticket);

    TimePoint nextDeadline() const;     // max(): nothing is due
    void runUntil(TimePoint deadline);  // everything due at `deadline` or before
    const Phone& phone(std::size_t phone) const { return m_slots[phone].host.phone(); }
    std::size_t size() const { return m_slots.size(); }
    std::vector<VirtualReply> takeReplies() { return std::exchange(m_replies, {}); }
    VirtualWire* wire() { return m_wire.get(); }

private:
    enum Kind : std::uint32_t {
        Wake,
        WakeFetch,
        Names,
        Answer,
        Datagram,
        Session,
        Posted,
        Browsed,
        Conversing,
        SipToPhone,
        SipToServer
    };

    // A running fetch's traffic: what is on its way to the phone, and its TFTP conversation. Deadlines name what
    // they are for by a token of the phone; one whose token is gone is stale.
    struct Flow {
        FetchKey key{};
        std::uint32_t wakeToken = 0;
        std::uint32_t namesToken = 0;
        std::uint32_t answerToken = 0;
        std::uint32_t sessionToken = 0;
        std::optional<HttpAnswered> answer;
        std::string name;
        struct Arriving {
            Endpoint from;
            std::string bytes;
            bool refused = false;
        };
        boost::container::small_vector<std::pair<std::uint32_t, Arriving>, 2> datagrams;  // by token
        std::unique_ptr<DatagramSession> session;
        std::size_t server = 0;
        Endpoint sessionEnd;  // where the session answers from
        std::uint16_t phonePort = 0;
        Endpoint called;  // by the HTTP call that waits for its answer, from callPort
        std::uint16_t callPort = 0;
        ExchangeId exchange;  // as the server counts
    };
    struct Conversation;
    struct Browsing {
        HttpRequest request;
        Endpoint from;
        std::uint64_t ticket;
    };
    struct Slot {
        PhoneHost host;
        std::unique_ptr<Flow> flow;
        std::uint32_t sequence = 0;  // of deadlines
        std::uint32_t token = 0;     // the last one given out
        std::uint32_t wakeToken = 0;
        std::uint32_t serverEvents = 0;  // sequence of what servers saw of this phone
        std::uint32_t serverExchanges = 0;
        std::uint16_t lastPort = firstEphemeralPort - 1;
    };
    static constexpr std::uint16_t firstEphemeralPort = 49152;  // RFC 6335 section 6

    void wakePhone(PhoneIndex phone, TimePoint at) override;
    void wakeFetch(PhoneIndex phone, FetchKey key, TimePoint at) override;
    void lookUp(PhoneIndex phone, FetchKey key, std::string_view host) override;
    void callHttp(PhoneIndex phone, FetchKey key, HttpCall call) override;
    void sendDatagram(PhoneIndex phone, FetchKey key, const Endpoint& to, std::string_view bytes) override;
    void endFetch(PhoneIndex phone, FetchKey key) override;
    void sendSyslog(PhoneIndex phone, std::string_view server, std::string_view datagram) override;
    void sendSip(PhoneIndex phone, const Endpoint& to, std::string_view datagram) override;
    bool keepsMemory() const override { return false; }
    bool remember(PhoneIndex, std::string) override { return true; }
    TraceSink& trace() override { return m_sink; }
    TrafficTrace& traffic() override { return m_traffic; }

    void due(const Deadline& deadline);
    void visited(Slot& slot, const Browsing& visit);
    std::uint32_t push(Slot& slot, TimePoint at, Kind kind);
    void push(Slot& slot, TimePoint at, Kind kind, std::uint32_t value);
    Slot& slotOf(PhoneIndex phone) { return m_slots[static_cast<std::size_t>(phone) - m_first]; }
    Flow& flowOf(Slot& slot, FetchKey key);
    ClientMemory& memory(const Slot& slot, std::size_t server);

    // When a call's outcome reaches the phone, and what it is.
    struct Outcome {
        TimePoint at{};
        HttpAnswered answer;
    };
    Outcome outcome(Slot& slot, const HttpCall& call, const Endpoint& client);
    Outcome delivered(const VirtualWire::Line& line, const HttpCall& call, TimePoint connected,
                      TimePoint firstByte, HttpAnswer& answer);
    Outcome gaveUp(const VirtualWire::Line& line, const HttpCall& call, TimePoint at);
    static std::uint16_t nextPort(Slot& slot);
    static VirtualWire::Line line(const Slot& slot, std::uint16_t port, const Endpoint& peer);

    bool toSession(Slot& slot, Flow& flow, TimePoint at, const Endpoint& to, std::string_view bytes);
    void carryOut(Slot& slot, Flow& flow, TimePoint at, SessionOutput& output, const Endpoint& from);

    void converse(Slot& slot, std::uint32_t number, std::optional<std::string_view> arrived);
    void traceServerSip(Slot& slot, const Conversation& talk, TimePoint at, std::string_view bytes,
                        bool toPhone);
    TraceEvent serverEvent(Slot& slot, std::size_t server, TimePoint at, EventKind kind, ExchangeId exchange);
    ExchangeId serverExchange(Slot& slot, std::size_t server);
    void traceFault(Slot& slot, std::size_t server, TimePoint at, std::string_view fault);
    void traceServerDatagram(Slot& slot, const Flow& flow, TimePoint at, std::string_view bytes,
                             const Endpoint& from, const Endpoint& to);

    const VirtualServers& m_servers;
    TraceSink& m_sink;
    std::unique_ptr<VirtualWire> m_wire;
    std::unique_ptr<PhoneWorld> m_between;  // null: nothing is
    PhoneWorld& m_world;                    // that phones see
    TrafficTrace m_traffic;
    TimePoint m_now{};
    std::size_t m_first = 0;  // index of the first phone
    std::vector<Slot> m_slots;
    std::vector<ClientMemory> m_memory;  // [phone][server]
    DeadlineHeap m_due;
    std::map<std::uint32_t, Event> m_posted;
    std::map<std::uint32_t, Browsing> m_browsing;
    struct Conversation {
        PhoneIndex phone{};
        std::size_t server = 0;
        std::unique_ptr<DatagramSession> session;
        std::uint64_t ticket = 0;
        ExchangeId exchange;
        TimePoint wakeAt = TimePoint::max();
    };
    std::map<std::uint32_t, Conversation> m_conversations;
    struct SipOnItsWay {
        std::uint32_t conversation = 0;
        std::string bytes;
    };
    std::map<std::uint32_t, SipOnItsWay> m_sip;
    std::uint32_t m_numbers = 0;  // keys of the maps above
    std::vector<VirtualReply> m_replies;
};

}  // namespace emulator
