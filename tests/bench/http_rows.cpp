#include "fixtures/models/model_data.hpp"
#include "tests/bench/http_peers.hpp"
#include "tests/bench/machine.hpp"
#include "tests/bench/plan.hpp"
#include "tests/bench/samples.hpp"

#include <fmt/format.h>

#include <fstream>

namespace bench {

using namespace emulator;

namespace {

constexpr int connections = 64;
constexpr std::size_t phones = 25'000;  // more than fetch in a second, so that one is always due
constexpr double serverBoundFrom = 0.95;

// One who fetches, and what all rounds said of it.
struct Client {
    std::string name;
    std::vector<std::string> command;
    Samples rate{};
    Samples clientCore{};
    Samples serverCore{};
    Samples cpuPerFetch{};  // microseconds of the client's own processor time
    double eventsPerFetch = 0;
    double failed = 0;
};

// "Requests/sec:  12345.67" of wrk, and the errors that it tells of.
void takeWrk(Client& client, const std::string& output, double cpu)
{
    const std::size_t rate = output.find("Requests/sec:");
    if (rate != std::string::npos)
        client.rate.add(std::strtod(output.c_str() + rate + 13, nullptr));
    const std::size_t requests = output.find(" requests in ");
    if (requests != std::string::npos) {
        const std::size_t line = output.rfind('\n', requests) + 1;
        client.cpuPerFetch.add(1e6 * cpu / std::strtod(output.c_str() + line, nullptr));
    }
    for (const char* trouble : {"Socket errors", "Non-2xx"})
        if (output.find(trouble) != std::string::npos)
            ++client.failed;
}

void takeNumbers(Client& client, const std::string& output)
{
    std::map<std::string, double> said = numbers(output);
    const double count = said["count"];
    if (count <= 0)
        return;
    client.rate.add(count / said["seconds"]);
    client.cpuPerFetch.add(1e6 * said["cpu"] / count);
    client.eventsPerFetch = said["events"] / count;
    client.failed += said["failed"] + said["dropped"];
}

Result<void> round(Client& client, std::pair<int, int> cores)
{
    const bool wrk = client.command.front() == "wrk";
    Result<Child> child = Child::start(client.command, cores.first);
    if (child.has_error())
        return child.error();
    if (!wrk) {
        const Result<std::optional<std::string>> begun = child->line(std::chrono::seconds{90});
        if (begun.has_error())
            return begun.error();
    }
    const CoreTimes before = CoreTimes::now();
    const Result<std::string> output = child->rest(std::chrono::seconds{120});
    const CoreTimes after = CoreTimes::now();
    if (output.has_error())
        return fail(output.error().kind, client.name + ": " + output.error().detail);
    client.clientCore.add(after.busySince(before, cores.first));
    client.serverCore.add(after.busySince(before, cores.second));
    wrk ? takeWrk(client, *output, child->cpuSeconds()) : takeNumbers(client, *output);
    return {};
}

Row compared(std::string key, std::string name, const Client& ours, const Client& peer, double goal)
{
    Row row;
    row.key = std::move(key);
    row.name = std::move(name);
    row.unit = "/s";
    row.ours = ours.rate;
    row.peerName = peer.name;
    row.peer = peer.rate;
    row.goal = Goal{Goal::Of::Ratio, false, goal};
    row.busy = {{"our core", ours.clientCore.median()},
                {"our server's core", ours.serverCore.median()},
                {peer.name + "'s core", peer.clientCore.median()},
                {peer.name + "'s server's core", peer.serverCore.median()}};
    row.serverBound = std::max(ours.serverCore.median(), peer.serverCore.median()) >= serverBoundFrom;
    if (ours.failed > 0 || peer.failed > 0)
        row.trouble = fmt::format("failed fetches: {} ours, {} of {}", ours.failed, peer.failed, peer.name);
    row.note = fmt::format("{:.1f} us of CPU each", ours.cpuPerFetch.median());
    if (!peer.cpuPerFetch.empty())
        row.note += fmt::format(", {} {:.1f} us", peer.name, peer.cpuPerFetch.median());
    if (ours.eventsPerFetch > 0)
        row.note += fmt::format(", {:.1f} events each", ours.eventsPerFetch);
    return row;
}

}  // namespace

Result<void> measureHttp(const Plan& plan, const RowSink& done)
{
    const bool wantsFetch = plan.wants("http-fetch");
    const bool wantsResync = plan.wants("http-resync");
    const bool wantsQt = plan.wants("http-qt");
    if (!wantsFetch && !wantsResync && !wantsQt)
        return {};
    const std::optional<std::pair<int, int>> cores = twoCores();
    if (!cores)
        return fail(ErrorKind::Unsupported,
                    "the HTTP rows need two cores: one for the client, one for nginx");

    const TemporaryFolder folder;
    const auto model = *fixtures::loadModel("CP-7832-3PCC");
    std::ofstream{folder.path() / "profile.xml"} << sampleProfile(*model->schema, 0, smallProfileBytes);
    const Result<std::unique_ptr<Nginx>> nginx = Nginx::start(folder.path(), cores->second);
    if (nginx.has_error())
        return nginx.error();
    const Endpoint server = (*nginx)->at();
    const DatagramHole hole;
    const Endpoint syslog = hole.at();
    const ResyncSample sample = sampleResync(resyncSettings(server, &syslog), server, syslog);
    const std::string requestFile = (folder.path() / "request").string();
    std::ofstream{requestFile} << sample.request;
    const std::string seconds = fmt::format("{}", plan.seconds);
    const std::string port = std::to_string(server.port);

    Client fetches{"phonerig", ownRole("fetching-fleet", {std::to_string(phones), seconds, server.text()})};
    Client resyncs{"phonerig, full resyncs", ownRole("fetching-fleet", {std::to_string(phones), seconds,
                                                                        server.text(), syslog.text()})};
    Client wrk{"wrk",
               {"wrk", "-t1", "-c" + std::to_string(connections),
                fmt::format("-d{:.0f}s", std::max(1.0, plan.seconds)), "-H", "Connection: close",
                "http://" + server.text() + "/profile.xml"}};
    Client floor{"epoll_floor",
                 {ownFolder() + "/epoll_floor", port, requestFile, std::to_string(phones),
                  std::to_string(connections), seconds, std::to_string(syslog.port)}};
    for (const std::size_t size : sample.datagrams)
        floor.command.push_back(std::to_string(size));
    Client qt{"QTcpSocket",
              {ownFolder() + "/qt_client", port, requestFile, std::to_string(phones),
               std::to_string(connections), seconds}};

    std::vector<Client*> clients;
    if (wantsFetch || wantsQt)
        clients.push_back(&fetches);
    if (wantsFetch || wantsResync)
        clients.push_back(&wrk);
    if (wantsResync) {
        clients.push_back(&resyncs);
        clients.push_back(&floor);
    }
    if (wantsQt)
        clients.push_back(&qt);
    for (int i = 0; i < plan.rounds; ++i) {
        for (Client* const client : clients) {
            progress(fmt::format("HTTP, round {} of {}: {}", i + 1, plan.rounds, client->name));
            const Result<void> measured = round(*client, *cores);
            if (measured.has_error())
                return measured.error();
        }
    }
    if (wantsFetch)
        done(compared("http-fetch", "HTTP fetches", fetches, wrk, 0.9));
    if (wantsResync) {
        done(compared("http-resync", "HTTP full resyncs", resyncs, wrk, 0.75));
        done(compared("http-resync-floor", "HTTP full resyncs beside bare C", resyncs, floor, 0.85));
    }
    if (wantsQt)
        done(compared("http-qt", "HTTP fetches beside Qt Network", fetches, qt, 1));
    return {};
}

}  // namespace bench
