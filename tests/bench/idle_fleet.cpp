#include "emulator/runtime/net_fleet.hpp"
#include "fixtures/models/model_data.hpp"
#include "fixtures/servers/servers.hpp"
#include "tests/bench/machine.hpp"
#include "tests/bench/roles.hpp"
#include "tests/bench/samples.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <thread>

namespace bench {

using namespace emulator;
using namespace std::chrono_literals;

namespace {

// One profile for all, and for each phone its own line and password under its MAC.
class OwnProfiles : public fixtures::FileSource {
public:
    OwnProfiles()
        : m_common{shareBytes(
              sampleProfile(*fixtures::loadModel("CP-7832-3PCC").value()->schema, 0, smallProfileBytes))}
    {}
    Result<SharedBytes> read(std::string_view path) const override
    {
        if (path.ends_with("common.xml"))
            return m_common;
        const std::size_t from = path.rfind('/') + 1;
        const std::string mac{path.substr(from, path.rfind('.') - from)};
        return shareBytes("<flat-profile><User_ID_1_>" + mac + "</User_ID_1_><Password_1_>secret-of-" + mac +
                          "</Password_1_></flat-profile>\n");
    }

private:
    SharedBytes m_common;
};

}  // namespace

int profileServer(const Arguments&)
{
    const auto zero = std::chrono::steady_clock::now();
    const std::unique_ptr<fixtures::ServerHost> host = fixtures::ServerHost::make(
        noSink(), [](IpAddress) { return std::nullopt; },
        [zero] {
            return TimePoint{std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - zero)};
        });
    const Result<Endpoint> at = host->add("http", fixtures::makeHttpServer(std::make_shared<OwnProfiles>()),
                                          {IpAddress{0x7f000001}, 0});
    if (at.has_error()) {
        std::fprintf(stderr, "bench: %s\n", at.error().detail.c_str());
        return 2;
    }
    fmt::print("port={}\n", at->port);
    std::fflush(stdout);
    for (;;)
        std::this_thread::sleep_for(1h);
}

int idleFleet(const Arguments& arguments)
{
    const std::size_t phones = std::stoul(arguments.at(0));
    const std::string server = arguments.at(1);
    const Settings set{{"Profile_Rule", "http://" + server + "/common.xml"},
                       {"Profile_Rule_B", "http://" + server + "/$MA.xml"},
                       {"Resync_Error_Retry_Delay", "1"}};
    NetOptions options;
    options.webPort = 0;
    options.threads = 2;
    options.powerOnAtStart = true;
    options.countsResyncs = true;
    TraceQueue queue{{}};
    const auto from = std::chrono::steady_clock::now();
    Result<std::unique_ptr<NetFleet>> opened =
        NetFleet::open(aFleet(phones, "CP-7832-3PCC", set), options, queue);
    if (opened.has_error()) {
        std::fprintf(stderr, "bench: %s\n", opened.error().detail.c_str());
        return 2;
    }
    const NetFleet& running = **opened;
    const auto settled = [&] {
        const FleetCounters now = running.counters();
        return now.resyncs >= phones && now.inState[static_cast<std::size_t>(PhoneState::Idle)] == phones;
    };
    while (!settled() && std::chrono::steady_clock::now() - from < 10min)
        std::this_thread::sleep_for(50ms);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - from;
    const FleetCounters counters = running.counters();
    fmt::print("resident={} seconds={:.3f} resyncs={} failed={} answering={} settled={}\n", residentBytes(),
               took.count(), counters.resyncs, counters.failedResyncs, running.answering(),
               settled() ? 1 : 0);
    std::fflush(stdout);
    std::_Exit(0);
}

}  // namespace bench
