#pragma once

#include "emulator/phone/phone.hpp"
#include "emulator/phone/sip_requests.hpp"
#include "emulator/runtime/traffic_trace.hpp"
#include "emulator/trace/trace_event.hpp"
#include "emulator/web/phone_pages.hpp"

#include <functional>
#include <memory>

namespace emulator {

// A phone's place in its fleet, from 0.
enum class PhoneIndex : std::uint32_t {};

// Tells one fetch of a phone from its next one, so that late answers find nobody.
enum class FetchKey : std::uint32_t {};

// What a phone's effects need from the world around it. Virtual time and real sockets both are one; whatever the
// host asks here comes back by the host's function named beside it, never from inside the call.
class PhoneWorld {
public:
    virtual ~PhoneWorld() = default;
    virtual void wakePhone(PhoneIndex phone,
                           TimePoint at) = 0;  // woken(); replaces any earlier; max(): never
    virtual void wakeFetch(PhoneIndex phone, FetchKey key, TimePoint at) = 0;        // fetchWoken(); likewise
    virtual void lookUp(PhoneIndex phone, FetchKey key, std::string_view host) = 0;  // fetchEvent(LookedUp)
    virtual void callHttp(PhoneIndex phone, FetchKey key, HttpCall call) = 0;  // fetchEvent(HttpAnswered)
    // From this fetch's own port, opened by the first datagram; fetchEvent(DatagramArrived, DatagramRefused).
    virtual void sendDatagram(PhoneIndex phone, FetchKey key, const Endpoint& to, std::string_view bytes) = 0;
    virtual void endFetch(PhoneIndex phone,
                          FetchKey key) = 0;  // closes its port and connection, forgets its wake-up
    virtual void sendSyslog(PhoneIndex phone, std::string_view server, std::string_view datagram) = 0;
    virtual void sendSip(PhoneIndex phone, const Endpoint& to, std::string_view datagram) = 0;
    // Whether memory is kept at all, and keeping it: true when it is safe at once, false when remembered() follows.
    virtual bool keepsMemory() const = 0;
    virtual bool remember(PhoneIndex phone, std::string memory) = 0;
    virtual TraceSink& trace() = 0;
    virtual TrafficTrace& traffic() = 0;  // describes messages for the trace; one per thread
    // What the phone learns of what has come for its fetch: null for nothing. A world that only carries changes nothing.
    virtual const FetchEvent* arriving(PhoneIndex, FetchKey, const FetchEvent& event) { return &event; }
};

// One phone with its running fetch: carries out effects in a world, and makes the trace of what the phone saw.
// The same for virtual time and real sockets.
class PhoneHost {
public:
    // `actor`: the phone's number in the trace's order.
    PhoneHost(Phone phone, PhoneIndex index, std::uint32_t actor);
    ~PhoneHost();
    PhoneHost(PhoneHost&&) noexcept;
    PhoneHost& operator=(PhoneHost&&) noexcept;

    const Phone& phone() const { return m_phone; }
    PhoneIndex index() const { return m_index; }

    // Something happened to the phone itself: power, a command, a submit.
    void feed(PhoneWorld& world, TimePoint now, const Event& event);
    void woken(PhoneWorld& world, TimePoint now) { feed(world, now, Woken{}); }
    void fetchWoken(PhoneWorld& world, TimePoint now, FetchKey key)
    {
        fetchEvent(world, now, key, WaitOver{});
    }
    void fetchEvent(PhoneWorld& world, TimePoint now, FetchKey key, const FetchEvent& event);
    void remembered(PhoneWorld& world, TimePoint now);

    // A request to the phone's pages. The answer is handed to `reply` at once, or when what it acknowledges is
    // remembered. Nothing when the phone does not answer (off or booting): the caller resets the connection.
    // The rig's own reads, known by their User-Agent `rigUserAgent`, leave no trace (design decision D12).
    using Reply = std::function<void(std::optional<HttpResponse>)>;
    void webRequest(PhoneWorld& world, TimePoint now, const HttpRequest& request, const Endpoint& from,
                    const Endpoint& to, Reply reply);
    static constexpr std::string_view rigUserAgent = "phonerig";

    // A datagram on the phone's SIP port `at`. An answer is sent at once, or when what it acknowledges is remembered;
    // none while the phone is off or boots.
    void sipArrived(PhoneWorld& world, TimePoint now, std::string_view datagram, const Endpoint& from,
                    const Endpoint& at);

    // Takes back what a state folder kept, before the first power-on.
    Result<void> restore(std::string_view memory);

private:
    // What waits for memory, in order: effects, answers to browsers and proxies, and a power cut (our choice: a cut in the
    // middle of a write comes right after it).
    struct Answer {
        HttpResponse response;
        Reply reply;
        ExchangeId exchange;
        Endpoint from;
        Endpoint to;
    };
    struct SipReply {
        std::string datagram;
        ExchangeId exchange;
        Endpoint from;
        Endpoint to;
    };
    struct PowerCut {};
    using HeldItem = std::variant<Effect, Answer, SipReply, PowerCut>;
    struct Held;

    bool holds() const { return m_held != nullptr; }
    void hold(HeldItem item);
    void carryOut(PhoneWorld& world, TimePoint now, Effects effects);
    void carryOut(PhoneWorld& world, TimePoint now, Effect& effect);
    void answer(PhoneWorld& world, TimePoint now, Answer answer);
    void answer(PhoneWorld& world, TimePoint now, const SipReply& reply);
    void traceSip(PhoneWorld& world, TimePoint now, std::string_view datagram, ExchangeId exchange,
                  const Endpoint& from, const Endpoint& to);
    void startFetch(PhoneWorld& world, TimePoint now, FetchFile& effect);
    void stopFetch(PhoneWorld& world);
    void take(PhoneWorld& world, TimePoint now, FetchSteps steps);
    void sendSyslog(PhoneWorld& world, TimePoint now, const SendSyslog& effect);
    void tracePhone(PhoneWorld& world, TimePoint now, const Effect& effect);
    void traceDatagram(PhoneWorld& world, TimePoint now, std::string_view datagram, const Endpoint& from,
                       const Endpoint& to);
    void traceAnswer(PhoneWorld& world, TimePoint now, const FetchEvent& event);
    TraceEvent traceEvent(TimePoint now, EventKind kind, ExchangeId exchange);
    ExchangeId nextExchange();

    Phone m_phone;
    std::unique_ptr<Fetch> m_fetch;
    std::unique_ptr<Held> m_held;
    Boxed<SipMemory> m_sipMemory;
    Endpoint m_fetchPeer;  // of the HTTP call in progress
    std::uint64_t m_sequence = 0;
    PhoneIndex m_index;
    std::uint32_t m_actor;
    std::uint32_t m_fetchKey = 0;
    std::uint32_t m_exchange = 0;  // the last number given out
    std::uint32_t m_fetchExchange = 0;
    RequestId m_request{};
};

}  // namespace emulator
