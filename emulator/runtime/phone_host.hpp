#pragma once

#include "emulator/phone/phone.hpp"
#include "emulator/trace/trace_event.hpp"
#include "emulator/web/phone_pages.hpp"

#include <deque>
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
    virtual void wakePhone(PhoneIndex phone, TimePoint at) = 0;  // woken(); replaces any earlier; max(): never
    virtual void wakeFetch(PhoneIndex phone, FetchKey key, TimePoint at) = 0;  // fetchWoken(); likewise
    virtual void lookUp(PhoneIndex phone, FetchKey key, std::string_view host) = 0;  // fetchEvent(LookedUp)
    virtual void callHttp(PhoneIndex phone, FetchKey key, HttpCall call) = 0;        // fetchEvent(HttpAnswered)
    // From this fetch's own port, opened by the first datagram; fetchEvent(DatagramArrived, DatagramRefused).
    virtual void sendDatagram(PhoneIndex phone, FetchKey key, const Endpoint& to, std::string_view bytes) = 0;
    virtual void endFetch(PhoneIndex phone, FetchKey key) = 0;  // closes its port and connection, forgets its wake-up
    virtual void sendSyslog(PhoneIndex phone, std::string_view server, std::string_view datagram) = 0;
    // Whether memory is kept at all, and keeping it: true when it is safe at once, false when remembered() follows.
    virtual bool keepsMemory() const = 0;
    virtual bool remember(PhoneIndex phone, std::string memory) = 0;
    virtual TraceSink& trace() = 0;
};

// One phone with its running fetch: carries out effects in a world, and makes the trace of what the phone saw.
// The same for virtual time and real sockets.
class PhoneHost {
public:
    // `actor`: the phone's number in the trace's order.
    PhoneHost(Phone phone, PhoneIndex index, std::uint32_t actor);

    const Phone& phone() const { return m_phone; }
    PhoneIndex index() const { return m_index; }

    // Something happened to the phone itself: power, a command, a submit.
    void feed(PhoneWorld& world, TimePoint now, const Event& event);
    void woken(PhoneWorld& world, TimePoint now) { feed(world, now, Woken{}); }
    void fetchWoken(PhoneWorld& world, TimePoint now, FetchKey key) { fetchEvent(world, now, key, WaitOver{}); }
    // `from` and `to` are the ends of what crossed the wire, as the phone sees them; for the trace.
    void fetchEvent(PhoneWorld& world, TimePoint now, FetchKey key, const FetchEvent& event);
    void remembered(PhoneWorld& world, TimePoint now);

    // A request to the phone's pages. The answer is handed to `reply` at once, or when what it acknowledges is
    // remembered. Nothing when the phone does not answer (off or booting): the caller resets the connection.
    void webRequest(PhoneWorld& world, TimePoint now, const HttpRequest& request, const Endpoint& from,
                    std::function<void(std::optional<HttpResponse>)> reply);

    // Takes back what a state folder kept, before the first power-on.
    Result<void> restore(std::string_view memory);

private:
    struct Held;
    void carryOut(PhoneWorld& world, TimePoint now, Effects effects);
    void carryOut(PhoneWorld& world, TimePoint now, Effect& effect);
    void take(PhoneWorld& world, TimePoint now, FetchSteps steps);
    TraceEvent event(TimePoint now, EventKind kind);

    Phone m_phone;
    std::unique_ptr<Fetch> m_fetch;
    std::unique_ptr<Held> m_held;  // effects and web answers that wait for memory
    PhoneIndex m_index;
    std::uint32_t m_actor;
    std::uint32_t m_fetchKey = 0;
    std::uint32_t m_exchange = 0;
    RequestId m_request{};
    std::uint64_t m_sequence = 0;
    Endpoint m_fetchPeer;
};

}  // namespace emulator
