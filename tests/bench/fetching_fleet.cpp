#include "emulator/runtime/net_fleet.hpp"
#include "tests/bench/event_hash.hpp"
#include "tests/bench/machine.hpp"
#include "tests/bench/roles.hpp"
#include "tests/bench/samples.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdio>
#include <thread>

namespace bench {

using namespace emulator;
using namespace std::chrono_literals;

namespace {

// As many fetches at a time as wrk has connections: the runtime lets them wait for a descriptor when there is none
// left, and it takes 3/8 of the limit for fetches when that limit is small.
constexpr rlim_t descriptors = 172;

void limitDescriptors()
{
    rlimit limit{descriptors, descriptors};
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::vector<EventKind> allKinds()
{
    std::vector<EventKind> all;
    for (std::size_t i = 0; i < static_cast<std::size_t>(EventKind::Count); ++i)
        all.push_back(static_cast<EventKind>(i));
    return all;
}

}  // namespace

int fetchingFleet(const Arguments& arguments)
{
    const std::size_t phones = std::stoul(arguments.at(0));
    const auto seconds = std::chrono::duration<double>{std::stod(arguments.at(1))};
    const Endpoint server = *Endpoint::parse(arguments.at(2), 80);
    const bool traced = arguments.size() > 3;
    const Endpoint syslog = traced ? *Endpoint::parse(arguments.at(3), 514) : Endpoint{};
    limitDescriptors();

    // Every phone wants to resync a second after it has: more than the core can do, so there is always a next one.
    Settings set = resyncSettings(server, traced ? &syslog : nullptr);
    set.insert(set.end(), {{"Resync_Periodic", "1"}, {"Resync_Random_Delay", "0"}});
    Fleet fleet = aFleet(phones, "CP-7832-3PCC", set);
    fleet.bootTime = 10ms;
    NetOptions options;
    options.webPort = 0;
    options.threads = 1;
    options.powerOnAtStart = true;
    options.countsResyncs = true;
    TraceQueue queue{traced ? allKinds() : std::vector<EventKind>{}};
    EventHash hash;
    Result<std::unique_ptr<NetFleet>> opened = NetFleet::open(std::move(fleet), options, queue);
    if (opened.has_error()) {
        std::fprintf(stderr, "bench: %s\n", opened.error().detail.c_str());
        return 2;
    }
    const NetFleet& running = **opened;

    // The run's thread: on the same core, so that its work is paid for by the client.
    const auto follow = [&](auto done) {
        while (!done()) {
            std::this_thread::sleep_for(10ms);
            if (traced)
                queue.drain(hash, 0ms);
        }
    };
    // Warm: all are on, and each, for they wait in turn, has fetched since then.
    const auto giveUp = std::chrono::steady_clock::now() + 60s;
    const auto reached = [&](auto condition) {
        follow([&] { return condition() || std::chrono::steady_clock::now() > giveUp; });
    };
    reached([&] { return running.answering() == phones; });
    const std::uint64_t warm = running.counters().resyncs + phones;
    reached([&] { return running.counters().resyncs >= warm; });
    std::puts("begin");
    std::fflush(stdout);
    queue.drain(hash, 0ms);
    const auto from = std::chrono::steady_clock::now();
    const double cpuFrom = cpuSeconds();
    const std::uint64_t countFrom = running.counters().resyncs;
    const std::uint64_t eventsFrom = hash.events();
    follow([&] { return std::chrono::steady_clock::now() - from >= seconds; });
    queue.drain(hash, 0ms);
    const FleetCounters counters = running.counters();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - from;
    fmt::print("count={} seconds={:.6f} cpu={:.6f} failed={} dropped={} events={}\n",
               counters.resyncs - countFrom, took.count(), cpuSeconds() - cpuFrom, counters.failedResyncs,
               queue.dropped() + counters.droppedSyslog, hash.events() - eventsFrom);
    std::fflush(stdout);
    std::_Exit(0);  // the fleet's end is not measured
}

}  // namespace bench
