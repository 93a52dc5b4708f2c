#include "ui/cli/up_command.hpp"

#include "emulator/runtime/metrics.hpp"
#include "fixtures/servers/servers.hpp"
#include "hwbridge/capture/capture_file.hpp"
#include "scenarios/control/control_server.hpp"
#include "scenarios/control/control_service.hpp"
#include "ui/cli/event_lines.hpp"
#include "ui/cli/interruption.hpp"
#include "ui/cli/live_view.hpp"
#include "ui/cli/loopback_capture.hpp"
#include "ui/cli/name_server.hpp"
#include "ui/cli/random_seed.hpp"
#include "ui/cli/state_lines.hpp"
#include "ui/cli/terminal.hpp"
#include "ui/cli/whole_file.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <utility>

namespace ui {

namespace {

using namespace std::chrono_literals;
using emulator::Endpoint;
using emulator::EventKind;
using emulator::FleetGroup;
using emulator::NetFleet;
using emulator::Result;
using emulator::TimePoint;
using emulator::TraceQueue;
using fixtures::ServerHost;
using fixtures::ServerKind;

std::vector<EventKind> allKinds()
{
    std::vector<EventKind> kinds;
    for (std::size_t i = 0; i < static_cast<std::size_t>(EventKind::Count); ++i)
        kinds.push_back(static_cast<EventKind>(i));
    return kinds;
}

std::vector<EventKind> wantedKinds(const UpOptions& options, bool live)
{
    if (options.json || !options.control.empty())
        return allKinds();
    if (!live && options.fleet.phones <= StateLines::mostPhones)
        return {StateLines::kinds.begin(), StateLines::kinds.end()};
    return {};
}

// The rig's own servers over one folder.
class Serving {
public:
    // Errors: Malformed for what is no folder; Unreachable.
    Result<void> open(const std::string& folder, FleetGroup& group, TraceQueue& trace)
    {
        std::error_code error;
        if (!std::filesystem::is_directory(folder, error))
            return emulator::fail(
                emulator::ErrorKind::Malformed,
                fmt::format("--serve: found {}, expected a folder with files to serve", folder));
        m_host = ServerHost::make(
            trace.addProducer(), [group](emulator::IpAddress address) { return phoneAt(group, address); },
            [this] {
                const NetFleet* fleet = m_fleet.load();
                return fleet == nullptr ? TimePoint{} : fleet->now();
            });
        const auto files = std::make_shared<fixtures::FolderFiles>(folder);
        std::array cores{fixtures::makeTftpServer(files), fixtures::makeHttpServer(files),
                         fixtures::makeSyslogServer()};
        for (auto& core : cores) {
            const ServerKind kind = core->kind();
            const std::string kindName{name(kind)};
            fixtures::ServerCore* const server = core.get();
            const Result<Endpoint> at = m_host->add(kindName, std::move(core), Endpoint{{0x7f000001}, 0});
            if (!at.has_value())
                return emulator::fail(at.error());
            m_urls.push_back(fmt::format("{}://{}", kindName, at->text()));
            m_cores.push_back(server);
            // Our choice beside the syslog server: what DHCP option 66 would tell phones on a network of their own.
            if (kind == ServerKind::Tftp)
                group.provisioningServer = at->text();
            else if (kind == ServerKind::Syslog)
                setUnlessNamed(group, "Syslog_Server", at->text());
        }
        return {};
    }

    // For windows: nobody listens at that URL any more, or again.
    void setAnswers(const std::string& url, bool answers)
    {
        const auto at = std::find(m_urls.begin(), m_urls.end(), url);
        if (at == m_urls.end())
            return;
        fixtures::Fault fault;
        fault.kind = answers ? fixtures::FaultKind::None : fixtures::FaultKind::Down;
        m_host->change([&] { m_cores[static_cast<std::size_t>(at - m_urls.begin())]->script(fault); });
    }

    void setClock(const NetFleet* fleet) { m_fleet = fleet; }
    void close() { m_host.reset(); }  // before the fleet goes, whose clock it reads
    const std::vector<std::string>& urls() const { return m_urls; }

private:
    std::atomic<const NetFleet*> m_fleet{nullptr};
    std::vector<std::string> m_urls;
    std::vector<fixtures::ServerCore*> m_cores;  // of these URLs; the host owns them
    std::unique_ptr<ServerHost> m_host;
};

// Everything that `up` shows while phones live.
class Show {
public:
    Show(const UpOptions& options, const FleetGroup& group, bool live)
        : m_group{group},
          m_lines{group, STDOUT_FILENO},
          m_json{options.json},
          m_keeps{!options.control.empty()}
    {
        if (live)
            m_view.emplace(STDOUT_FILENO);
    }

    void begin(const NetFleet& fleet, emulator::Seed seed, emulator::WallTime wall)
    {
        m_fleet = &fleet;
        m_lines.watch(fleet);
        if (m_json)
            m_events.begin("net", seed, wall);
        m_events.flush();
    }

    // One turn: takes what has come. False when nobody looks any more.
    bool turn(TraceQueue& trace)
    {
        trace.drain(m_sink, 40ms);
        m_events.flush();
        notices();
        if (!m_json && !m_view)
            m_lines.summary();
        if (m_view && m_view->due(LiveView::Clock::now()))
            m_view->show(frameOf(*m_fleet, "phonerig up", {}, m_view->look()));
        return m_events.isOpen() && m_lines.isOpen();
    }

    // Says what the fleet has noticed since: some things show only once phones talk to servers.
    void notices()
    {
        for (const std::string& notice : m_fleet->notices())
            if (m_said.insert(notice).second)
                message("phonerig: " + notice);
    }

    // A line for stderr, kept out of the live block.
    void message(const std::string& line)
    {
        if (m_view && isatty(STDERR_FILENO) == 1)
            m_view->print(line);
        else
            writeAll(STDERR_FILENO, line + '\n');
    }

    const scenarios::control::EventHistory& history() const { return m_history; }

    void end(TraceQueue& trace)
    {
        while (trace.drain(m_sink, 0ms) > 0) {}
        if (m_json)
            m_events.end(m_fleet->now());
        if (m_view)
            m_view->end();
    }

private:
    // What is drained goes to stdout in one form or the other, and to the history of windows.
    class Sink : public emulator::TraceSink {
    public:
        explicit Sink(Show& show) : m_show{show} {}
        bool wants(emulator::EventKind) const override { return true; }
        void seen(const emulator::TraceEvent& event) override
        {
            if (m_show.m_json)
                m_show.m_events.seen(event);
            else if (!m_show.m_view && m_show.m_group.count <= StateLines::mostPhones)
                m_show.m_lines.seen(event);
            if (m_show.m_keeps)
                m_show.m_history.seen(event);
        }

    private:
        Show& m_show;
    };

    const FleetGroup& m_group;
    const NetFleet* m_fleet = nullptr;
    scenarios::control::EventHistory m_history;
    Sink m_sink{*this};
    EventLines m_events{STDOUT_FILENO};
    StateLines m_lines;
    std::optional<LiveView> m_view;
    std::set<std::string> m_said;  // notices
    bool m_json;
    bool m_keeps;
};

// What the phones and those who talk to them say on the loopback, written as it comes.
class Recording {
public:
    Result<void> open(const std::string& path, const FleetGroup& group)
    {
        hwbridge::CaptureHeader header;
        header.application = "phonerig " PHONERIG_VERSION;
        header.interface.name = "lo";
        for (std::size_t i = 0; i < group.count; ++i)
            header.names.emplace_back(
                emulator::IpAddress{group.firstAddress.value + static_cast<std::uint32_t>(i)},
                hwbridge::phoneName(group.firstMac.plus(i)));
        Result<hwbridge::CaptureFile> file = hwbridge::CaptureFile::create(path, std::move(header));
        if (!file.has_value())
            return file.error();
        m_file.emplace(*std::move(file));
        auto started = captureLoopback(prefixesOf(group.firstAddress, group.count), *m_file,
                                       [this](const hwbridge::CaptureCounts&) { (void)m_file->flush(); });
        if (!started.has_value())
            return started.error();
        m_live = *std::move(started);
        return {};
    }

    // Returns what there is to say. Errors: as CaptureFile::finish.
    Result<std::vector<std::string>> end()
    {
        if (!m_live)
            return std::vector<std::string>{};
        const CaptureEnd ended = endCapture(*m_live);
        if (const Result<void> finished = m_file->finish(ended.dropped); !finished.has_value())
            return finished.error();
        std::vector<std::string> lines{
            fmt::format("phonerig: {} packets are in {}", m_file->packets(), m_file->path())};
        if (!ended.notice.empty())
            lines.push_back("phonerig: " + ended.notice);
        return lines;
    }

private:
    std::optional<hwbridge::CaptureFile> m_file;
    std::unique_ptr<hwbridge::LiveCapture> m_live;  // the last member: ends before the file
};

ExitCode usage(const emulator::Error& error)
{
    say(fmt::format("up: {}", error.detail));
    return ExitCode::Usage;
}

}  // namespace

ExitCode up(const UpOptions& options)
{
    Result<FleetGroup> planned = planFleet(options.fleet);
    if (!planned.has_value())
        return usage(planned.error());
    FleetGroup& group = *planned;

    if (options.webPort == options.sipPort && options.webPort != 0)
        return usage(emulator::fail(
            emulator::ErrorKind::Malformed,
            fmt::format("--sip-port: found {}, the port of the phones' pages; expected another",
                        options.sipPort)));

    emulator::NetOptions net;
    net.webPort = options.webPort;
    net.sipPort = options.sipPort;
    net.threads = options.threads;
    net.stateFolder = options.state;
    net.powerOnAtStart = true;
    net.device = options.fleet.device;
    if (const Result<void> named = checkFileName(options.pcap); named.has_error())
        return usage(emulator::fail(named.error().kind, "--pcap: " + named.error().detail));
    if (!options.pcap.empty() && net.device != "lo")
        return usage(emulator::fail(
            emulator::ErrorKind::Unsupported,
            fmt::format("--pcap: captures the loopback, but the phones are on {}; expected phonerig capture "
                        "-i {}",
                        net.device, net.device)));
    if (options.source != "auto")
        net.sourcePrefix = options.source;
    if (!options.dns.empty()) {
        const Result<Endpoint> dns = nameServer(options.dns);
        if (!dns.has_value())
            return usage(dns.error());
        net.dns = *dns;
    }

    std::optional<Endpoint> metricsAt;
    if (!options.metrics.empty()) {
        const Result<Endpoint> at = Endpoint::parse(options.metrics, 0);
        if (!at.has_value() || options.metrics.find(':') == std::string::npos)
            return usage(emulator::fail(
                emulator::ErrorKind::Malformed,
                fmt::format("--metrics: found {}, expected ADDRESS:PORT such as 127.0.0.1:9478",
                            options.metrics)));
        metricsAt = *at;
        net.countsResyncs = true;
    }

    const bool live = !options.json && lookOf(STDOUT_FILENO).isTerminal;
    TraceQueue trace{wantedKinds(options, live)};
    Serving serving;
    if (!options.serve.empty())
        if (const Result<void> opened = serving.open(options.serve, group, trace); !opened.has_value())
            return usage(opened.error());

    emulator::Fleet fleet;
    fleet.groups.push_back(group);
    fleet.seed = options.seed ? emulator::Seed{*options.seed} : randomSeed();
    fleet.start = std::chrono::floor<emulator::Duration>(std::chrono::system_clock::now());
    if (options.alter)
        options.alter(fleet);
    const emulator::Seed seed = fleet.seed;
    const emulator::WallTime start = fleet.start;

    watchForInterruption();
    Recording recording;
    if (!options.pcap.empty())
        if (const Result<void> began = recording.open(options.pcap, group); !began.has_value())
            return usage(emulator::fail(began.error().kind, "--pcap: " + began.error().detail));
    Result<std::unique_ptr<NetFleet>> opened = NetFleet::open(std::move(fleet), std::move(net), trace);
    if (!opened.has_value())
        return usage(opened.error());
    const std::unique_ptr<NetFleet> phones = std::move(*opened);
    serving.setClock(phones.get());

    std::unique_ptr<emulator::Metrics> metrics;
    if (metricsAt) {
        auto served = emulator::Metrics::serve(*metricsAt, [&phones = *phones, &trace] {
            return emulator::MetricsReading{phones.counters(), trace.dropped(), phones.worstLag()};
        });
        if (!served.has_value())
            return usage(served.error());
        metrics = std::move(*served);
    }

    Show show{options, group, live};
    show.begin(*phones, seed, start);
    show.notices();
    if (!group.provisioningServer.empty())
        show.message(
            fmt::format("phonerig: the phones' provisioning server, as DHCP option 66 would name it, is {}",
                        group.provisioningServer));
    if (options.webPort == 0)
        show.message(fmt::format("phonerig: the phones' pages are on port {}", phones->webPort()));
    if (options.sipPort == 0)
        show.message(fmt::format("phonerig: the phones' SIP is on UDP port {}", phones->sipPort()));

    if (metrics)
        show.message(fmt::format("phonerig: metrics are at http://{}:{}/metrics", metricsAt->address.text(),
                                 metrics->port()));

    std::unique_ptr<scenarios::control::ControlServer> control;
    if (!options.control.empty()) {
        const std::vector groups{group};
        auto served = scenarios::control::ControlServer::serve(
            options.control,
            std::make_unique<scenarios::control::ControlService>(scenarios::control::ControlSubject{
                phones.get(), groups, &show.history(),
                scenarios::control::helloOf(*phones, groups, "phonerig " PHONERIG_VERSION,
                                            emulator::printWallTime(start), serving.urls()),
                [&serving](const std::string& url, bool answers) { serving.setAnswers(url, answers); }}));
        if (!served.has_value())
            return usage(emulator::fail(served.error().kind, "--control: " + served.error().detail));
        control = std::move(*served);
        show.message(fmt::format("phonerig: {}{}", scenarios::control::invitation, options.control));
    }

    bool ready = false;
    auto until = std::chrono::steady_clock::time_point::max();
    while (!interrupted() && std::chrono::steady_clock::now() < until) {
        if (!ready && phones->answering() == phones->size()) {
            ready = true;
            for (const std::string& url : serving.urls())
                show.message(url);
            show.message(fmt::format("ready: {} phones", phones->size()));
            if (options.forSeconds)
                until = std::chrono::steady_clock::now() +
                        std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                            std::chrono::duration<double>(*options.forSeconds));
        }
        if (!show.turn(trace))
            break;
    }
    control.reset();
    show.end(trace);
    const Result<std::vector<std::string>> recorded = recording.end();
    serving.close();
    if (!recorded.has_value())
        return usage(recorded.error());
    for (const std::string& line : *recorded)
        show.message(line);
    if (trace.dropped() > 0) {
        say(fmt::format("{} events came faster than they could be written and are missing", trace.dropped()));
        return ExitCode::Invalid;
    }
    return ExitCode::Passed;
}

}  // namespace ui
