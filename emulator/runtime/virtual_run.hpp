#pragma once

#include "emulator/runtime/fleet.hpp"
#include "emulator/runtime/phone_host.hpp"
#include "emulator/runtime/services.hpp"
#include "emulator/runtime/wire_tap.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace emulator {

// The network of a virtual run.
struct VirtualNetwork {
    Duration latency = std::chrono::microseconds{200};    // one way, every link
    std::map<std::string, std::vector<IpAddress>> names;  // what DNS knows
    IpAddress nameServer{0xc0000235};  // 192.0.2.53 (RFC 5737): whom phones ask, on the wire
};

// Where phones of a virtual run listen for SIP (RFC 3261 section 19.1.2).
inline constexpr std::uint16_t virtualSipPort = 5060;

// A fleet in virtual time (design decision D6): a conservative discrete-event simulation. Time jumps to the next
// deadline; shards run ahead of each other freely within a window and their traces are merged by (time, actor,
// about, sequence), so the trace is the same for any number of threads. Opens no socket and reads no clock.
class VirtualRun {
public:
    // For those who need no order between phones: one sink per shard, called on the shard's thread; `sink` then gets
    // nothing. A benchmark's hash is one.
    using ShardSinks = std::function<TraceSink&(std::size_t shard)>;

    // Events go to `sink` on the caller's thread, in order. So do messages on the wire to `tap`, where there is one; it
    // must outlive the run, and gets the last ones when the run is destroyed.
    VirtualRun(Fleet fleet, VirtualNetwork network, unsigned threads, TraceSink& sink,
               const ShardSinks& ownSinks = {}, WireTap* tap = nullptr);
    ~VirtualRun();

    // Servers must outlive the run. They are actors 1, 2, … in the order they are added. A server may be
    // reconfigured whenever runUntil is not running.
    void addHttp(std::string name, const Endpoint& at, const HttpService& service);
    void addDatagram(std::string name, const Endpoint& at, const DatagramService& service);

    TimePoint now() const;
    std::size_t size() const;

    // Feeds the event at now(), before anything else that is due then.
    void post(PhoneIndex phone, Event event);
    // A browser's request; nothing when the phone does not answer. `reply` is called on the caller's thread, in
    // order, when time has come to it.
    void browse(PhoneIndex phone, HttpRequest request, const Endpoint& from,
                std::function<void(TimePoint, std::optional<HttpResponse>)> reply);

    // A conversation that the server at that place begins with the phone's SIP port. `done` when it has ended, as
    // `reply` above.
    void converse(PhoneIndex phone, const Endpoint& server, std::unique_ptr<DatagramSession> session,
                  std::function<void(TimePoint)> done);

    // Runs to `deadline`. With `stop`, looks at it after every window of at most `window` that had an event or a
    // reply in it, and ends there when it is true; now() is then the end of that window.
    void runUntil(TimePoint deadline, const std::function<bool()>& stop = {},
                  Duration window = std::chrono::milliseconds{5});

    const Phone& phone(PhoneIndex phone) const;  // not while runUntil is running

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace emulator
