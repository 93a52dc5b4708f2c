#include "emulator/runtime/virtual_run.hpp"
#include "fixtures/models/model_data.hpp"
#include "tests/bench/event_hash.hpp"
#include "tests/bench/machine.hpp"
#include "tests/bench/roles.hpp"
#include "tests/bench/samples.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace bench {

using namespace emulator;

namespace {

class ProfileService : public HttpService {
public:
    explicit ProfileService(std::string profile) : m_body{shareBytes(std::move(profile))} {}
    HttpAnswer respond(TimePoint, const HttpRequest&, const Endpoint&, ClientMemory&) const override
    {
        HttpAnswer answer;
        answer.response.fields.add("Content-Type", "text/xml");
        answer.response.body = m_body;
        return answer;
    }

private:
    SharedBytes m_body;
};

class TakesAll : public DatagramService {
public:
    std::unique_ptr<DatagramSession> arrived(TimePoint, std::string_view, const Endpoint&, ClientMemory&,
                                             SessionOutput&) const override
    {
        return nullptr;
    }
};

}  // namespace

int virtualDay(const Arguments& arguments)
{
    const auto phones = static_cast<std::uint32_t>(std::stoul(arguments.at(0)));
    const auto threads = static_cast<unsigned>(std::stoul(arguments.at(1)));
    const Endpoint server{IpAddress{0xc000020b}, 80};
    const Endpoint syslog{IpAddress{0xc000020c}, 514};
    Fleet fleet = aFleet(phones, "CP-7832-3PCC", resyncSettings(server, &syslog));
    const ProfileService http{sampleProfile(*fleet.groups.front().model->schema, 0, smallProfileBytes)};
    const TakesAll lines;
    std::vector<EventHash> hashes(threads);

    const auto from = std::chrono::steady_clock::now();
    VirtualRun run{std::move(fleet), {}, threads, noSink(), [&](std::size_t shard) -> TraceSink& {
                       return hashes.at(shard);
                   }};
    run.addHttp("http", server, http);
    run.addDatagram("syslog", syslog, lines);
    for (std::uint32_t i = 0; i < phones; ++i)
        run.post(PhoneIndex{i}, PowerApplied{});
    const auto built = std::chrono::steady_clock::now();
    run.runUntil(TimePoint{std::chrono::hours{24}});
    const auto end = std::chrono::steady_clock::now();

    for (std::size_t i = 1; i < hashes.size(); ++i)
        hashes.front().add(hashes[i]);
    // Two observers see each message: the phone and its server.
    const EventHash& all = hashes.front();
    fmt::print("seconds={:.6f} building={:.6f} cpu={:.6f} events={} gets={} lines={} resident={} hash={:x}\n",
               std::chrono::duration<double>(end - from).count(),
               std::chrono::duration<double>(built - from).count(), cpuSeconds(), all.events(),
               all.events(EventKind::HttpRequest) / 2, all.events(EventKind::SyslogMessage) / 2,
               residentBytes(), all.sum());
    std::fflush(stdout);
    std::_Exit(0);
}

}  // namespace bench
