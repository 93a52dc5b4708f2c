#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/result.hpp"
#include "emulator/runtime/net_fleet.hpp"

#include <functional>
#include <memory>

namespace emulator {

// Everything that one scrape shows.
struct MetricsReading {
    FleetCounters fleet;
    std::uint64_t droppedEvents = 0;  // of the trace
    Duration worstLag{};              // since the last scrape
};

// Serves a fleet's counters to Prometheus at http://ADDRESS:PORT/metrics, text format 0.0.4.
class Metrics {
public:
    // `read` is called on the server's own thread at each scrape. Errors: Unreachable, naming address and port.
    static Result<std::unique_ptr<Metrics>> serve(const Endpoint& at, std::function<MetricsReading()> read);
    ~Metrics();
    std::uint16_t port() const;  // the real one when 0 was asked for

private:
    struct Impl;
    explicit Metrics(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace emulator
