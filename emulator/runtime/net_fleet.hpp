#pragma once

#include "emulator/runtime/fleet.hpp"
#include "emulator/runtime/phone_snapshot.hpp"
#include "emulator/runtime/trace_queue.hpp"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace emulator {

struct NetOptions {
    std::string device =
        "lo";  // whose addresses the phones have; on others than `lo` they are reached from outside
    std::uint16_t webPort = 8078;
    std::uint16_t sipPort = 0;                // of the phones' SIP, UDP; 0: a free one
    std::optional<Endpoint> dns;              // empty: the system's name servers
    std::optional<std::string> sourcePrefix;  // "--source PREFIX"; empty: auto (design decision D3)
    unsigned threads = 0;                     // shards; 0: one per core
    std::string stateFolder;                  // empty: nothing is kept
    bool powerOnAtStart = false;              // `up` does; scenarios have a step for it
    bool countsResyncs = false;               // for metrics: fills FleetCounters::resyncs and failedResyncs
};

// What a fleet has done so far, for metrics and verdicts.
struct FleetCounters {
    std::array<std::uint64_t, phoneStates> inState{};  // phones by PhoneState
    std::uint64_t fetches = 0;                         // HTTP calls and TFTP transfers begun
    std::uint64_t resyncs = 0;                         // succeeded
    std::uint64_t failedResyncs = 0;
    std::uint64_t droppedSyslog = 0;     // lines that the rig itself could not send: the run is INVALID (D8)
    std::uint64_t waitedForSockets = 0;  // fetches that had to wait for a file descriptor
};

// A fleet on real sockets: shards of phones, one thread each (design decisions D2, D3, D4). All functions may be
// called from the run's thread; events reach phones in the order they were posted.
class NetFleet {
public:
    // Binds the phones' ports and opens the state folder. Errors, one clear sentence each: Unreachable (port taken,
    // by whom if it can be found out, and what was tried), Unsupported, Malformed (state of another fleet), …
    static Result<std::unique_ptr<NetFleet>> open(Fleet fleet, NetOptions options, TraceQueue& trace);
    virtual ~NetFleet() = default;

    virtual TimePoint now() const = 0;  // time since open
    virtual std::size_t size() const = 0;
    virtual void post(PhoneIndex phone, Event event) = 0;
    virtual std::size_t answering() const = 0;  // phones whose pages answer now
    virtual std::uint16_t webPort() const = 0;  // the real one when 0 was asked for
    virtual std::uint16_t sipPort() const = 0;
    virtual std::vector<PhoneSnapshot> snapshot(PhoneIndex first, std::size_t count) const = 0;
    virtual std::vector<PhoneSnapshot> snapshot(std::span<const PhoneIndex> phones) const = 0;
    // The phones that something has happened to since the last call, each once; the first call begins the watch and
    // names nobody. For one watcher.
    virtual std::vector<PhoneIndex> touched() = 0;
    // Shows one phone to `see`, on its shard's thread; returns when it has been seen.
    virtual void look(PhoneIndex phone, const std::function<void(const Phone&)>& see) const = 0;
    virtual std::optional<MacAddress> macAt(IpAddress address) const = 0;  // the phone that owns an address
    virtual FleetCounters counters() const = 0;
    virtual std::vector<std::string> notices()
        const = 0;  // things to be said once: fall-backs, unbound sources
    // The longest that a shard was late with a timer since the last call (design decision D8).
    virtual Duration worstLag() = 0;
};

}  // namespace emulator
